/// Multipart bodies, written with CRLF or with bare LF as Python's client does.
enum MultipartText {
    struct Part {
        let headers: [(name: String, value: String)]
        let body: [UInt8]

        func header(_ name: String) -> String? {
            let wanted = name.lowercased()
            return headers.first { $0.name.lowercased() == wanted }?.value
        }
    }

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

    /// The parts between the boundary lines.
    static func parts(_ body: [UInt8], boundary: String) -> [Part] {
        let opening = Array("--\(boundary)".utf8)
        let closing = Array("--\(boundary)--".utf8)
        var parts: [Part] = []
        var current: ArraySlice<UInt8>?
        for line in lines(body[...]) {
            let bare = withoutEnd(body[line])
            if bare.elementsEqual(closing) || bare.elementsEqual(opening) {
                if let current { parts.append(part(Array(withoutEnd(current)))) }
                if bare.count == closing.count { return parts }
                current = body[line.upperBound..<line.upperBound]
            } else if let open = current {
                current = body[open.startIndex..<line.upperBound]
            }
        }
        return parts
    }

    private static func part(_ bytes: [UInt8]) -> Part {
        let (headers, rest) = headerBlock(bytes[...])
        return Part(headers: headers, body: Array(rest))
    }

    /// Header fields up to the first empty line, folded ones unfolded, and what follows.
    static func headerBlock(
        _ bytes: ArraySlice<UInt8>
    ) -> (headers: [(name: String, value: String)], rest: ArraySlice<UInt8>) {
        var headers: [(name: String, value: String)] = []
        for line in lines(bytes) {
            let text = withoutEnd(bytes[line])
            guard let first = text.first else { return (headers, bytes[line.upperBound...]) }
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

    /// The ranges of lines with their ends.
    static func lines(_ bytes: ArraySlice<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = bytes.startIndex
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            ranges.append(start..<(index + 1))
            start = index + 1
        }
        if start < bytes.endIndex { ranges.append(start..<bytes.endIndex) }
        return ranges
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
        guard let line = MultipartText.lines(bytes[...]).first else { return nil }
        let words = String(decoding: MultipartText.withoutEnd(bytes[line]), as: UTF8.self)
            .split(separator: " ")
        guard words.count >= 2 else { return nil }
        let (own, rest) = MultipartText.headerBlock(bytes[line.upperBound...])
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
