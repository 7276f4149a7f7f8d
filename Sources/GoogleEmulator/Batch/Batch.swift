import LosslessJSON

/// Several requests in one.
///
/// - SeeAlso: Google Calendar API guide, "Send batch requests"; RFC 2046 section 5.1.
struct Batch {
    /// Its name in logs, counters and faults.
    static let methodID = "batch"

    /// Parts whose answers would come behind so many bytes are refused, so that one request cannot
    /// ask for more than there is memory.
    static let maxAnswerBytes = 64 << 20

    /// The request with the service whose batch it is.
    let call: RouteCall

    /// More parts than this draw a warning: newer texts of Google's guide allow no more.
    static let recommendedParts = 50

    func response() -> EmulatorResponse {
        guard let type = call.request.header("Content-Type"),
            let boundary = MultipartText.boundary(of: type)
        else { return refuse("Failed to parse batch request: no multipart/mixed boundary.") }
        let limit = call.world.switches.batchLimit
        let parts: [MultipartText.Part]
        do {
            parts = try MultipartText.parts(call.request.body, boundary: boundary, atMost: limit)
        } catch {
            switch error {
            case .tooMany: return refuse("The batch request exceeds the limit of \(limit) calls.")
            case .unfinished:
                return refuse("Failed to parse batch request: its last boundary is missing.")
            }
        }
        guard !parts.isEmpty else { return refuse("The batch request could not be parsed.") }
        return answer(parts)
    }

    private func refuse(_ message: String) -> EmulatorResponse {
        Renderer(request: call.request, selection: nil, isPretty: true)
            .response(GoogleFailure(400, "global", "badRequest", message).reply)
    }

    private func answer(_ parts: [MultipartText.Part]) -> EmulatorResponse {
        var response = EmulatorResponse(status: 200)
        let boundary = "batch_" + call.world.random.word(28, from: Alphabet.base64URL)
        for part in parts {
            let isFull = response.body.count > Self.maxAnswerBytes
            let inner = isFull ? tooLarge : self.inner(part)
            response.delayMilliseconds = max(response.delayMilliseconds, inner.delayMilliseconds)
            response.body += Array("--\(boundary)\r\n".utf8)
            writeHead(inner, id: part.header("Content-ID"), into: &response.body)
            cut(&response, like: inner)
            response.body += inner.body
            response.body += Array("\r\n".utf8)
        }
        response.body += Array("--\(boundary)--\r\n".utf8)
        response.headers = [("Content-Type", "multipart/mixed; boundary=\(boundary)")]
        if parts.count > Self.recommendedParts {
            let text = "A batch of \(parts.count) calls; Google's guide allows 50."
            response.headers.append(("Warning", "299 local-google \"\(text)\""))
        }
        return response
    }

    /// A part whose connection is cut cuts that of the whole batch, the first one first.
    private func cut(_ response: inout EmulatorResponse, like inner: EmulatorResponse) {
        switch (inner.cut, response.cut) {
        case (nil, _), (.within, .some): break
        case (.within(let bytes), nil):
            response.cut = .within(bytes: response.body.count + min(bytes, inner.body.count))
        case (.before, _), (.after, _): response.cut = inner.cut
        }
    }

    private var tooLarge: EmulatorResponse {
        Renderer(request: call.request, selection: nil, isPretty: true).response(
            GoogleFailure(
                413, "global", "batchSizeTooLarge", "The batch's answer is too large."
            ).reply)
    }

    /// One part's answer; what its service does not serve is not found, whoever else might.
    private func inner(_ part: MultipartText.Part) -> EmulatorResponse {
        guard let request = InnerRequest.parse(part.body, outer: call.request) else {
            return Renderer(request: call.request, selection: nil, isPretty: true)
                .response(GoogleFailure.badRequest.reply)
        }
        return Dispatcher(state: call.state).serve(request, within: call.service)
    }

    /// One part's head: the outer headers, a blank line, the status line, the inner headers, a
    /// blank line even before an empty body.
    private func writeHead(_ inner: EmulatorResponse, id: String?, into body: inout [UInt8]) {
        var text = "Content-Type: application/http\r\n"
        if let id {
            let bare = id.hasPrefix("<") ? String(id.dropFirst()) : id
            text += "Content-ID: <response-\(bare)\(bare.hasSuffix(">") ? "" : ">")\r\n"
        }
        text += "\r\nHTTP/1.1 \(inner.status) \(HTTPReason.phrase(inner.status))\r\n"
        for header in inner.headers { text += "\(header.name): \(header.value)\r\n" }
        text += "Content-Length: \(inner.body.count)\r\n\r\n"
        body += Array(text.utf8)
    }
}

/// Reason phrases, which Python's client needs in the parts of a batch.
enum HTTPReason {
    private static let phrases = [
        200: "OK", 201: "Created", 204: "No Content", 302: "Found", 304: "Not Modified",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 409: "Conflict", 410: "Gone", 412: "Precondition Failed",
        413: "Content Too Large", 428: "Precondition Required", 429: "Too Many Requests",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
        503: "Service Unavailable", 504: "Gateway Timeout",
    ]

    static func phrase(_ status: Int) -> String { phrases[status] ?? "Status" }
}
