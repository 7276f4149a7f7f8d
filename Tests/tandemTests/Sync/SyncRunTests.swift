import ArgumentParser
import GoogleAPI
import Synchronization
import TandemCore
import TandemStore
import Testing
import WebClient

@testable import tandem

@Suite struct SyncRunTests {
    /// A clock that stands still until it is set.
    private final class StillClock: WallClock {
        private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

        func set(daysLater days: Int64) {
            time.withLock { $0 = $0.advanced(by: .seconds(86_400 * days)) }
        }

        func now() -> Timestamp { time.withLock { $0 } }
        func wait(for duration: Duration) async throws {}
    }

    @Test func `a day's first sync forgets what is old enough`() async throws {
        let clock = StillClock()
        let environment = TandemEnvironment(clock: clock, random: SeededRandom(seed: 1))
        let store = try Store.inMemory(rulebook: Rulebook([]), environment: environment)
        let run = try syncRun(store, environment)
        func record(_ command: String) throws {
            try store.writeBlocking {
                let run = try $0.runs.start(command)
                try $0.runs.finish(run.id, exit: 0, summary: nil)
            }
        }
        try record("events add")
        clock.set(daysLater: 89)
        try record("sync")
        clock.set(daysLater: 2)
        let summary = try await run.run(SyncRun.Request())
        let left = try store.readBlocking { try $0.runs.list() }
        #expect(left.map(\.command) == ["sync", "sync"])
        #expect(left.first?.id == summary.run)
    }

    private func syncRun(_ store: Store, _ environment: TandemEnvironment) throws -> SyncRun {
        let process = App.Process(
            variables: ["TANDEM_HOME": "/nowhere", "TANDEM_PROGRESS": "none"],
            console: .standard(), environment: environment, interruption: Interruption())
        let app = try App(
            GlobalOptions.parse([]), settings: .none, process: process)
        let transport = ClosureTransport { _ throws(WebError) in WebResponse(status: 500) }
        let google = Google(
            gate: WebGate(transport: transport),
            endpoints: try GoogleEndpoints(loopback: "http://127.0.0.1:9"),
            environment: environment)
        return SyncRun(app: app, store: store, google: google)
    }
}
