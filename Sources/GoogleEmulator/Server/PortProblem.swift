import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension LocalGoogleServer {
    /// Why a port cannot be listened on, as far as a person can do something about it.
    public enum PortProblem: Hashable, Sendable {
        /// Another program listens there.
        case taken
        /// The system keeps it for others, as it does with the ports below 1024.
        case denied
    }

    /// What was wrong with the port where ``run()`` threw this; `nil` where it was something else.
    ///
    /// - SeeAlso: POSIX.1-2024, `bind`, `EADDRINUSE` and `EACCES`.
    public static func portProblem(of error: any Error) -> PortProblem? {
        guard let error = error as? IOError else { return nil }
        switch error.errnoCode {
        case EADDRINUSE: return .taken
        case EACCES: return .denied
        default: return nil
        }
    }
}
