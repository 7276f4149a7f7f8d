import Foundation
import Testing

/// A page that is followed word by word, on a local Google.
///
/// A block of shell that begins with `tandem emulator start` runs beside the others, on a free port
/// in the place of the page's; all others run one after the other in one shell. A block of text
/// behind one is what it prints; `…` stands for anything.
struct FollowedGuide {
    /// A block of shell with what the page says that it prints.
    struct Block {
        var script: [String] = []
        var output: [String]?

        var starts: Bool { script.first?.hasPrefix("tandem emulator start") == true }
    }

    let blocks: [Block]

    /// The port that pages name.
    private static let port = "8085"

    /// Reads a page of this repository.
    init(_ path: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
        var blocks: [Block] = []
        var fence: String?
        for line in text.components(separatedBy: "\n") {
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
        self.blocks = blocks
    }

    /// Does what the page says, and expects what it says; programs are those built beside `tandem`
    /// that the page calls by name.
    func follow(with programs: [String] = []) throws {
        let start = try #require(blocks.first { $0.starts }?.script.first)
        let flags = start.split(separator: " ").dropFirst(3).map(String.init)
            .filter { $0 != "--port" && $0 != Self.port }
        let scene = try Scene()
        try scene.startGoogle(flags)
        let port = try #require(scene.url.split(separator: ":").last.map(String.init))
        let steps = blocks.filter { !$0.starts }
        var script = ["set -e", "mkdir -p bin", "ln -sf \"$TANDEM\" bin/tandem"]
        script += programs.map { "ln -sf \"$(dirname \"$TANDEM\")/\($0)\" bin/\($0)" }
        script += ["PATH=\"$PWD/bin:$PATH\"", "unset TANDEM_GOOGLE_URL"]
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

    /// Whether the lines are those wanted, where `…` stands for anything.
    static func fits(_ printed: [String], _ wanted: [String]) -> Bool {
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
}
