import Dispatch
import Synchronization
import Testing

@testable import WebClient

struct HostResolverTests {
    private static let public4 = IPAddress(bytes: [8, 8, 8, 8])

    @Test func `a look-up that does not end is given up, and its late answer harms nobody`()
        async throws
    {
        let gate = DispatchSemaphore(value: 0)
        let error = await #expect(throws: WebError.self) {
            try await SystemResolver.addresses(of: "a.example", within: .milliseconds(1)) { _ in
                gate.wait()
                return [Self.public4].compactMap(\.self)
            }
        }
        #expect(error?.code == .timeout)
        #expect(error?.wasSent == false)
        gate.signal()
    }

    @Test func `a cancelled look-up is given up`() async throws {
        let gate = DispatchSemaphore(value: 0)
        let hasBegun = Mutex(false)
        let task = Task {
            try await SystemResolver.addresses(of: "a.example", within: .seconds(60)) { _ in
                hasBegun.withLock { $0 = true }
                gate.wait()
                return []
            }
        }
        while !hasBegun.withLock({ $0 }) { await Task.yield() }
        task.cancel()
        let error = await #expect(throws: WebError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        gate.signal()
    }

    @Test func `what is found in time is the answer, nothing is an error`() async throws {
        let found = try await SystemResolver.addresses(of: "a.example", within: .seconds(60)) {
            $0 == "a.example" ? [Self.public4].compactMap(\.self) : []
        }
        #expect(found == [Self.public4])
        let error = await #expect(throws: WebError.self) {
            try await SystemResolver.addresses(of: "b.example", within: .seconds(60)) { _ in [] }
        }
        #expect(error?.code == .connect)
        let own = try await SystemResolver.addresses(of: "127.0.0.1", within: .seconds(60))
        #expect(own.map(\.bytes) == [[127, 0, 0, 1]])
    }
}
