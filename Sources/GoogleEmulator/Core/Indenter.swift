/// Turns compact JSON into the indented form that Google sends unless `prettyPrint=false`: one
/// blank a level, one value a line.
enum Indenter {
    /// A whole document, with a line end behind it.
    static func indented(_ compact: [UInt8]) -> [UInt8] {
        var output = nested(compact, depth: 0)
        output.append(UInt8(ascii: "\n"))
        return output
    }

    /// A value that stands so many levels deep in an indented document.
    static func nested(_ compact: [UInt8], depth base: Int) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(compact.count + compact.count / 2)
        compact.withUnsafeBufferPointer { input in
            var depth = base
            var position = 0
            // What stands between two breaks is copied in one go.
            var start = 0
            while position < input.count {
                switch input[position] {
                case UInt8(ascii: "\""):
                    position = endOfString(input, from: position)
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    let isEmpty = position + 1 < input.count && isClosing(input[position + 1])
                    position += isEmpty ? 2 : 1
                    guard !isEmpty else { continue }
                    depth += 1
                case UInt8(ascii: ","):
                    position += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth = max(depth - 1, 0)
                    copy(input, start..<position, into: &output)
                    newLine(depth, into: &output)
                    start = position
                    position += 1
                    continue
                case UInt8(ascii: ":"):
                    position += 1
                    copy(input, start..<position, into: &output)
                    output.append(UInt8(ascii: " "))
                    start = position
                    continue
                default:
                    position += 1
                    continue
                }
                copy(input, start..<position, into: &output)
                newLine(depth, into: &output)
                start = position
            }
            copy(input, start..<input.count, into: &output)
        }
        return output
    }

    private static func isClosing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }

    private static func copy(
        _ input: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into output: inout [UInt8]
    ) {
        output.append(contentsOf: UnsafeBufferPointer(rebasing: input[range]))
    }

    /// The position after the closing quote of the string that begins at `start`.
    private static func endOfString(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int {
        var position = start + 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\"): position += 2
            case UInt8(ascii: "\""): return position + 1
            default: position += 1
            }
        }
        return bytes.count
    }

    /// A line end and the blanks of the usual depths.
    private static let margin = [UInt8(ascii: "\n")] + [UInt8](repeating: 0x20, count: 32)

    private static func newLine(_ depth: Int, into output: inout [UInt8]) {
        output.append(contentsOf: margin.prefix(depth + 1))
        for _ in 0..<max(depth + 1 - margin.count, 0) { output.append(0x20) }
    }
}
