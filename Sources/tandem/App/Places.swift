import Foundation
import TandemStore

/// Where the program keeps its files.
///
/// - SeeAlso: XDG Base Directory Specification 0.8.
struct Places: Sendable, Equatable {
    /// Settings, and the key that seals secrets.
    let config: URL
    /// The store.
    let data: URL
    /// What runs left behind, such as the address of the last local Google.
    let state: URL
    /// What can be made again.
    let cache: URL

    init(config: URL, data: URL, state: URL, cache: URL) {
        self.config = config
        self.data = data
        self.state = state
        self.cache = cache
    }

    /// Everything below one folder.
    init(home: URL) {
        self.init(
            config: home.appending(path: "config"), data: home.appending(path: "data"),
            state: home.appending(path: "state"), cache: home.appending(path: "cache"))
    }

    /// Where the environment says: `TANDEM_HOME` for all of them, else the XDG folders.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration` without a home folder.
    init(environment: [String: String]) throws(CommandFailure) {
        if let home = environment["TANDEM_HOME"], !home.isEmpty {
            self.init(home: URL(filePath: home).absoluteURL)
            return
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw CommandFailure(
                .configuration, code: "noHome",
                "There is no home folder: HOME is not set.", remedy: "Set TANDEM_HOME=FOLDER.")
        }
        func folder(_ variable: String, _ standard: String) -> URL {
            // The specification says that relative paths are to be ignored.
            let named = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
            return URL(filePath: named ?? "\(home)/\(standard)").appending(path: "tandem")
        }
        self.init(
            config: folder("XDG_CONFIG_HOME", ".config"),
            data: folder("XDG_DATA_HOME", ".local/share"),
            state: folder("XDG_STATE_HOME", ".local/state"),
            cache: folder("XDG_CACHE_HOME", ".cache"))
    }

    /// The file with the settings.
    var settingsFile: URL { config.appending(path: "config.json") }
    /// The folder with the store.
    var storeFolder: URL { data }
    /// Where the address of the last local Google is noted.
    var lastEmulatorFile: URL { state.appending(path: "emulator.json") }

    /// Makes a folder for the owner alone, and takes others' rights from one that is there; a link
    /// and what others own are refused, and left as they are.
    ///
    /// - Throws: ``CommandFailure``, with exit `configuration` unless the disk failed.
    static func prepare(_ folder: URL) throws(CommandFailure) {
        do { try PrivateFiles.makeFolder(folder.path) } catch {
            throw CommandFailure(describing: error)
        }
    }

    /// Whether there is anything at a file's place, or may be.
    ///
    /// Asked first where most people have no file: to meet an error of Foundation's and to tell its
    /// kind takes a millisecond.
    static func isThere(_ file: URL) -> Bool { access(file.path, F_OK) == 0 || errno != ENOENT }

    /// Takes others' rights from a file of one's own that was made by hand; a link stays as it is.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration`.
    static func protect(_ file: URL) throws(CommandFailure) {
        guard isThere(file) else { return }
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            let rights = (attributes[.posixPermissions] as? NSNumber)?.intValue
            guard attributes[.type] as? FileAttributeType == .typeRegular, rights != 0o600,
                (attributes[.ownerAccountID] as? NSNumber)?.uint32Value == geteuid()
            else { return }
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: file.path)
        } catch CocoaError.fileNoSuchFile, CocoaError.fileReadNoSuchFile {
            return
        } catch {
            throw CommandFailure(
                .configuration, code: "file",
                "The file \(file.path) cannot be protected: \(error.localizedDescription)",
                remedy: "Let nobody else read it: chmod 600 FILE")
        }
    }

    /// Writes a file for the owner alone, whole or not at all.
    ///
    /// - Throws: ``CommandFailure`` with exit `configuration`.
    static func write(_ bytes: [UInt8], to file: URL) throws(CommandFailure) {
        try prepare(file.deletingLastPathComponent())
        do {
            try Data(bytes).write(to: file, options: .atomic)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: file.path)
        } catch {
            throw CommandFailure(
                .configuration, code: "file",
                "The file \(file.path) cannot be written: \(error.localizedDescription)",
                remedy: "Make room, or check its rights.")
        }
    }
}
