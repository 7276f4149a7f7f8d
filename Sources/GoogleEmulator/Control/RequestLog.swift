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
        /// Bytes of the answer's body, before it is compressed.
        public var bytes: Int
        /// Whether it came inside of a batch.
        public var isPartOfBatch: Bool
        /// The fault that hit it.
        public var fault: String?
        /// How long the answer took, what a fault held it back included.
        public var duration: Duration = .zero

        /// The duration in milliseconds, to the thousandth.
        var milliseconds: Double { (duration / .microseconds(1)).rounded() / 1000 }

        var json: JSON {
            var document: JSONObject = [
                "at": .string(Stamp.utc(at)), "api": .string(api), "apiMethod": .string(apiMethod),
                "method": .string(method), "path": .string(path), "query": .string(query),
                "status": .number(JSONNumber(status)), "bytes": .number(JSONNumber(bytes)),
            ]
            document["durationMs"] = JSONNumber(milliseconds).map { .number($0) }
            if isPartOfBatch { document["batch"] = true }
            if let fault { document["fault"] = .string(fault) }
            return .object(document)
        }
    }
}

/// The requests since the last clearing, and how many of each kind there were ever.
struct RequestLog {
    private(set) var items: [LocalGoogle.RequestRecord] = []
    /// How many there were before the first of them.
    private var forgotten = 0
    /// Requests by API and method since the start or the last reset, in order of the first one.
    private(set) var counts: [(api: String, method: String, count: Int64)] = []
    private var places: [Kind: Int] = [:]
    private var bytes = 0
    private let maxCount: Int
    private let maxBytes: Int

    private struct Kind: Hashable {
        let api: String
        let method: String
    }

    /// The oldest ones are forgotten beyond so many, or beyond so many bytes of memory.
    init(maxCount: Int = 200_000, maxBytes: Int = 64 << 20) {
        self.maxCount = maxCount
        self.maxBytes = maxBytes
    }

    mutating func add(_ record: LocalGoogle.RequestRecord) {
        items.append(record)
        bytes += Self.size(record)
        // Many at a time, because what stays has to be moved.
        if items.count > maxCount + maxCount / 10 || bytes > maxBytes + maxBytes / 10 { shrink() }
        let kind = Kind(api: record.api, method: record.apiMethod)
        if let place = places[kind] {
            counts[place].count += 1
        } else {
            places[kind] = counts.count
            counts.append((record.api, record.apiMethod, 1))
        }
    }

    private mutating func shrink() {
        var gone = 0
        while items.count - gone > maxCount || bytes > maxBytes, gone < items.count {
            bytes -= Self.size(items[gone])
            gone += 1
        }
        items.removeFirst(gone)
        forgotten += gone
    }

    /// The number of the last one; the first one since the start or the last reset has 1.
    var last: Int { forgotten + items.count }

    /// Those whose number is greater.
    func items(after number: Int) -> ArraySlice<LocalGoogle.RequestRecord> {
        items.dropFirst(max(0, number - forgotten))
    }

    /// About what a record takes in memory; only the parts that a client decides can be long.
    private static func size(_ record: LocalGoogle.RequestRecord) -> Int {
        200 + record.path.utf8.count + record.query.utf8.count + record.method.utf8.count
    }

    mutating func clear() {
        forgotten += items.count
        items.removeAll()
        bytes = 0
    }

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
