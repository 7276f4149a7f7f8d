import Crypto
import Foundation
public import TandemCore

/// Seals secrets with ChaCha20-Poly1305 under a key that lies outside the store's file.
///
/// The key file has mode 0600 and is made with the first secret. Each secret names its key, so
/// that keys can be changed one after another, and is bound to whose it is, so that a row that
/// was moved to another account or user does not open.
/// - SeeAlso: RFC 8439, "ChaCha20 and Poly1305 for IETF Protocols".
public struct CredentialSealer: Sendable {
    private let source: KeySource

    private enum KeySource {
        case file(String)
        case memory(SealingKeys)
    }

    /// Seals with the keys of a file, which need not be there yet.
    public init(keyFile: String) { source = .file(keyFile) }

    /// Seals with one key that is kept nowhere: for stores in memory.
    public init(ephemeralKeyFrom random: any RandomSource) {
        source = .memory(SealingKeys(keys: [SealingKey(random: random)]))
    }

    /// Seals a secret for what `label` says.
    func seal(
        _ secret: [UInt8], for label: SealLabel, random: any RandomSource
    ) throws(StoreError) -> SealedBytes {
        let key = try currentKey(random: random)
        do {
            let nonce = try ChaChaPoly.Nonce(data: RandomBytes.make(12, from: random))
            let box = try ChaChaPoly.seal(
                secret, using: key.symmetricKey, nonce: nonce, authenticating: label.bytes)
            return SealedBytes(keyID: key.id, combined: box.combined)
        } catch {
            throw StoreError(.sealed, "A secret could not be sealed.", cause: error)
        }
    }

    /// Opens a secret that was sealed for what `label` says.
    func open(_ sealed: SealedBytes, for label: SealLabel) throws(StoreError) -> [UInt8] {
        guard let keyID = sealed.keyID else { throw Self.unreadable() }
        guard let keys = try keys() else {
            throw StoreError(
                .sealed, "The key file is missing, so that stored sign-ins cannot be opened.",
                remedy: "Put the key file back, or sign in again: tandem auth login")
        }
        guard let key = keys.keys.first(where: { $0.id == keyID }) else {
            throw StoreError(
                .sealed, "The key file lacks the key of a stored sign-in.",
                remedy: "Put the right key file back, or sign in again: tandem auth login")
        }
        do {
            let box = try ChaChaPoly.SealedBox(combined: sealed.combined)
            return Array(
                try ChaChaPoly.open(box, using: key.symmetricKey, authenticating: label.bytes))
        } catch { throw Self.unreadable(cause: error) }
    }

    /// Adds a key that is used from now on; secrets under the older ones still open.
    func addKey(random: any RandomSource) throws(StoreError) {
        guard case .file(let path) = source else {
            throw StoreError(.misuse, "A key that is kept nowhere cannot be changed.")
        }
        let keys = [SealingKey(random: random)] + (try keys()?.keys ?? [])
        try PrivateFiles.write(SealingKeys(keys: keys).fileBytes, to: path, replacing: true)
    }

    /// Forgets all keys but the newest, once nothing is sealed under them.
    func dropOldKeys() throws(StoreError) {
        guard case .file(let path) = source, let keys = try keys(), keys.keys.count > 1 else {
            return
        }
        let newest = SealingKeys(keys: Array(keys.keys.prefix(1)))
        try PrivateFiles.write(newest.fileBytes, to: path, replacing: true)
    }

    private func keys() throws(StoreError) -> SealingKeys? {
        switch source {
        case .memory(let keys): return keys
        case .file(let path):
            guard let bytes = try PrivateFiles.read(path, limit: SealingKeys.largestFile) else {
                return nil
            }
            try PrivateFiles.setMode(0o600, of: path)
            return try SealingKeys(fileBytes: bytes)
        }
    }

    private func currentKey(random: any RandomSource) throws(StoreError) -> SealingKey {
        if let key = try keys()?.keys.first { return key }
        guard case .file(let path) = source else { throw Self.unreadable() }
        let fresh = SealingKeys(keys: [SealingKey(random: random)])
        try PrivateFiles.write(fresh.fileBytes, to: path, replacing: false)
        // Another process may have been first: the file decides.
        guard let key = try keys()?.keys.first else { throw Self.unreadable() }
        return key
    }

    private static func unreadable(cause: (any Error)? = nil) -> StoreError {
        StoreError(
            .sealed, "A stored sign-in cannot be opened: it was changed, or belongs elsewhere.",
            remedy: "Sign in again: tandem auth login", cause: cause)
    }
}
