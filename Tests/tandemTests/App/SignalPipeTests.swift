import Foundation
import Testing

@testable import tandem

@Suite struct SignalPipeTests {
    @Test func `every signal is told of once, also before anybody listens`() throws {
        let pipe = try SignalPipe()
        #expect(pipe.drain() == 0)
        SignalPipe.tell(of: SIGUSR2)
        defer { signal(SIGUSR2, SIG_DFL) }
        raise(SIGUSR2)
        raise(SIGUSR2)
        #expect(pipe.drain() == 2)
        #expect(pipe.drain() == 0)
    }
}
