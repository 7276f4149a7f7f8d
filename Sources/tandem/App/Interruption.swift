import Dispatch
import Foundation
import Synchronization
import TandemSync

/// What Ctrl-C does, and the end of the terminal.
///
/// First it asks to stop at a safe point, which has to come soon, then it cancels, then it ends.
final class Interruption: Sendable {
    private struct State {
        var count = 0
        var stops: [StopSignal] = []
        var cancel: (@Sendable () -> Void)?
        var signals: [Int32] = []
        var relay: (@Sendable (Int32) -> Void)?
    }
    private let state = Mutex(State())

    /// How long the first Ctrl-C waits for a safe point.
    private static let patience = DispatchTimeInterval.milliseconds(1500)

    /// Listens for SIGINT, SIGTERM, and the SIGHUP of a terminal that is closed, from now on.
    ///
    /// - Throws: `POSIXError` where the system has no pipe left to tell of signals by.
    func listen() throws {
        let pipe = try SignalPipe()
        // Whoever started us by `nohup` wants us to outlive the terminal.
        let signals = Self.isIgnored(SIGHUP) ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]
        state.withLock { $0.signals = signals }
        let source = DispatchSource.makeReadSource(fileDescriptor: pipe.output, queue: .global())
        // The handler holds its source, which lives as long as the process does.
        source.setEventHandler {
            withExtendedLifetime(source) {
                for number in pipe.drain() { self.interrupt(number) }
            }
        }
        source.resume()
        for number in signals { SignalPipe.tell(of: number) }
    }

    /// Says what is cancelled; at once, where that was asked for already.
    func cancel(by cancel: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.cancel = cancel
            return state.count > 0 && state.stops.isEmpty
        }
        if isLate { cancel() }
    }

    /// Whether a signal does nothing.
    static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Darwin)
            let handler = action.__sigaction_u.__sa_handler
        #else
            let handler = action.__sigaction_handler.sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Whether stopping was asked for.
    var isRequested: Bool { state.withLock { $0.count > 0 } }

    /// Does work that stops by itself at a safe point; the first Ctrl-C then tears nothing.
    func stopping<Value>(
        by stop: StopSignal, _ body: () async throws -> Value
    ) async rethrows -> Value {
        let isLate = state.withLock { state in
            state.stops.append(stop)
            return state.count > 0
        }
        if isLate { stop.request() }
        defer { state.withLock { $0.stops.removeAll { $0 === stop } } }
        return try await body()
    }

    /// The signals that are listened for.
    var signals: [Int32] { state.withLock { $0.signals } }

    /// Does work during which signals are handed on, and stop nothing here.
    func relaying<Value>(
        to relay: @escaping @Sendable (Int32) -> Void, _ body: () async throws -> Value
    ) async rethrows -> Value {
        state.withLock { $0.relay = relay }
        defer { state.withLock { $0.relay = nil } }
        return try await body()
    }

    private func interrupt(_ number: Int32) {
        if let relay = state.withLock({ $0.relay }) { return relay(number) }
        enum Step {
            case stop([StopSignal])
            case cancel((@Sendable () -> Void)?)
            case end
        }
        let step: Step = state.withLock { state in
            state.count += 1
            if state.count == 1, !state.stops.isEmpty { return .stop(state.stops) }
            return state.count <= 2 ? .cancel(state.cancel) : .end
        }
        switch step {
        case .stop(let signals):
            for signal in signals { signal.request() }
            // A request that Google does not answer is no reason to stay; what became of it is
            // found out by the next sync.
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) {
                self.state.withLock { $0.cancel }?()
            }
        case .cancel(let cancel): cancel?()
        case .end: _exit(ExitReason.interrupted.rawValue)
        }
    }
}
