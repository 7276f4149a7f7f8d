import Foundation
import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Requests that no honest client sends: a trap would end the process and with it this test.
///
/// 100,000 in all. `TANDEM_FUZZ_SEED` adds a round of another seed.
@Suite struct FuzzTests {
    private static let perSeed = 12_500
    /// So many requests meet the same local Google, before it is put back.
    private static let perWorld = 500

    private static let seeds: [UInt64] =
        Array(1...8)
        + [ProcessInfo.processInfo.environment["TANDEM_FUZZ_SEED"].flatMap { UInt64($0) }]
        .compactMap { $0 }

    @Test(arguments: seeds)
    func `whatever is sent, the answer is Google's, in success and in failure`(seed: UInt64) {
        print("fuzzing the local Google, seed \(seed)")
        var fuzzer = RequestFuzzer(seed: seed)
        let local = Local(seed: seed) { $0.autoConsent = seed % 2 == 0 }
        var complaints: [String] = []
        var successes = 0
        for number in 0..<Self.perSeed {
            if number % Self.perWorld == 0 { local.google.reset() }
            let request = fuzzer.next()
            let answer = Answer(raw: local.google.handle(request))
            // As the server does; some requests do ask for it.
            _ = Compression.applied(to: answer.raw, for: request)
            fuzzer.learn(answer)
            if answer.status < 300 { successes += 1 }
            guard complaints.count < 5, let complaint = Self.complaint(answer, request) else {
                continue
            }
            complaints.append(
                "seed \(seed), request \(number): \(request.method) \(request.path)?"
                    + "\(request.query): \(complaint): \(answer.text.prefix(300))")
        }
        #expect(complaints == [])
        // A fuzzer whose requests are all refused would test nothing but refusals.
        #expect(successes > Self.perSeed / 10)
        #expect(successes < Self.perSeed * 9 / 10)
    }

    /// What is wrong with the form of an answer.
    private static func complaint(_ answer: Answer, _ request: EmulatorRequest) -> String? {
        let type = answer.raw.header("Content-Type") ?? ""
        switch answer.status {
        case 204, 304: return answer.raw.body.isEmpty ? nil : "a body where none belongs"
        case 302: return answer.raw.header("Location") == nil ? "a redirect to nowhere" : nil
        case 200..<300: return success(answer, type)
        case 400..<600: break
        default: return "the status \(answer.status)"
        }
        if type.hasPrefix("text/html") { return nil }
        let error = answer.json["error"]
        if ControlAPI.owns(request.path) {
            return error?["code"]?.string == nil || error?["message"]?.string == nil
                ? "no error of the control API" : nil
        }
        if let envelope = error?.object {
            let isWhole =
                envelope["code"]?.int == Int64(answer.status) && answer.reason?.isEmpty == false
                && answer.domain != nil && answer.message != nil
            return isWhole ? nil : "an envelope that lacks something"
        }
        let isFlat =
            error?.string != nil || answer["error_description"] != nil
            || answer["error_code"] != nil
        return isFlat ? nil : "no error of Google's"
    }

    private static func success(_ answer: Answer, _ type: String) -> String? {
        if type.hasPrefix("application/json") {
            return answer.json == .null && answer.text != "null\n" ? "what is no JSON" : nil
        }
        let isKnown = type.hasPrefix("text/html") || type.hasPrefix("multipart/mixed")
        return isKnown ? nil : "the media type '\(type)'"
    }

    @Test func `a seed makes the same requests each time, and another one others`() {
        func requests(_ seed: UInt64) -> [String] {
            var fuzzer = RequestFuzzer(seed: seed)
            return (0..<50).map { _ in
                let request = fuzzer.next()
                return "\(request.method) \(request.path)?\(request.query) \(request.body)"
            }
        }
        #expect(requests(1) == requests(1))
        #expect(requests(1) != requests(2))
    }

    @Test func `a batch cannot ask for more than there is room for`() {
        let local = Local()
        let long: JSON = .string(String(repeating: "x", count: 3 << 20))
        let id = local.event("Long", ["description": long])
        let part =
            "--b\r\nContent-Type: application/http\r\n\r\n"
            + "GET /calendar/v3/calendars/primary/events/\(id)?prettyPrint=false HTTP/1.1\r\n\r\n"
        let answer = local.send(
            "POST", "/batch/calendar/v3",
            headers: [
                ("Content-Type", "multipart/mixed; boundary=b"),
                ("Authorization", "Bearer token-ada"),
            ], body: String(repeating: part, count: 30) + "--b--")
        #expect(answer.raw.body.count < Batch.maxAnswerBytes + (4 << 20))
        #expect(answer.raw.body.suffix(2000).contains(UInt8(ascii: "{")))
        #expect(answer.text.hasSuffix("--\r\n"))
        #expect(local.google.requests.count == 1 + 22 + 1)
    }
}
