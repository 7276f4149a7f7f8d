/// Turns compact JSON into the indented form that Google sends unless `prettyPrint=false`: one
/// blank a level, one value a line.
enum Indenter {
    static func indented(_ compact: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(compact.count + compact.count / 2)
        var depth = 0
        var position = 0
        while position < compact.count {
            let byte = compact[position]
            switch byte {
            case UInt8(ascii: "\""):
                let end = endOfString(compact, from: position)
                output.append(contentsOf: compact[position..<end])
                position = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                output.append(byte)
                let next = position + 1 < compact.count ? compact[position + 1] : 0
                if next == UInt8(ascii: "}") || next == UInt8(ascii: "]") {
                    output.append(next)
                    position += 1
                } else {
                    depth += 1
                    newLine(depth, into: &output)
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth = max(depth - 1, 0)
                newLine(depth, into: &output)
                output.append(byte)
            default:
                output.append(byte)
                if byte == UInt8(ascii: ",") { newLine(depth, into: &output) }
                if byte == UInt8(ascii: ":") { output.append(UInt8(ascii: " ")) }
            }
            position += 1
        }
        output.append(UInt8(ascii: "\n"))
        return output
    }

    /// The position after the closing quote of the string that begins at `start`.
    private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
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

    private static func newLine(_ depth: Int, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { output.append(UInt8(ascii: " ")) }
    }
}
