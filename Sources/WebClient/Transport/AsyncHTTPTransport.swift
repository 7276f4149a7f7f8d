import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression

/// The real network, by AsyncHTTPClient; certificates are always verified.
///
/// One attempt per request: neither requests nor connections are repeated. Bodies are read as a
/// stream and counted, so that neither a large answer nor a small one that unpacks to a large one
/// fills the memory.
public struct AsyncHTTPTransport: WebTransport {
    /// What may be chosen; the certificate check may not.
    public struct Options: Sendable {
        /// The longest time to make a connection, TLS included: 10 s.
        public var connectTimeout: Duration = .seconds(10)
        /// The most bytes that one answer may unpack to, whatever the request allows: 64 MiB.
        public var maxUnpackedBytes = WebRequest.standardMaxResponseBytes
        /// The most HTTP/1.1 connections to one host at a time: 16.
        public var connectionsPerHost = 16

        /// The standard values.
        public init() {}
    }

    private let client: HTTPClient

    /// Makes a transport; ``shutdown()`` must be called before it is dropped.
    public init(options: Options = Options()) {
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(options.connectTimeout)),
            decompression: .enabled(limit: .size(options.maxUnpackedBytes)))
        settings.connectionPool.retryConnectionEstablishment = false
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
            max(1, options.connectionsPerHost)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    /// Lends a transport to `body` and shuts it down afterwards, however `body` ends.
    public static func withTransport<Value>(
        options: Options = Options(), _ body: (AsyncHTTPTransport) async throws -> Value
    ) async throws -> Value {
        let transport = AsyncHTTPTransport(options: options)
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(transport)) } catch { outcome = .failure(error) }
        try await transport.shutdown()
        return try outcome.get()
    }

    /// Closes every connection; requests under way fail, later ones are refused.
    ///
    /// - Throws: ``WebError`` with code `closed` when it was shut down before.
    public func shutdown() async throws(WebError) {
        do {
            try await client.shutdown()
        } catch {
            throw WebError(
                code: .closed, message: "The network was shut down twice.", cause: error)
        }
    }

    /// Sends the request once and reads the whole answer.
    public func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
        let progress = SendProgress(hasBody: request.body?.isEmpty == false)
        let outcome = await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await self.exchange(request, progress: progress) }
            group.addTask { await self.alarm(after: request.timeout) }
            var outcome = Outcome.stopped
            // A stopped alarm says nothing: the exchange does.
            while case .stopped = outcome, let next = await group.next() { outcome = next }
            group.cancelAll()
            return outcome
        }
        switch outcome {
        case .answered(let response): return response
        case .failed(let error): throw WebError(network: error, wasSent: progress.wasSent)
        case .late:
            throw WebError(
                code: .timeout,
                message: "\(request.url.host) did not answer completely within "
                    + "\(request.timeout); try again later.",
                wasSent: progress.wasSent)
        case .stopped:
            throw WebError(
                code: .cancelled, message: "The request was cancelled.", wasSent: progress.wasSent)
        }
    }

    private enum Outcome: Sendable {
        case answered(WebResponse)
        case failed(any Error)
        case late
        case stopped
    }

    private func alarm(after timeout: Duration) async -> Outcome {
        let bell = client.eventLoopGroup.any().scheduleTask(in: TimeAmount(timeout)) {}
        return await withTaskCancellationHandler {
            do {
                try await bell.futureResult.get()
                return .late
            } catch { return .stopped }  // It only fails by being cancelled.
        } onCancel: {
            bell.cancel()
        }
    }

    private func exchange(_ request: WebRequest, progress: SendProgress) async -> Outcome {
        do {
            var outgoing = HTTPClientRequest(url: request.url.text)
            outgoing.method = HTTPMethod(rawValue: request.method)
            for field in request.headers.fields {
                outgoing.headers.add(name: field.name, value: field.value)
            }
            if let body = request.body {
                outgoing.body =
                    body.isEmpty
                    ? .bytes(ByteBuffer())
                    : .stream(
                        AnnouncedBody(bytes: body, progress: progress),
                        length: .known(Int64(body.count)))
            }
            let answer = try await client.execute(
                outgoing, deadline: .now() + TimeAmount(request.timeout))
            progress.noteAnswer()
            var headers = WebHeaders()
            for (name, value) in answer.headers { headers.append(name, value) }
            let body = try await Self.read(answer.body, limit: request.maxResponseBytes)
            return .answered(
                WebResponse(status: Int(answer.status.code), headers: headers, body: body))
        } catch { return .failed(error) }
    }

    private static func read(_ body: HTTPClientResponse.Body, limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in body {
            guard part.readableBytes <= limit - bytes.count else {
                throw WebError.tooLarge(limit: limit)
            }
            bytes.append(contentsOf: part.readableBytesView)
        }
        // A cancelled stream may simply end: never take what came so far for the whole.
        try Task.checkCancellation()
        return bytes
    }
}

extension TimeAmount {
    /// Nanoseconds of a duration; what does not fit is cut to 100 days.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        guard seconds < 8_640_000 else {
            self = .seconds(8_640_000)
            return
        }
        self =
            seconds < 0
            ? .nanoseconds(0) : .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
