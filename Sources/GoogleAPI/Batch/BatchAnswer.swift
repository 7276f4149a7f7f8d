import WebClient

/// Reads the answer to a batch: each part's own answer by the id of the call it answers.
///
/// Takes CRLF and bare LF line ends, folded headers, parts in any order, a preamble and an
/// epilogue. A part that cannot be read is left out, so that its call's outcome stays unknown.
///
/// - SeeAlso: RFC 2046 section 5.1; RFC 5322 section 2.2.3 (folding).
struct BatchAnswer {
    /// Content-ID of the request (without `response-` and brackets) → its answer.
    private(set) var parts: [String: WebResponse] = [:]

    /// - Throws: ``BatchAnswer/Broken`` when the outer answer is not multipart at all.
    init(_ response: WebResponse) throws(Broken) {
        guard let type = response.headers["Content-Type"],
            type.lowercased().hasPrefix("multipart/"), let boundary = Self.boundary(of: type)
        else { throw Broken() }
        let lines = ByteLines(response.body)
        var start: Int?
        for line in lines {
            guard let mark = Self.delimiter(line.content(of: response.body), boundary) else {
                continue
            }
            if let start { take(Array(response.body[start..<max(start, line.endOfPrevious)])) }
            start = mark == .close ? nil : line.next
            if mark == .close { break }
        }
    }

    /// The outer answer is not multipart.
    struct Broken: Error {}

    private enum Mark { case open, close }

    private static func delimiter(_ line: ArraySlice<UInt8>, _ boundary: [UInt8]) -> Mark? {
        guard line.starts(with: boundary) else { return nil }
        let rest = line.dropFirst(boundary.count)
        let tail = rest.drop { $0 == 0x20 || $0 == 0x09 }
        if tail.isEmpty { return .open }
        let closing = rest.starts(with: [0x2D, 0x2D])
        return closing && rest.dropFirst(2).allSatisfy { $0 == 0x20 || $0 == 0x09 } ? .close : nil
    }

    private static func boundary(of type: String) -> [UInt8]? {
        for parameter in type.split(separator: ";").dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].filter({ $0 != " " }).lowercased() == "boundary" else {
                continue
            }
            let value = pair[1].filter { $0 != "\"" && $0 != " " }
            guard !value.isEmpty, value.utf8.count <= 200 else { return nil }
            return Array("--\(value)".utf8)
        }
        return nil
    }

    private mutating func take(_ part: [UInt8]) {
        guard let outer = Self.headers(part, from: 0), let id = outer.headers["Content-ID"],
            let key = Self.requestID(id), parts[key] == nil
        else { return }
        let inner = Array(part[outer.bodyStart...])
        guard let statusLine = ByteLines(inner).first(where: { _ in true }),
            let status = Self.status(statusLine.content(of: inner)),
            let head = Self.headers(inner, from: statusLine.next)
        else { return }
        parts[key] = WebResponse(
            status: status, headers: head.headers, body: Self.body(inner, head))
    }

    private static func body(
        _ inner: [UInt8], _ head: (headers: WebHeaders, bodyStart: Int)
    ) -> [UInt8] {
        let rest = inner[head.bodyStart...]
        guard let text = head.headers["Content-Length"], let length = Int(text), length >= 0
        else { return Array(rest) }
        // A part shorter than it says is kept as it is: the JSON check will find it cut short.
        return Array(rest.prefix(length))
    }

    /// `<response-abc>` → `abc`; brackets and the prefix may be missing.
    private static func requestID(_ text: String) -> String? {
        var id = Substring(text)
        if id.hasPrefix("<") { id = id.dropFirst() }
        if id.hasSuffix(">") { id = id.dropLast() }
        if id.hasPrefix("response-") { id = id.dropFirst("response-".count) }
        if id.hasPrefix("<") { id = id.dropFirst() }
        return id.isEmpty ? nil : String(id)
    }

    private static func status(_ line: ArraySlice<UInt8>) -> Int? {
        let words = line.split(separator: 0x20, maxSplits: 2)
        guard words.count >= 2, words[0].starts(with: Array("HTTP/".utf8)), words[1].count == 3,
            words[1].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(String(decoding: words[1], as: UTF8.self))
    }

    /// Reads header lines up to the empty one, unfolding continued lines; at most 100 lines.
    private static func headers(
        _ bytes: [UInt8], from start: Int
    ) -> (headers: WebHeaders, bodyStart: Int)? {
        var unfolded: [String] = []
        for line in ByteLines(bytes, from: start) {
            let content = line.content(of: bytes)
            if content.isEmpty { return (parsed(unfolded), line.next) }
            guard unfolded.count < 100 else { return nil }
            let text = String(decoding: content, as: UTF8.self)
            if let last = unfolded.indices.last, content.first == 0x20 || content.first == 0x09 {
                let continued = text.drop { $0 == " " || $0 == "\t" }
                unfolded[last] += " " + continued
            } else {
                unfolded.append(text)
            }
        }
        // Headers alone, without the empty line behind them: an answer without a body.
        return (parsed(unfolded), bytes.count)
    }

    private static func parsed(_ lines: [String]) -> WebHeaders {
        var headers = WebHeaders()
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers.append(String(line[..<colon]), String(line[line.index(after: colon)...]))
        }
        return headers
    }
}

/// The lines of a body, ended by CRLF or LF.
private struct ByteLines: Sequence, IteratorProtocol {
    struct Line {
        let start: Int
        let end: Int
        /// Where the next line begins.
        let next: Int
        /// Where the line before ended, its line end not included.
        let endOfPrevious: Int

        func content(of bytes: [UInt8]) -> ArraySlice<UInt8> { bytes[start..<end] }
    }

    private let bytes: [UInt8]
    private var position: Int
    private var previousEnd: Int

    init(_ bytes: [UInt8], from start: Int = 0) {
        self.bytes = bytes
        position = Swift.min(start, bytes.count)
        previousEnd = position
    }

    mutating func next() -> Line? {
        guard position < bytes.count else { return nil }
        let start = position
        let feed = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        let end = feed > start && feed < bytes.count && bytes[feed - 1] == 0x0D ? feed - 1 : feed
        let line = Line(
            start: start, end: end, next: Swift.min(feed + 1, bytes.count),
            endOfPrevious: previousEnd)
        position = line.next
        previousEnd = end
        return line
    }
}
