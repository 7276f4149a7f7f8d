import TandemCore

/// One content that a user's things refer to.
public struct BlobRecord: Hashable, Sendable {
    /// The digest of the content.
    public let digest: BlobDigest
    /// Its length in bytes.
    public let bytes: Int
    /// What it is, as an RFC 6838 media type.
    public let mediaType: String
    /// How many of the user's things refer to it.
    public let references: Int
}

/// The contents that a user's things refer to: rows here, files in one folder.
///
/// A file is on disk before its row is committed, and goes only after its last row has gone.
public struct Blobs {
    let transaction: StoreTransaction

    /// The largest content that is read or written in one piece, in bytes.
    public static let largestContent = 64 << 20

    /// Keeps a content, or refers once more to one that is kept.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - mediaType: What it is, as an RFC 6838 media type.
    /// - Returns: The digest that it is read by.
    /// - Throws: ``StoreError``, with code `misuse` over ``largestContent`` or without a folder.
    public func put(_ bytes: [UInt8], mediaType: String) throws -> BlobDigest {
        guard bytes.count <= Self.largestContent else {
            throw StoreError(.misuse, "A content of \(bytes.count) bytes is too large to keep.")
        }
        let digest = try folder().put(bytes)
        try transaction.gate.execute(
            """
            INSERT INTO blobs (user_id, digest, bytes, media_type, reference_count, created_at)
            VALUES (?1, ?2, ?3, ?4, 1, ?5)
            ON CONFLICT (user_id, digest) DO UPDATE
            SET reference_count = blobs.reference_count + 1
            """,
            [
                .word(digest), .integer(Int64(bytes.count)), .text(mediaType),
                .moment(transaction.environment.now()),
            ])
        return digest
    }

    /// What is known of a content; `nil` where the user has none such.
    /// - Throws: ``StoreError``.
    public func find(_ digest: BlobDigest) throws -> BlobRecord? {
        try transaction.gate.first(
            """
            SELECT digest, bytes, media_type, reference_count FROM blobs
            WHERE user_id = ?1 AND digest = ?2
            """,
            [.word(digest)]
        ) { row in
            BlobRecord(
                digest: try row.word(), bytes: Int(try row.integer()), mediaType: try row.text(),
                references: Int(try row.integer()))
        }
    }

    /// A content; `nil` where the user has none such.
    /// - Throws: ``StoreError`` with code `corrupt` where the file is damaged or missing.
    public func read(_ digest: BlobDigest) throws -> [UInt8]? {
        guard try find(digest) != nil else { return nil }
        guard let bytes = try folder().read(digest, limit: Self.largestContent) else {
            throw StoreError(
                .corrupt, "The file of a stored content is missing.",
                remedy: "Put the folder of contents back, or sync again.")
        }
        return bytes
    }

    /// Refers once less to a content; with the last reference its row goes.
    /// - Throws: ``StoreError`` with code `notFound`.
    public func release(_ digest: BlobDigest) throws {
        try transaction.gate.change(
            "content",
            """
            UPDATE blobs SET reference_count = reference_count - 1
            WHERE user_id = ?1 AND digest = ?2
            """,
            [.word(digest)])
        try transaction.gate.execute(
            "DELETE FROM blobs WHERE user_id = ?1 AND digest = ?2 AND reference_count = 0",
            [.word(digest)])
    }

    private func folder() throws(StoreError) -> BlobFolder {
        guard let folder = transaction.blobFolder else {
            throw StoreError(.misuse, "This store has no folder for contents.")
        }
        return folder
    }
}
