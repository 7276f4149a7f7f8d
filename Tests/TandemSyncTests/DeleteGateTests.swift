import Testing

@testable import TandemSync

@Suite struct DeleteGateTests {
    @Test(arguments: [
        (0, 0, false), (0, 100, false), (1, 1, false), (2, 2, false), (3, 3, true), (2, 3, false),
        (9, 20, false), (9, 9, true), (9, 10, false), (10, 50, false), (10, 49, true),
        (11, 50, true), (20, 100, false), (21, 100, true), (99, 1000, false), (100, 1000, true),
        (100, 100_000, true), (10, 51, false), (12, 60, false), (13, 60, true), (5, 5, true),
        (4, 5, false), (60, 100, true), (99, 495, false),
    ])
    func `a mass delete waits for a person`(deletes: Int, live: Int, holds: Bool) {
        #expect(DeleteGate().holds(deletes: deletes, of: live) == holds)
    }

    @Test func `counting farther than enough changes nothing`() {
        let gate = DeleteGate()
        for deletes in 0...150 {
            let enough = gate.enough(for: deletes)
            let decided = gate.holds(deletes: deletes, of: enough)
            #expect(decided == (deletes >= gate.most))
            for live in [enough + 1, enough + 2, 2 * enough, 1_000_000] {
                #expect(gate.holds(deletes: deletes, of: live) == decided, "\(deletes), \(live)")
            }
        }
    }
}
