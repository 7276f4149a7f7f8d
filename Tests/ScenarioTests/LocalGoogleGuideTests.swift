import Foundation
import Testing

/// The guide to the local Google, followed word by word.
///
/// A block of shell that begins with `tandem emulator start` runs beside the others, on a free port
/// in the place of the guide's; all others run one after the other in one shell. A block of text
/// behind one is what it prints; `…` stands for anything.
@Suite(.serialized) struct LocalGoogleGuideTests {
    /// A block of shell with what the guide says that it prints.
    private struct Block {
        var script: [String] = []
        var output: [String]?

        var starts: Bool { script.first?.hasPrefix("tandem emulator start") == true }
    }

    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Documentation/Guides/LocalGoogle.md")

    /// The port that the guide names.
    private static let port = "8085"

    private static func blocks() throws -> [Block] {
        var blocks: [Block] = []
        var fence: String?
        for line in try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n") {
            if line.hasPrefix("```") {
                guard fence == nil else {
                    fence = nil
                    continue
                }
                fence = String(line.dropFirst(3))
                if fence == "sh" { blocks.append(Block()) }
                if fence == "text", !blocks.isEmpty { blocks[blocks.count - 1].output = [] }
            } else if fence == "sh" {
                blocks[blocks.count - 1].script.append(line)
            } else if fence == "text", !blocks.isEmpty {
                blocks[blocks.count - 1].output?.append(line)
            }
        }
        return blocks
    }

    @Test func `every command of the guide does what the guide says`() throws {
        let blocks = try Self.blocks()
        #expect(blocks.count > 8)
        let start = try #require(blocks.first { $0.starts }?.script.first)
        let flags = start.split(separator: " ").dropFirst(3).map(String.init)
            .filter { $0 != "--port" && $0 != Self.port }
        let scene = try Scene()
        try scene.startGoogle(flags)
        let port = try #require(scene.url.split(separator: ":").last.map(String.init))
        let steps = blocks.filter { !$0.starts }
        var script = [
            "set -e", "mkdir -p bin", "ln -sf \"$TANDEM\" bin/tandem", "PATH=\"$PWD/bin:$PATH\"",
            "unset TANDEM_GOOGLE_URL",
        ]
        for (index, step) in steps.enumerated() {
            // What is printed may end without its line.
            script.append("printf '\\n== \(index)\\n'; echo '== \(index)' >&2")
            script += step.script.map { $0.replacing(Self.port, with: port) }
        }
        script.append("printf '\\n== \(steps.count)\\n'")
        let run = try scene.shell(script.joined(separator: "\n"))
        #expect(run.status == 0, "\(run.output)\n\(run.diagnostics)")
        for (index, step) in steps.enumerated() {
            guard let wanted = step.output else { continue }
            let printed = Self.section(index, of: run.output)
            #expect(
                Self.fits(printed, wanted.map { $0.replacing(Self.port, with: port) }),
                "\(step.script) printed \(printed)")
        }
    }

    /// What was printed between two marks.
    private static func section(_ index: Int, of output: String) -> [String] {
        let lines = output.components(separatedBy: "\n")
        guard let first = lines.firstIndex(of: "== \(index)"),
            let end = lines.firstIndex(of: "== \(index + 1)")
        else { return [] }
        return Array(lines[(first + 1)..<end].dropLast(lines[end - 1].isEmpty ? 1 : 0))
    }

    private static func fits(_ printed: [String], _ wanted: [String]) -> Bool {
        printed.count == wanted.count
            && zip(printed, wanted).allSatisfy { line, pattern in
                var rest = line[...]
                let parts = pattern.components(separatedBy: "…")
                for (index, part) in parts.enumerated() where !part.isEmpty {
                    guard let found = rest.firstRange(of: part),
                        index > 0 || found.lowerBound == rest.startIndex
                    else { return false }
                    rest = rest[found.upperBound...]
                }
                return rest.isEmpty || pattern.hasSuffix("…")
            }
    }

    @Test func `a printed line fits its pattern, and no other one`() {
        #expect(Self.fits(["a 12 b"], ["a … b"]))
        #expect(Self.fits(["a 12"], ["a …"]))
        #expect(!Self.fits(["x a 12 b"], ["a … b"]))
        #expect(!Self.fits(["a 12 bc"], ["a … b"]))
        #expect(!Self.fits([], ["a"]))
    }
}
