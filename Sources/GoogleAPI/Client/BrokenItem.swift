import LosslessJSON

/// One item of a page that is not JSON, though the page around it is.
public struct BrokenItem: Hashable, Sendable {
    /// The item as it came; bytes that are not UTF-8 are replaced.
    public let raw: String
    /// Its id, where it could be read.
    public let id: String?
    /// What is wrong with it, as a sentence.
    public let reason: String
}

/// Takes the items that are not JSON out of a page, so that the others can be read.
///
/// Only faults within a string or of depth are dealt with: half a surrogate pair, an unknown escape,
/// a byte that is not UTF-8, a bare control character. They move neither quotes nor brackets, so it
/// is certain where an item begins and ends. A page that is broken in any other way, such as one
/// that was cut short, is no page: nothing could be said of what it does not name.
struct PageMender {
    private let bytes: [UInt8]
    /// The most faults that are mended in one item to find its id.
    private static let mostFaults = 256

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The page without the items that are broken, and those items.
    ///
    /// - Parameters:
    ///   - itemsKey: The member that holds the items.
    ///   - maxDepth: How deep a page may be nested.
    /// - Returns: `nil` where no item can be blamed.
    func mended(itemsKey: String, maxDepth: Int) -> (page: [UInt8], broken: [BrokenItem])? {
        guard let items = PageOutline(bytes).items(of: itemsKey) else { return nil }
        var broken: [BrokenItem] = []
        var page = Array(bytes[..<items.start])
        var isFirst = true
        for place in items.elements {
            let item = Array(bytes[place])
            switch Self.judge(item, JSONLimits(maxDepth: max(0, maxDepth - 2))) {
            case .whole:
                if !isFirst { page.append(UInt8(ascii: ",")) }
                isFirst = false
                page += item
            case .broken(let found): broken.append(found)
            case .unclear: return nil
            }
        }
        guard !broken.isEmpty else { return nil }
        return (page + bytes[items.end...], broken)
    }

    private enum Verdict {
        case whole, unclear
        case broken(BrokenItem)
    }

    /// Mends a copy of the item until it can be read: that proves where it ends, and tells its id.
    private static func judge(_ item: [UInt8], _ limits: JSONLimits) -> Verdict {
        var (copy, limits) = (item, limits)
        var first: JSONError?
        for _ in 0...mostFaults {
            do throws(JSONError) {
                let root = try JSONDocument(parsing: copy, limits: limits).root
                guard let first else { return .whole }
                // An id that had to be mended is none; they have no question marks.
                let id = root["id"]?.string.flatMap { $0.contains("?") ? nil : $0 }
                return .broken(
                    BrokenItem(
                        raw: String(decoding: item, as: UTF8.self), id: id,
                        reason: "The item is not JSON that can be read. \(first.message)"))
            } catch {
                first = first ?? error
                switch error.code {
                case .depth where limits.maxDepth < deepest: limits.maxDepth = deepest
                case .escape where copy.indices.contains(error.offset),
                    .utf8 where copy.indices.contains(error.offset),
                    .syntax where isControl(error.offset, in: copy):
                    copy[error.offset] = UInt8(ascii: "?")
                default: return .unclear
                }
            }
        }
        return .unclear
    }

    /// Outside of strings a question mark is no better than what it replaces.
    private static func isControl(_ place: Int, in item: [UInt8]) -> Bool {
        item.indices.contains(place) && item[place] < 0x20
    }

    /// The deepest nesting that the parser takes.
    private static let deepest = 512
}

/// Where the items of a page lie, found without reading what they contain.
private struct PageOutline {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private static let space: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]

    struct Items {
        /// Behind the opening bracket.
        var start: Int
        /// At the closing bracket.
        var end: Int
        var elements: [Range<Int>] = []
    }

    /// - Returns: `nil` where the page is not an object with such a list.
    func items(of key: String) -> Items? {
        var copy = self
        return copy.findItems(key)
    }

    private mutating func findItems(_ key: String) -> Items? {
        guard next() == UInt8(ascii: "{") else { return nil }
        place += 1
        while let byte = next(), byte == UInt8(ascii: "\"") {
            let name = place
            guard skipString() else { return nil }
            let isItems = bytes[name..<place].elementsEqual("\"\(key)\"".utf8)
            guard next() == UInt8(ascii: ":") else { return nil }
            place += 1
            if isItems, next() == UInt8(ascii: "[") { return elements() }
            guard skipValue() else { return nil }
            if next() == UInt8(ascii: ",") { place += 1 }
        }
        return nil
    }

    private mutating func elements() -> Items? {
        place += 1
        var items = Items(start: place, end: place)
        while let byte = next(), byte != UInt8(ascii: "]") {
            let start = place
            guard skipValue() else { return nil }
            let isSpace = { Self.space.contains($0) }
            let blanks = bytes[start..<place].reversed().prefix(while: isSpace).count
            items.elements.append(start..<place - blanks)
            if next() == UInt8(ascii: ",") { place += 1 }
        }
        guard place < bytes.count else { return nil }
        items.end = place
        return items
    }

    /// The next byte that is no white space; stays on it.
    private mutating func next() -> UInt8? {
        while place < bytes.count, Self.space.contains(bytes[place]) { place += 1 }
        return place < bytes.count ? bytes[place] : nil
    }

    /// Goes behind a string.
    private mutating func skipString() -> Bool {
        place += 1
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\\"): place += 2
            case UInt8(ascii: "\""):
                place += 1
                return true
            default: place += 1
            }
        }
        return false
    }

    /// Goes behind a value, which has at least one byte.
    private mutating func skipValue() -> Bool {
        let start = place
        var depth = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                place += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return place > start }
                depth -= 1
                place += 1
            case UInt8(ascii: ",") where depth == 0: return place > start
            default: place += 1
            }
        }
        return false
    }
}
