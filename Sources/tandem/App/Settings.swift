import Foundation
import LosslessJSON

/// What holds for this call: flags before variables before the file before what is standard.
struct Settings: Sendable {
    /// Where a value comes from.
    enum Origin: String, Sendable {
        case flag
        case variable
        case file
        case standard = "default"
    }

    private let flags: [SettingKey: String]
    private let environment: [String: String]
    private let file: SettingsFile

    init(flags: [SettingKey: String], environment: [String: String], file: SettingsFile) {
        self.flags = flags
        self.environment = environment
        self.file = file
    }

    /// What is said about a setting, what counts before the rest first; not checked.
    private func sayings(_ key: SettingKey) -> [(value: String, origin: Origin)] {
        let variable = environment[key.variable].flatMap { $0.isEmpty ? nil : $0 }
        let sayings: [(String?, Origin)] = [
            (flags[key], .flag), (variable, .variable), (file.values[key], .file),
            (key.standard, .standard),
        ]
        return sayings.compactMap { value, origin in value.map { ($0, origin) } }
    }

    /// The value that holds as it was said, whether it can be used or not; `nil` for nothing.
    func found(_ key: SettingKey) -> (value: String, origin: Origin)? { sayings(key).first }

    /// The first value that can be used, for commands that mend the others.
    func usable(_ key: SettingKey) -> String? {
        sayings(key).first { key.accepts($0.value) }?.value
    }

    /// The value that holds, and where it comes from; `nil` where nothing is said.
    ///
    /// - Throws: ``CommandFailure`` with code `badSetting` for a value that makes no sense.
    func lookUp(
        _ key: SettingKey
    ) throws(CommandFailure) -> (value: String, origin: Origin)? {
        guard let (value, origin) = found(key) else { return nil }
        try key.check(value, from: origin)
        return (value, origin)
    }

    /// The value that holds; `nil` where nothing is said.
    subscript(_ key: SettingKey) -> String? {
        get throws(CommandFailure) { try lookUp(key)?.value }
    }
}

/// What a command needs of the settings.
enum SettingsUse: Sendable {
    /// All of them, and each has to make sense.
    case checked
    /// All of them as they are, so that a bad one can be seen and mended.
    case unchecked
    /// None from the file, which may be broken.
    case none
}

/// The file with the settings: one JSON object, its members named as ``SettingKey``.
struct SettingsFile: Sendable {
    /// The whole object, members that we do not know included.
    private(set) var json: JSONObject

    /// The largest file that is read.
    static let maxBytes = 1_048_576

    /// A file that says nothing.
    init() { json = [:] }

    /// Reads the file; one that is not there says nothing.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration`, naming the file and the place.
    init(_ file: URL) throws(CommandFailure) {
        guard Places.isThere(file) else {
            json = [:]
            return
        }
        let bytes: [UInt8]
        do {
            let handle = try FileHandle(forReadingFrom: file)
            defer { try? handle.close() }  // Only read from, so closing loses nothing.
            bytes = Array(try handle.read(upToCount: Self.maxBytes + 1) ?? Data())
        } catch CocoaError.fileNoSuchFile, CocoaError.fileReadNoSuchFile {
            json = [:]
            return
        } catch {
            throw Self.unusable(file, "it cannot be read: \(error.localizedDescription)")
        }
        guard bytes.count <= Self.maxBytes else {
            throw Self.unusable(file, "it is larger than \(Self.maxBytes) bytes")
        }
        do {
            guard let object = try JSON(parsing: bytes).object else {
                throw Self.unusable(file, "it is not a JSON object")
            }
            json = object
        } catch let error as JSONError {
            throw Self.unusable(file, "\(error.message) (at byte \(error.offset))")
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw Self.unusable(file, "it is not JSON")
        }
    }

    /// The values of the members that we know; numbers as their text.
    var values: [SettingKey: String] {
        var values: [SettingKey: String] = [:]
        for key in SettingKey.allCases {
            guard let value = json[key.rawValue] else { continue }
            values[key] = value.string ?? value.number?.text ?? value.text
        }
        return values
    }

    /// Members that mean nothing to us, in the file's order.
    var unknownKeys: [String] { json.keys.filter { SettingKey(rawValue: $0) == nil } }

    /// The file's object with one value changed; `nil` takes it out.
    mutating func set(_ key: SettingKey, to value: String?) {
        guard let value else {
            json.removeValue(forKey: key.rawValue)
            return
        }
        json[key.rawValue] = .string(value)
    }

    private static func unusable(_ file: URL, _ why: String) -> CommandFailure {
        CommandFailure(
            .configuration, code: "badSettingsFile",
            "The settings file \(file.path) cannot be used: \(why).",
            remedy: "Mend it, or delete it: everything in it can be set again.")
    }
}
