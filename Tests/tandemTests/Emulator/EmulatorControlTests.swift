import GoogleEmulator
import LosslessJSON
import Testing
import WebClient

@testable import tandem

/// What is said of whatever answers where a local Google should be.
@Suite struct EmulatorControlTests {
    /// The way to something that answers each path as the closure says.
    private static func control(
        at address: String = "http://127.0.0.1:8085",
        _ answer: @escaping @Sendable (WebRequest) throws(WebError) -> WebResponse
    ) -> EmulatorControl {
        let transport = ClosureTransport { request throws(WebError) in try answer(request) }
        return EmulatorControl(gate: WebGate(transport: transport), address: address)
    }

    private static func response(
        _ status: Int, _ body: JSON, version: String? = String(LocalGoogle.controlProtocol)
    ) -> WebResponse {
        var headers = WebHeaders([])
        if let version { headers.append("Local-Google-Protocol", version) }
        return WebResponse(status: status, headers: headers, body: body.serialized())
    }

    private static func failure(of control: EmulatorControl) async throws -> CommandFailure {
        do {
            try await control.ask("GET", "clock")
        } catch let failure as CommandFailure {
            return failure
        }
        throw CommandFailure(.other, "nothing was wrong")
    }

    @Test func `an answer is read, and nothing is nothing`() async throws {
        let clock = Self.control { request in
            Self.response(200, ["path": .string(request.url.path)])
        }
        #expect(try await clock.ask("GET", "clock") == ["path": "/_emulator/clock"])
        let silent = Self.control { _ in
            WebResponse(
                status: 204, headers: ["Local-Google-Protocol": "\(LocalGoogle.controlProtocol)"],
                body: [])
        }
        #expect(try await silent.ask("DELETE", "faults") == .null)
    }

    @Test func `a later local Google is taken`() async throws {
        let later = Self.control { _ in Self.response(200, [:], version: "9") }
        #expect(try await later.ask("GET", "clock") == [:])
    }

    @Test(arguments: [nil, "1", "x"])
    func `an earlier local Google is told from a stranger`(version: String?) async throws {
        let earlier = Self.control { request in
            request.url.path.hasSuffix("/counters")
                ? Self.response(200, ["requests": [:], "mails": 0], version: version)
                : Self.response(404, ["error": ["code": "notFound"]], version: version)
        }
        let failure = try await Self.failure(of: earlier)
        #expect(failure.code == "olderLocalGoogle")
        #expect(failure.exit == .configuration)
        #expect(failure.remedy?.contains("tandem emulator start") == true)
    }

    @Test(arguments: [["requests": 5], [], "<html>"] as [JSON])
    func `what is no local Google is called that`(body: JSON) async throws {
        let stranger = Self.control { _ in Self.response(200, body, version: nil) }
        let failure = try await Self.failure(of: stranger)
        #expect(failure.code == "notALocalGoogle")
        #expect(failure.exit == .configuration)
    }

    @Test func `where nothing answers, it is said how to start one`() async throws {
        let nobody = Self.control { _ throws(WebError) in
            throw WebError(code: .connect, message: "refused")
        }
        let failure = try await Self.failure(of: nobody)
        #expect(failure.code == "noLocalGoogle")
        #expect(failure.exit == .temporary)
        #expect(failure.remedy?.contains("tandem emulator start") == true)
        #expect(await !nobody.answers())
    }

    @Test func `only this machine is asked`() async throws {
        let far = Self.control(at: "http://192.0.2.1:80") { _ in
            Issue.record("it was asked")
            return Self.response(200, [:])
        }
        #expect(try await Self.failure(of: far).code == "badGoogleURL")
    }

    @Test(arguments: [
        ("invalidCommand", 400, ExitReason.usage), ("notFound", 404, .notFound),
        ("invalidSeed", 400, .configuration), ("invalidSnapshot", 400, .configuration),
        ("tooLarge", 413, .configuration), ("limitReached", 429, .other),
        ("forbidden", 403, .denied), ("new", 500, .other),
    ])
    func `what a local Google refuses has its exit code`(
        code: String, status: Int, exit: ExitReason
    ) async throws {
        let refusing = Self.control { _ in
            Self.response(status, ["error": ["code": .string(code), "message": "Because."]])
        }
        let failure = try await Self.failure(of: refusing)
        #expect(failure.exit == exit)
        #expect(failure.code == "emulator.\(code)")
        #expect(failure.message == "Because.")
    }
}
