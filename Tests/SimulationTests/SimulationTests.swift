import Foundation
import TandemTesting
import Testing

@Suite struct SimulationTests {
    @Test(arguments: 1...20) func `a world keeps all promises`(seed: Int) throws {
        let outcome = try Simulation(steps: 200).live(UInt64(seed))
        #expect(outcome.failure == nil)
        #expect(outcome.actions.count == 200)
    }

    @Test func `a world on disk keeps all promises, too, and leaves nothing behind`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("simulation-\(ProcessInfo.processInfo.processIdentifier)").path
        let simulation = Simulation(steps: 100, folder: folder)
        for seed: UInt64 in 100..<104 { #expect(try simulation.live(seed).failure == nil) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func `the same world is the same twice, and so is its list of actions`() throws {
        let simulation = Simulation(steps: 300)
        let first = try simulation.live(7)
        #expect(try simulation.live(7) == first)
        let saved = try JSONEncoder().encode(first)
        let actions = try JSONDecoder().decode(Simulation.Outcome.self, from: saved).actions
        #expect(try simulation.repeated(actions, seed: 7).digest == first.digest)
        #expect(try simulation.live(8).digest != first.digest)
    }

    @Test func `each row that has to be met stands once, and is counted`() {
        let rows = ReachCounters.wanted
        #expect(Set(rows.map { "\($0.table): \($0.name)" }).count == rows.count)
        #expect(rows.allSatisfy { !$0.counters.isEmpty })
        let none = ReachCounters()
        #expect(none.missing(atLeast: 1) == rows.filter { !$0.isOnDisk })
        #expect(none.missing(atLeast: 1, onDisk: true).count == 1)
    }

    @Test func `a program may end at any moment`() throws {
        let crashes = try Simulation(steps: 40).crashEverywhere(3)
        #expect(crashes.failures.map(\.failure) == [])
        #expect(crashes.points > 20)
    }
}
