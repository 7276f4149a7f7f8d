import Foundation
import TandemCore
import TandemStore

/// Where a replica keeps its store.
enum SimulatedHome {
    /// In memory, where nothing but the program itself can end.
    case memory(SimulatedStores)
    /// In a folder, from which a program that ended begins again.
    case folder(String)

    /// Opens the store, or makes it.
    func open(_ rulebook: Rulebook, _ environment: TandemEnvironment) throws -> Store {
        switch self {
        case .memory(let stores): try stores.take(environment)
        case .folder(let path):
            try Store.open(folder: path, rulebook: rulebook, environment: environment)
        }
    }

    /// Gives a store back that nobody uses any more.
    func close(_ store: Store) throws {
        switch self {
        case .memory(let stores): stores.giveBack(store)
        case .folder: try store.close()
        }
    }

    /// Puts a copy of a closed store aside; a later one takes its place.
    func backUp() throws {
        guard case .folder(let path) = self else { return }
        try Self.copy(path, to: path + ".backup")
    }

    /// Puts the copy in the place of the closed store.
    ///
    /// - Returns: Whether there was one.
    func restore() throws -> Bool {
        guard case .folder(let path) = self,
            FileManager.default.fileExists(atPath: path + ".backup")
        else { return false }
        try Self.copy(path + ".backup", to: path)
        return true
    }

    private static func copy(_ path: String, to other: String) throws {
        if FileManager.default.fileExists(atPath: other) {
            try FileManager.default.removeItem(atPath: other)
        }
        try FileManager.default.copyItem(atPath: path, toPath: other)
    }
}
