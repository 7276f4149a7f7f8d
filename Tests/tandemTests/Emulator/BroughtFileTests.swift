import LosslessJSON
import Testing

@testable import tandem

/// Files that are to be the content of a local Google.
@Suite struct BroughtFileTests {
    private func failure(
        _ text: String, _ kind: BroughtFile.Kind, code: String, path: String = "bad.json"
    ) async throws -> CommandFailure? {
        let file = BroughtFile(path, Array(text.utf8))
        return await #expect(throws: CommandFailure.self) {
            try await file.explaining(asA: kind) { _ -> Void in
                throw CommandFailure(.configuration, code: code, "Refused.", remedy: "Think.")
            }
        }
    }

    @Test func `what is no JSON is told with file and line`() async throws {
        let text = "{\n  \"accounts\": [\n  ,\n]}"
        let told = try await failure(text, .seed, code: "emulator.invalidCommand")
        #expect(told?.message.hasPrefix("bad.json, line 3: ") == true)
        #expect(told?.message.contains("..") == false)
        #expect(told?.exit == .usage)
        let piped = try await failure("{", .snapshot, code: "emulator.invalidCommand", path: "-")
        #expect(piped?.message.hasPrefix("standard input, line 1: ") == true)
    }

    @Test(arguments: [
        ("{\"accounts\":[]}", BroughtFile.Kind.snapshot, "tandem emulator seed bad.json"),
        ("{\"format\":\"local-google-2\"}", .seed, "tandem emulator restore bad.json"),
        ("{\"accounts\":[]}", .seed, "Think."), ("{\"format\":\"x\"}", .snapshot, "Think."),
    ])
    func `a seed and a snapshot are told apart`(
        text: String, kind: BroughtFile.Kind, remedy: String
    ) async throws {
        let code = kind == .seed ? "emulator.invalidSeed" : "emulator.invalidSnapshot"
        let told = try await failure(text, kind, code: code)
        #expect(told?.message == "Refused.")
        #expect(told?.remedy?.hasSuffix(remedy) == true)
    }

    @Test func `what has nothing to do with the file is left as it is`() async throws {
        let told = try await failure("{", .seed, code: "noLocalGoogle")
        #expect(told?.remedy == "Think.")
    }

    @Test func `a message that ends its sentence is put into another one`() {
        let failure = CommandFailure(
            describing: JSONError(code: .syntax, offset: 12, message: "A value must stand here."))
        #expect(failure.message == "That is not JSON: a value must stand here (byte 12).")
    }
}
