import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds the addresses of a host name by the system's resolver.
public enum SystemResolver {
    /// Every address of a name or number, in the system's order; at most 64.
    ///
    /// Runs on a thread that may block. A number written oddly (`0x7f.1`, `2130706433`) comes back
    /// as the address that it means, so that it can be checked like any other.
    ///
    /// - Parameters:
    ///   - host: A name or a number.
    ///   - limit: The longest wait; a look-up that takes longer ends by itself, unheard.
    /// - Returns: Its addresses; at least one.
    /// - Throws: ``WebError`` with code `connect` for a name without address, `timeout`, or
    ///   `cancelled`.
    @Sendable
    public static func addresses(
        of host: String, within limit: Duration
    ) async throws(WebError) -> [IPAddress] {
        try await addresses(of: host, within: limit, lookUp: resolve)
    }

    static func addresses(
        of host: String, within limit: Duration,
        lookUp: @escaping @Sendable (String) -> [IPAddress]
    ) async throws(WebError) -> [IPAddress] {
        // Nothing can stop the system's resolver, so its answer is waited for beside a timer.
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: [IPAddress].self)
        let bell = loop.scheduleTask(in: TimeAmount(limit)) {
            promise.fail(
                WebError(code: .timeout, message: "Looking up \(host) took too long."))
        }
        defer { bell.cancel() }
        NIOThreadPool.singleton.submit { state in
            switch state {
            case .active: promise.succeed(lookUp(host))
            case .cancelled: promise.fail(Self.cancelled)
            }
        }
        let found: [IPAddress]
        do {
            found = try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                promise.fail(Self.cancelled)
            }
        } catch let error as WebError { throw error } catch {
            throw WebError(code: .cancelled, message: "The look-up was cancelled.", cause: error)
        }
        guard !found.isEmpty else {
            throw WebError(code: .connect, message: "The host \(host) has no address.")
        }
        return found
    }

    private static let cancelled = WebError(
        code: .cancelled, message: "The look-up was cancelled.")

    @Sendable private static func resolve(_ host: String) -> [IPAddress] {
        var hints = addrinfo()
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next, found.count < 64 {
            if let address = address(of: entry.pointee), !found.contains(address) {
                found.append(address)
            }
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(of entry: addrinfo) -> IPAddress? {
        guard let raw = UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch entry.ai_family {
        case AF_INET where Int(entry.ai_addrlen) >= MemoryLayout<sockaddr_in>.size:
            let address = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            return IPAddress(bytes: withUnsafeBytes(of: address) { Array($0) })
        case AF_INET6 where Int(entry.ai_addrlen) >= MemoryLayout<sockaddr_in6>.size:
            let address = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return IPAddress(bytes: withUnsafeBytes(of: address) { Array($0) })
        default: return nil
        }
    }
}
