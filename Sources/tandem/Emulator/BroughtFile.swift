import GoogleEmulator
import LosslessJSON

/// A file that is to be the content of a local Google.
struct BroughtFile {
    /// What people call it.
    let name: String
    let bytes: [UInt8]

    /// What a command takes.
    enum Kind {
        case seed
        case snapshot
    }

    /// - Parameters:
    ///   - path: The file as it was named, `-` for standard input.
    ///   - bytes: What it holds.
    init(_ path: String, _ bytes: [UInt8]) {
        name = path == "-" ? "standard input" : path
        self.bytes = bytes
    }

    /// What it holds.
    ///
    /// - Throws: ``CommandFailure`` with the line where it is no JSON.
    func json() throws -> JSON {
        do { return try JSON(parsing: bytes, limits: LocalGoogle.dataLimits) } catch {
            throw CommandFailure(notJSON: name, bytes, error)
        }
    }

    /// Does what the file is for, and where that fails says what is wrong with the file.
    ///
    /// It is only read here where that is needed: it may be large.
    func explaining<Value>(
        asA kind: Kind, _ body: ([UInt8]) async throws -> Value
    ) async throws -> Value {
        do { return try await body(bytes) } catch let failure as CommandFailure {
            guard
                ["invalidCommand", "invalidSeed", "invalidSnapshot"].contains(
                    String(failure.code.split(separator: ".").last ?? ""))
            else { throw failure }
            var told = failure
            told.remedy = Self.remedy(for: try json(), takenAsA: kind, name) ?? failure.remedy
            throw told
        }
    }

    /// The command that takes what this one does not; `nil` where there is none.
    static func remedy(for json: JSON, takenAsA kind: Kind, _ name: String) -> String? {
        let isSnapshot = json["format"]?.string?.hasPrefix("local-google-") == true
        let file = TerminalText.oneLine(name.shellWord)
        switch kind {
        case .seed:
            return isSnapshot ? "It is a snapshot: tandem emulator restore \(file)" : nil
        case .snapshot:
            let isSeed = ["accounts", "users", "groups", "calendars", "generate"].contains {
                json[$0] != nil
            }
            return isSeed && json["format"] == nil
                ? "It is a seed: tandem emulator seed \(file)" : nil
        }
    }
}
