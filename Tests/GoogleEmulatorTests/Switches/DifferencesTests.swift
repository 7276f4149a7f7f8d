import Foundation
import LosslessJSON
import Testing

@testable import GoogleEmulator

/// The published table of switches.
@Suite struct DifferencesTests {
    private static func rows() throws -> [[String]] {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Documentation/Differences.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let table = try #require(text.components(separatedBy: "\n## Switches\n").last)
        return table.components(separatedBy: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func `every switch is published with its default, and no other one`() throws {
        let rows = try Self.rows()
        let standard = Switches()
        let known = SwitchTable.rows.map { row in
            let value = row.read(standard)
            return ["`\(row.name)`", value.string ?? value.text, row.allowed]
        }
        #expect(rows.map { Array($0.prefix(3)) } == known)
    }

    @Test func `every switch has its reason`() throws {
        for row in try Self.rows() {
            #expect(row.count == 4)
            #expect(row.last?.count ?? 0 > 20, "\(row)")
        }
    }
}
