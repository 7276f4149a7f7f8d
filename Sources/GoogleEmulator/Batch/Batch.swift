import LosslessJSON

/// Several requests in one.
///
/// - SeeAlso: Google Calendar API guide, "Send batch requests"; RFC 2046 section 5.1.
struct Batch {
    let dispatcher: Dispatcher
    let request: EmulatorRequest

    /// More parts than this are refused.
    static let maxParts = 1000

    /// More parts than this draw a warning: newer texts of Google's guide allow no more.
    static let recommendedParts = 50

    func response() -> EmulatorResponse {
        let renderer = Renderer(request: request, selection: nil, isPretty: true)
        guard let type = request.header("Content-Type"),
            let boundary = MultipartText.boundary(of: type)
        else {
            return renderer.response(
                GoogleFailure(
                    400, "global", "badRequest",
                    "Failed to parse batch request: no multipart/mixed boundary."
                ).reply)
        }
        let parts = MultipartText.parts(request.body, boundary: boundary)
        guard !parts.isEmpty else {
            return renderer.response(
                GoogleFailure(
                    400, "global", "badRequest", "The batch request could not be parsed."
                ).reply)
        }
        guard parts.count <= Self.maxParts else {
            return renderer.response(
                GoogleFailure(
                    400, "global", "badRequest",
                    "The batch request exceeds the limit of \(Self.maxParts) calls."
                ).reply)
        }
        return answer(parts)
    }

    private func answer(_ parts: [MultipartText.Part]) -> EmulatorResponse {
        var response = EmulatorResponse(status: 200)
        let boundary = "batch_" + dispatcher.state.world.random.word(28, from: Alphabet.base64URL)
        for part in parts {
            let inner = self.inner(part)
            response.delayMilliseconds = max(response.delayMilliseconds, inner.delayMilliseconds)
            if let cut = inner.cut { response.cut = cut }
            response.body += Array("--\(boundary)\r\n".utf8)
            write(inner, id: part.header("Content-ID"), into: &response.body)
        }
        response.body += Array("--\(boundary)--\r\n".utf8)
        response.headers = [("Content-Type", "multipart/mixed; boundary=\(boundary)")]
        if parts.count > Self.recommendedParts {
            let text = "A batch of \(parts.count) calls; Google's guide allows 50."
            response.headers.append(("Warning", "299 local-google \"\(text)\""))
        }
        return response
    }

    private func inner(_ part: MultipartText.Part) -> EmulatorResponse {
        guard let request = InnerRequest.parse(part.body, outer: self.request) else {
            return EmulatorResponse(
                status: 400, headers: [("Content-Type", "application/json; charset=UTF-8")],
                body: Indenter.indented(GoogleFailure.badRequest.envelope.serialized(.compact)))
        }
        guard !request.path.hasPrefix("/batch"), !request.path.hasPrefix("/_emulator") else {
            return EmulatorResponse(
                status: 404, headers: [("Content-Type", "application/json; charset=UTF-8")],
                body: Indenter.indented(GoogleFailure.notFound.envelope.serialized(.compact)))
        }
        return dispatcher.serve(request, isPart: true)
    }

    /// One part: the outer headers, a blank line, the status line, the inner headers, a blank
    /// line even before an empty body.
    private func write(_ inner: EmulatorResponse, id: String?, into body: inout [UInt8]) {
        var text = "Content-Type: application/http\r\n"
        if let id {
            let bare = id.hasPrefix("<") ? String(id.dropFirst()) : id
            text += "Content-ID: <response-\(bare)\(bare.hasSuffix(">") ? "" : ">")\r\n"
        }
        text += "\r\nHTTP/1.1 \(inner.status) \(HTTPReason.phrase(inner.status))\r\n"
        for header in inner.headers { text += "\(header.name): \(header.value)\r\n" }
        text += "Content-Length: \(inner.body.count)\r\n\r\n"
        body += Array(text.utf8)
        body += inner.body
        body += Array("\r\n".utf8)
    }
}

/// Reason phrases, which Python's client needs in the parts of a batch.
enum HTTPReason {
    private static let phrases = [
        200: "OK", 201: "Created", 204: "No Content", 302: "Found", 304: "Not Modified",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 409: "Conflict", 410: "Gone", 412: "Precondition Failed",
        428: "Precondition Required", 429: "Too Many Requests", 500: "Internal Server Error",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]

    static func phrase(_ status: Int) -> String { phrases[status] ?? "Status" }
}
