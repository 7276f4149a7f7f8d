import LosslessJSON

/// What a method answers, before `fields`, `prettyPrint` and conditions are applied.
struct Reply {
    var status = 200
    var headers: [(name: String, value: String)] = []
    var content: Content = .none
    /// The resource's etag with its quotes; it goes into the `ETag` header.
    var etag: String?

    enum Content {
        case none
        /// A document that `fields` may still cut down.
        case json(JSON)
        /// Compact JSON that is already complete.
        case compact([UInt8])
        /// JSON in the form in which it is to be sent, indented or not, in pieces.
        case finished([[UInt8]])
        /// Anything else, with its media type.
        case other(String, [UInt8])
    }

    static let noContent = Reply(status: 204)

    /// A document, with its own etag if it has one.
    static func json(_ document: JSONObject) -> Reply {
        Reply(content: .json(.object(document)), etag: document["etag"]?.string)
    }

    /// A document of the OAuth endpoints, which are never cached.
    static func oauth(_ document: JSONObject, status: Int = 200) -> Reply {
        Reply(
            status: status, headers: [("Cache-Control", "no-store")],
            content: .other(
                "application/json; charset=utf-8", JSON.object(document).serialized(.pretty)))
    }

    /// A document of the control API; it ends its line, as it is read on terminals.
    static func control(_ document: JSON, status: Int = 200) -> Reply {
        var bytes = document.serialized(.compact)
        bytes.append(0x0A)
        return Reply(
            status: status, content: .other("application/json; charset=utf-8", bytes))
    }
}
