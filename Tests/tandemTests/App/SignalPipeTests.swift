import Foundation
import Testing

@testable import tandem

@Suite struct SignalPipeTests {
    @Test func `every signal is told of once, also before anybody listens`() throws {
        let pipe = try SignalPipe()
        #expect(pipe.drain().isEmpty)
        SignalPipe.tell(of: SIGUSR2)
        defer { signal(SIGUSR2, SIG_DFL) }
        for _ in 1...2 {
            kill(getpid(), SIGUSR2)
            // Whichever thread takes it does so soon.
            var waiting = pollfd(fd: pipe.output, events: Int16(POLLIN), revents: 0)
            while poll(&waiting, 1, 60_000) < 0, errno == EINTR {}
            #expect(pipe.drain() == [SIGUSR2])
        }
        #expect(pipe.drain().isEmpty)
    }
}
