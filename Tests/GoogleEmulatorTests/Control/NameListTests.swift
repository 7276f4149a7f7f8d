import LosslessJSON
import Testing

@testable import GoogleEmulator

/// What a refusal says is known.
@Suite struct NameListTests {
    let local = Local()

    @Test(arguments: [
        (0, ""), (2, "1, 2"), (9, "1, 2, 3, 4, 5, 6, 7, 8, 9"),
        (10, "1, 2, 3, 4, 5, 6, 7, 8 and 2 more"), (40, "1, 2, 3, 4, 5, 6, 7, 8 and 32 more"),
    ])
    func `only the first few names are written out`(count: Int, text: String) {
        #expect(NameList.text((0..<count).map { "\($0 + 1)" }) == text)
    }

    @Test func `a refusal fits on a few lines, and begins with what half fits`() {
        for body in [
            ["status": 418], ["status": 429, "reason": "nonsense"],
            ["status": 500, "method": "nonsense"],
            ["nonsense": 1],
        ] as [JSON] {
            let refused = local.control("POST", "faults", body)
            let text = refused["error"]?["message"]?.string ?? refused.text
            #expect(refused.status == 400)
            #expect(text.contains(" more"))
            #expect(text.count < 700, "\(text)")
        }
        let half = local.control(
            "POST", "faults", ["api": "calendar", "status": 404, "reason": "nonsense"])
        let message = half["error"]?["message"]?.string ?? ""
        #expect(message.hasPrefix("No error is known with the reason nonsense and status 404."))
        let known = message.firstRange(of: "calendar: ").map { message[$0.upperBound...] } ?? ""
        let first = known.split(separator: ",").prefix(4).joined()
        #expect(first.contains("notFound"), "\(half.text)")
    }

    @Test(
        arguments: [
            (["status": 503, "reason": "rateLimitExceeded"], "403 or 429, not with 503"),
            (["status": 429, "reason": "notFound", "api": "calendar"], "404, not with 429"),
        ] as [(JSON, String)])
    func `of a known reason the statuses are told`(fault: JSON, part: String) {
        let refused = local.control("POST", "faults", fault)
        let reason = fault["reason"]?.string ?? ""
        #expect(refused.message == "\(reason) comes with \(part).")
    }
}
