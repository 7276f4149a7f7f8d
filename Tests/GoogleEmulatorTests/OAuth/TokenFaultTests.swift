import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Codes and tokens when something goes wrong on the way, or at the same time.
@Suite struct TokenFaultTests {
    private let desk = OAuthDesk()

    @Test(arguments: [EmulatorResponse.Cut.before, .after])
    func `a code is used up where only the answer was lost`(cut: EmulatorResponse.Cut) throws {
        let code = desk.code()
        try desk.local.google.addFault(.init(api: "oauth", method: "token", cut: cut))
        #expect(desk.exchange(code).raw.cut == cut)
        let again = desk.exchange(code)
        #expect(again.status == (cut == .before ? 200 : 400))
        #expect(again.error == (cut == .before ? nil : "invalid_grant"))
    }

    @Test func `of many exchanges of one code at the same time one succeeds`() async {
        let code = desk.code()
        let desk = self.desk
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<16 { group.addTask { desk.exchange(code).status } }
            var statuses: [Int] = []
            for await status in group { statuses.append(status) }
            return statuses
        }
        #expect(statuses.sorted() == [200] + Array(repeating: 400, count: 15))
    }
}
