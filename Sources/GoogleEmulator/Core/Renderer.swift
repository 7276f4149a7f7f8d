import LosslessJSON

/// Turns what a method answers into bytes and headers.
struct Renderer {
    let request: EmulatorRequest
    let selection: FieldSelection?
    let isPretty: Bool

    func response(_ reply: Reply) -> EmulatorResponse {
        var response = EmulatorResponse(status: reply.status, headers: reply.headers)
        if let etag = reply.etag {
            response.headers.append(("ETag", etag))
            if request.method == "GET", let header = request.header("If-None-Match"),
                Conditions.matches(header, etag)
            {
                response.status = 304
                return response
            }
        }
        switch reply.content {
        case .none:
            break
        case .json(let document):
            let shown = selection?.applied(to: document) ?? document
            setJSON(shown.serialized(.compact), in: &response)
        case .compact(let bytes):
            setJSON(bytes, in: &response)
        case .other(let type, let bytes):
            response.headers.append(("Content-Type", type))
            response.body = bytes
        }
        return response
    }

    private func setJSON(_ compact: [UInt8], in response: inout EmulatorResponse) {
        response.headers.append(("Content-Type", "application/json; charset=UTF-8"))
        response.body = isPretty ? Indenter.indented(compact) : compact
    }
}
