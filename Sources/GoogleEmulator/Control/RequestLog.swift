import LosslessJSON

extension LocalGoogle {
    /// One request that was served or refused.
    public struct RequestRecord: Sendable {
        /// When it came, in milliseconds since 1970 on the local Google's clock.
        public var at: Int64
        /// Which API: `calendar`, `people`, `drive`, `upload`, `oauth` or `unknown`.
        public var api: String
        /// Google's name of the method, such as `events.list`.
        public var apiMethod: String
        /// The HTTP method.
        public var method: String
        /// The path, percent-encoded.
        public var path: String
        /// The raw query.
        public var query: String
        /// The status answered; 0 if the connection was cut before anything was applied.
        public var status: Int
        /// Bytes of the answer's body.
        public var bytes: Int
        /// Whether it came inside of a batch.
        public var isPartOfBatch: Bool
        /// The fault that hit it.
        public var fault: String?

        var json: JSON {
            var document: JSONObject = [
                "at": .string(Stamp.utc(at)), "api": .string(api), "apiMethod": .string(apiMethod),
                "method": .string(method), "path": .string(path), "query": .string(query),
                "status": .number(JSONNumber(status)), "bytes": .number(JSONNumber(bytes)),
            ]
            if isPartOfBatch { document["batch"] = true }
            if let fault { document["fault"] = .string(fault) }
            return .object(document)
        }
    }
}

/// The requests since the last clearing, and how many of each kind there were ever.
struct RequestLog {
    private(set) var items: [LocalGoogle.RequestRecord] = []
    /// Requests by API and method since the start or the last reset.
    private(set) var counts: [(api: String, method: String, count: Int64)] = []

    /// The oldest ones are forgotten beyond this.
    static let limit = 200_000

    mutating func add(_ record: LocalGoogle.RequestRecord) {
        items.append(record)
        if items.count > Self.limit + Self.limit / 10 {
            items.removeFirst(items.count - Self.limit)
        }
        let index = counts.firstIndex { $0.api == record.api && $0.method == record.apiMethod }
        if let index {
            counts[index].count += 1
        } else {
            counts.append((record.api, record.apiMethod, 1))
        }
    }

    mutating func clear() { items.removeAll() }

    /// Counts by API, then by method.
    var countsJSON: JSON {
        var apis: JSON = .object([:])
        for count in counts {
            var methods = apis[count.api] ?? .object([:])
            methods[count.method] = .number(JSONNumber(count.count))
            apis[count.api] = methods
        }
        return apis
    }
}
