import Crypto

/// A folder of contents, each in a file named by its digest: photos, staged uploads, exports.
public struct BlobFolder: Sendable {
    /// Where it lies.
    public let path: String

    /// Uses a folder, which is made with the first content.
    public init(path: String) { self.path = path }

    /// Keeps a content, on disk when the call returns.
    func put(_ bytes: [UInt8]) throws(StoreError) -> BlobDigest {
        let digest = BlobDigest(of: bytes)
        let file = try self.path(of: digest)
        // The size alone proves nothing: a file that a crash or the disk spoilt is written anew.
        if case .file(let size) = try PrivateFiles.entry(at: file), size == Int64(bytes.count),
            let kept = try PrivateFiles.read(file, limit: bytes.count),
            BlobDigest(of: kept) == digest
        {
            return digest
        }
        try PrivateFiles.makeFolder(path)
        try PrivateFiles.makeFolder(String(file.dropLast(63)))
        try PrivateFiles.write(bytes, to: file, replacing: true)
        return digest
    }

    /// A content; `nil` where the folder has none such.
    func read(_ digest: BlobDigest, limit: Int) throws(StoreError) -> [UInt8]? {
        guard let bytes = try PrivateFiles.read(path(of: digest), limit: limit) else {
            return nil
        }
        guard BlobDigest(of: bytes) == digest else {
            throw StoreError(
                .corrupt, "A stored content no longer has its digest.",
                remedy: "Check the disk, then sync again to fetch it anew.")
        }
        return bytes
    }

    /// Removes a content, where it is there.
    func remove(_ digest: BlobDigest) throws(StoreError) {
        try PrivateFiles.remove(path(of: digest))
    }

    /// The first two digits of the digests that there are contents of, in order.
    func parts() throws(StoreError) -> [String] {
        try PrivateFiles.names(in: path).filter { $0.utf8.count == 2 }
    }

    /// The digests of the contents in one part, in order; drafts that a crash left are removed.
    func digests(in part: String) throws(StoreError) -> [BlobDigest] {
        var digests: [BlobDigest] = []
        for name in try PrivateFiles.names(in: "\(path)/\(part)") {
            let digest = BlobDigest(rawValue: part + name)
            if isValid(digest) {
                digests.append(digest)
            } else {
                try PrivateFiles.remove("\(path)/\(part)/\(name)")
            }
        }
        return digests
    }

    private func isValid(_ digest: BlobDigest) -> Bool {
        digest.rawValue.utf8.count == 64 && digest.rawValue.utf8.allSatisfy(Hexadecimal.isDigit)
    }

    /// The file of a content: the first two digits of its digest name a folder.
    func path(of digest: BlobDigest) throws(StoreError) -> String {
        guard isValid(digest) else {
            throw StoreError(.misuse, "That is no digest of a content.")
        }
        let text = digest.rawValue
        return "\(path)/\(text.prefix(2))/\(text.dropFirst(2))"
    }
}

/// The SHA-256 digest of a content, in 64 lower-case hexadecimal digits.
public struct BlobDigest: Hashable, Sendable, RawRepresentable {
    /// The digits.
    public let rawValue: String

    /// Takes a digest as it was stored.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Works out a content's digest.
    public init(of bytes: [UInt8]) {
        rawValue = Hexadecimal.text(of: SHA256.hash(data: bytes))
    }
}
