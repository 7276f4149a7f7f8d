import WebClient

/// Writes several calls as one `multipart/mixed` body.
///
/// - SeeAlso: Google Calendar API guide, "Batch requests"; RFC 2046 section 5.1.
struct BatchBody {
    /// The most calls in one batch.
    ///
    /// - SeeAlso: Google Calendar API guide, "Batch requests": 50 calls.
    static let maxParts = 50

    /// One call with the request line and headers that go into its part.
    struct Part {
        let contentID: String
        let method: String
        let target: String
        let headers: WebHeaders
        let body: [UInt8]?
    }

    let boundary: String
    let bytes: [UInt8]

    var contentType: String { "multipart/mixed; boundary=\"\(boundary)\"" }

    /// Writes the parts in order.
    ///
    /// - Parameters:
    ///   - parts: At most ``maxParts``.
    ///   - boundary: A text that occurs in no part.
    init(parts: [Part], boundary: String) {
        var bytes: [UInt8] = []
        for part in parts {
            bytes += Array("--\(boundary)\r\nContent-Type: application/http\r\n".utf8)
            bytes += Array("Content-ID: <\(part.contentID)>\r\n".utf8)
            bytes += Array("Content-Transfer-Encoding: binary\r\n\r\n".utf8)
            bytes += Array("\(part.method) \(part.target) HTTP/1.1\r\n".utf8)
            for field in part.headers.fields {
                bytes += Array("\(field.name): \(field.value)\r\n".utf8)
            }
            if let body = part.body { bytes += Array("Content-Length: \(body.count)\r\n".utf8) }
            bytes += Array("\r\n".utf8)
            bytes += part.body ?? []
            bytes += Array("\r\n".utf8)
        }
        bytes += Array("--\(boundary)--\r\n".utf8)
        self.boundary = boundary
        self.bytes = bytes
    }
}
