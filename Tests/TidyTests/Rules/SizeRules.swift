/// How long files and functions may get.
enum SizeRules {
    static let fileWall = 600
    static let fileGoal = 400
    static let functionWall = 70

    static func longFile(_ path: String, lines: Int) -> Finding? {
        guard lines > fileWall else { return nil }
        return Finding(
            path: path, line: fileWall + 1,
            message: "\(lines) lines; the wall is \(fileWall): split it by topic")
    }

    static func longFunctions(in file: SwiftFile) -> [Finding] {
        FunctionFinder.functions(in: file.tokens).filter { $0.lines > functionWall }.map {
            Finding(
                path: file.path, line: $0.firstLine,
                message: "'\($0.name)' has \($0.lines) lines; the wall is \(functionWall)")
        }
    }
}
