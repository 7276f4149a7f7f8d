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
            setJSON(written(shown.serialized(.compact)), in: &response)
        case .compact(let bytes):
            setJSON(written(bytes), in: &response)
        case .finished(let pieces):
            setJSON([], in: &response)
            response.pieces = pieces
        case .other(let type, let bytes):
            response.headers.append(("Content-Type", type))
            response.body = bytes
        }
        return response
    }

    private func written(_ compact: [UInt8]) -> [UInt8] {
        isPretty ? Indenter.indented(compact) : compact
    }

    private func setJSON(_ bytes: [UInt8], in response: inout EmulatorResponse) {
        response.headers.append(("Content-Type", "application/json; charset=UTF-8"))
        response.body = bytes
    }

    /// Whether an answer is indented: always, unless the query says otherwise.
    ///
    /// An error is, too, also one that says that the query's word is none.
    static func isPretty(_ query: Parameters) -> Bool {
        do { return try query.flag("prettyPrint", default: true) } catch { return true }
    }
}
