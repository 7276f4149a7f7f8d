/// Multipart bodies, written with CRLF or with bare LF as Python's client does.
///
/// - SeeAlso: RFC 2046 section 5.1.1.
enum MultipartText {
    struct Part {
        let headers: [(name: String, value: String)]
        let body: [UInt8]

        func header(_ name: String) -> String? {
            headers.first { HeaderName.isSame($0.name, name) }?.value
        }
    }

    /// Why a body is no list of parts.
    enum Problem: Error, Hashable {
        case tooMany
        /// The line that ends it is missing: what came last may be a part of a part.
        case unfinished
    }

    /// Header fields up to their end may take so many bytes, and so may a request's first line.
    static let maxHeadBytes = 64 << 10

    /// The boundary that a media type names, with or without quotes.
    static func boundary(of type: String) -> String? {
        guard type.lowercased().hasPrefix("multipart/mixed") else { return nil }
        for piece in type.split(separator: ";").dropFirst() {
            let pair = piece.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, trimmed(pair[0]).lowercased() == "boundary" else { continue }
            var value = trimmed(pair[1])
            if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
                value = String(value.dropFirst().dropLast())
            }
            return value.isEmpty ? nil : value
        }
        return nil
    }

    /// The parts between the boundary lines; none where there is no boundary line at all.
    ///
    /// - Throws: ``Problem``, as soon as there is one.
    static func parts(
        _ body: [UInt8], boundary: String, atMost limit: Int = .max
    ) throws(Problem) -> [Part] {
        let opening = Array("--\(boundary)".utf8)
        var parts: [Part] = []
        // Where the present part begins.
        var start: Int?
        var line = body.startIndex
        while line < body.endIndex {
            let next = lineEnd(body, from: line)
            defer { line = next }
            guard body[line] == UInt8(ascii: "-"),
                let isLast = isBoundary(body[line..<next], opening)
            else { continue }
            if let start {
                guard parts.count < limit else { throw .tooMany }
                parts.append(part(withoutEnd(body[start..<line])))
            }
            if isLast { return parts }
            start = next
        }
        guard start == nil else { throw .unfinished }
        return []
    }

    /// Whether a boundary line is the last one; `nil` for any other line.
    private static func isBoundary(_ line: ArraySlice<UInt8>, _ opening: [UInt8]) -> Bool? {
        guard line.starts(with: opening) else { return nil }
        var rest = withoutEnd(line.dropFirst(opening.count))
        while let last = rest.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
            rest.removeLast()
        }
        if rest.isEmpty { return false }
        return rest.elementsEqual("--".utf8) ? true : nil
    }

    /// A part; one whose head is too long is empty, and so no request.
    private static func part(_ bytes: ArraySlice<UInt8>) -> Part {
        guard let (headers, rest) = headerBlock(bytes) else { return Part(headers: [], body: []) }
        return Part(headers: headers, body: Array(rest))
    }

    /// Header fields up to the first empty line, folded ones unfolded, and what follows.
    ///
    /// - Returns: `nil` where they take more than ``maxHeadBytes``.
    static func headerBlock(
        _ bytes: ArraySlice<UInt8>
    ) -> (headers: [(name: String, value: String)], rest: ArraySlice<UInt8>)? {
        var headers: [(name: String, value: String)] = []
        var line = bytes.startIndex
        while line < bytes.endIndex {
            let next = lineEnd(bytes[line...])
            guard next - bytes.startIndex <= maxHeadBytes else { return nil }
            let text = withoutEnd(bytes[line..<next])
            line = next
            guard let first = text.first else { return (headers, bytes[next...]) }
            if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t"), !headers.isEmpty {
                let more = trimmed(String(decoding: text, as: UTF8.self)[...])
                let last = headers.count - 1
                headers[last].value += headers[last].value.isEmpty ? more : " " + more
                continue
            }
            let pair = String(decoding: text, as: UTF8.self).split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { headers.append((trimmed(pair[0]), trimmed(pair[1]))) }
        }
        return (headers, bytes[bytes.endIndex...])
    }

    /// Where the first line ends, behind its LF if it has one.
    static func lineEnd(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
    }

    /// The same for the line that begins there, without a slice for each of millions of lines.
    private static func lineEnd(_ body: [UInt8], from line: Int) -> Int {
        var end = line
        while end < body.count, body[end] != UInt8(ascii: "\n") { end += 1 }
        return min(end + 1, body.count)
    }

    /// A line without CRLF or LF.
    static func withoutEnd(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }

    static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}

/// The request inside of a part.
enum InnerRequest {
    /// Reads `METHOD /path HTTP/1.1`, headers and body; headers of the outer request hold where
    /// the inner ones say nothing, but for those that describe the outer body.
    static func parse(_ bytes: [UInt8], outer: EmulatorRequest) -> EmulatorRequest? {
        let end = MultipartText.lineEnd(bytes[...])
        guard end <= MultipartText.maxHeadBytes else { return nil }
        let words = String(decoding: MultipartText.withoutEnd(bytes[..<end]), as: UTF8.self)
            .split(separator: " ")
        guard words.count >= 2, let (own, rest) = MultipartText.headerBlock(bytes[end...]) else {
            return nil
        }
        let names = Set(own.map { $0.name.lowercased() })
        let inherited = outer.headers.filter { header in
            let name = header.name.lowercased()
            return !name.hasPrefix("content-") && !names.contains(name)
        }
        return EmulatorRequest(
            method: words[0].uppercased(), target: path(String(words[1])),
            headers: own + inherited, body: Array(rest))
    }

    /// The path of an address that may be written in full.
    private static func path(_ target: String) -> String {
        guard let mark = target.firstRange(of: "://") else { return target }
        let rest = target[mark.upperBound...]
        return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
    }
}
