import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension WebError {
    /// Classifies what the network below threw.
    ///
    /// TLS failures, whose module is not imported here, are told by their text. An unknown kind
    /// counts as a broken connection of unknown outcome: the safe reading.
    init(network error: any Error, wasSent: Bool?) {
        switch error {
        case let error as WebError: self = error
        case is CancellationError:
            self = WebError(
                code: .cancelled, message: "The request was cancelled.", wasSent: wasSent)
        case let error as HTTPClientError: self = Self.client(error, wasSent: wasSent)
        case is NIOConnectionError:
            self = .unreachable("no connection could be made", cause: error)
        case let error as IOError where Self.isRefusal(error):
            self = .unreachable("nothing listens there", cause: error)
        case HTTPParserError.invalidEOFState:
            self = .cut(wasSent: true, cause: error)
        case is HTTPParserError:
            self = WebError(
                code: .malformed, message: "The answer is not HTTP; is a proxy in between?",
                wasSent: true, cause: error)
        case NIOHTTPDecompression.DecompressionError.limit:
            self = WebError(
                code: .tooLarge, message: "The answer unpacks to more than is allowed here.",
                wasSent: true, cause: error)
        case is NIOHTTPDecompression.DecompressionError,
            is NIOHTTPDecompression.ExtraDecompressionError:
            self = WebError(
                code: .cut, message: "The packed answer is broken or cut short.", wasSent: true,
                cause: error)
        default: self = Self.byText(error, wasSent: wasSent)
        }
    }

    /// Whether the system says so of connecting only; other errors may come later, too.
    private static func isRefusal(_ error: IOError) -> Bool {
        error.errnoCode == ECONNREFUSED || error.errnoCode == EADDRNOTAVAIL
    }

    private static func client(_ error: HTTPClientError, wasSent: Bool?) -> WebError {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout, .socksHandshakeTimeout,
            .httpProxyHandshakeTimeout, .getConnectionFromPoolTimeout:
            return .unreachable("the connection took too long", cause: error)
        case .deadlineExceeded, .readTimeout, .writeTimeout:
            return WebError(
                code: .timeout, message: "The answer took too long; try again later.",
                wasSent: wasSent, cause: error)
        case .alreadyShutdown:
            return WebError(
                code: .closed, message: "The network was shut down already.", cause: error)
        case .cancelled:
            // The client says so when it is shut down under a request.
            return WebError(
                code: .cancelled, message: "The request was cancelled.", wasSent: wasSent,
                cause: error)
        case .remoteConnectionClosed, .uncleanShutdown, .requestStreamCancelled:
            return .cut(wasSent: wasSent, cause: error)
        case .invalidURL, .emptyHost, .emptyScheme, .traceRequestWithBody, .bodyLengthMismatch,
            .contentLengthMissing:
            return WebError(
                code: .malformed, message: "The request cannot be sent as HTTP.", cause: error)
        default: return byText(error, wasSent: wasSent)
        }
    }

    private static func byText(_ error: any Error, wasSent: Bool?) -> WebError {
        let text = String(reflecting: error)
        if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("failedToValidateHostname")
            || text.contains("unableToValidateCertificate")
        {
            return WebError(
                code: .certificate,
                message: "The server's certificate is not to be trusted; check the clock, the "
                    + "system's certificates, and whether a proxy listens in.",
                cause: error)
        }
        if text.contains("handshakeFailed") || text.contains("SocketAddressError") {
            return .unreachable("the connection could not be set up", cause: error)
        }
        return .cut(wasSent: wasSent, cause: error)
    }

    private static func unreachable(_ why: String, cause: any Error) -> WebError {
        WebError(
            code: .connect,
            message: "The server could not be reached: \(why). Check the network and try again.",
            cause: cause)
    }

    private static func cut(wasSent: Bool?, cause: any Error) -> WebError {
        WebError(
            code: .cut, message: "The connection broke before the answer was complete.",
            wasSent: wasSent, cause: cause)
    }
}
