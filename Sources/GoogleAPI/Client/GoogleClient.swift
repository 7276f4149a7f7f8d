public import Foundation
import LosslessJSON
public import WebClient

/// The authorised gate to Google's services: one account, one way out.
///
/// Adds the bearer token, and repeats a call exactly once, after a 401, with a fresh token. It
/// repeats nothing else: pacing and retries belong to the caller (see ``RetryPolicy``).
public struct GoogleClient: Sendable {
    /// Where the services are.
    public let endpoints: GoogleEndpoints
    /// The account's tokens.
    public let tokens: TokenSource
    let gate: WebGate
    let now: @Sendable () -> Date

    /// Makes a client for one account.
    ///
    /// - Parameters:
    ///   - gate: The way to the network.
    ///   - endpoints: Where the services are.
    ///   - tokens: The account's tokens.
    ///   - now: The wall clock, for `Retry-After` dates and the clock hint.
    public init(
        gate: WebGate, endpoints: GoogleEndpoints, tokens: TokenSource,
        now: @escaping @Sendable () -> Date
    ) {
        self.gate = gate
        self.endpoints = endpoints
        self.tokens = tokens
        self.now = now
    }

    /// Sends one call.
    ///
    /// - Returns: A success (2xx), or 304 for a call with `If-None-Match`.
    /// - Throws: ``GoogleError``.
    public func send(_ call: GoogleCall) async throws(GoogleError) -> GoogleAnswer {
        let request = self.request(for: call)
        let response = try await authorised(request, for: call)
        return try AnswerReader(call: call, now: now()).read(response)
    }

    /// Sends a listing's call and reads the page, of at most ``GooglePage/maxBytes``.
    ///
    /// An item that is not JSON does not take the page with it: see ``GooglePage/broken``.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - itemsKey: The member that holds the items: `items`, `connections`, `files`.
    /// - Returns: The page.
    /// - Throws: ``GoogleError``.
    public func page(
        _ call: GoogleCall, itemsKey: String = "items"
    ) async throws(GoogleError) -> GooglePage {
        var capped = call
        capped.maxResponseBytes = min(call.maxResponseBytes, GooglePage.maxBytes)
        var response = try await authorised(request(for: capped), for: capped)
        let reader = AnswerReader(call: capped, now: now())
        do throws(GoogleError) {
            return try GooglePage(try reader.read(response), itemsKey: itemsKey, call: call)
        } catch  where error.code == .unreadable {
            guard
                let mended = PageMender(response.body)
                    .mended(itemsKey: itemsKey, maxDepth: AnswerReader.maxDepth)
            else { throw error }
            response.body = mended.page
            return try GooglePage(
                try reader.read(response), itemsKey: itemsKey, call: call, broken: mended.broken)
        }
    }

    /// Sends a request with a token, once more with another after a 401.
    func authorised(
        _ request: WebRequest, for call: GoogleCall
    ) async throws(GoogleError) -> WebResponse {
        let token = try await self.token(for: call)
        let response = try await exchange(request, token: token, call: call)
        guard response.status == 401 else { return response }
        let next = try await self.token(for: call, replacing: token)
        return try await exchange(request, token: next, call: call)
    }

    func token(
        for call: GoogleCall, replacing refused: AccessToken? = nil
    ) async throws(GoogleError) -> AccessToken {
        do {
            guard let refused else { return try await tokens.token() }
            return try await tokens.token(replacing: refused)
        } catch { throw GoogleError(call, signIn: error) }
    }

    func exchange(
        _ request: WebRequest, token: AccessToken, call: GoogleCall
    ) async throws(GoogleError) -> WebResponse {
        var authorised = request
        authorised.headers["Authorization"] = "Bearer \(token.value)"
        do { return try await gate.send(authorised) } catch {
            throw GoogleError(call, transport: error)
        }
    }

    private func request(for call: GoogleCall) -> WebRequest {
        WebRequest(
            method: call.method, url: target(of: call, below: call.service.url(in: endpoints)),
            headers: headers(of: call), body: call.sentBody,
            maxResponseBytes: call.maxResponseBytes, label: call.name)
    }

    func target(of call: GoogleCall, below base: WebURL) -> WebURL {
        base.appending(path: call.path).appending(query: call.sentQuery)
    }

    func headers(of call: GoogleCall) -> WebHeaders {
        var headers = call.headers
        headers["Accept"] = "application/json"
        if call.body != nil { headers["Content-Type"] = "application/json; charset=UTF-8" }
        return headers
    }
}

extension GoogleCall {
    /// The body as sent: a POST, PUT or PATCH without one says so by an empty body.
    var sentBody: [UInt8]? { body ?? (["POST", "PUT", "PATCH"].contains(method) ? [] : nil) }
}
