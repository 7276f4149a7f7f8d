import Foundation
import Testing

/// One case of the JSONTestSuite; see Fixtures/README.md.
struct SuiteCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    var testDescription: String { name }

    /// All cases in the order of the file; none if it can't be read, which a test would notice.
    static let all: [SuiteCase] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/json-test-suite.tsv")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").map { line in
            let fields = line.split(
                separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            return SuiteCase(name: String(fields[0]), bytes: unescaped(fields[1]))
        }
    }()

    private static func unescaped(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(String(Substring(rest.prefix(2))), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
