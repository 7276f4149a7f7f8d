/// Where one database's SQL differs from the one that both SQLite 3.40 and PostgreSQL 15 speak.
///
/// Schemas are written with words in braces, which a dialect replaces; queries ask it for the
/// few parts that cannot be shared.
public struct Dialect: Hashable, Sendable {
    /// The dialect's name, for messages.
    public let name: String
    /// What stands for each word in braces.
    let words: [String: String]
    /// What comes behind the shared schema of each version, by version.
    let additions: [Int: String]
    /// The condition that a resource `r` contains the words in one argument; `?` stands for it.
    let searchCondition: String
    /// Adds the words of the row that was inserted last, its title and its other words being the
    /// arguments; `nil` where the index keeps itself.
    let wordsOfLastRow: String?
    /// Adds the words of the resources `r` that fulfil the condition which follows.
    let wordsAdded: String?
    /// Removes the words of the resources `r` that fulfil the condition which follows.
    let wordsRemoved: String?

    /// Puts a dialect's own words in place of those in braces.
    func translate(_ schema: String) -> String {
        words.sorted { $0.key < $1.key }.reduce(schema) { text, word in
            text.replacing("{\(word.key)}", with: word.value)
        }
    }

    /// The condition that a resource `r` contains the words in argument `number`.
    func searchCondition(argument number: Int) -> String {
        searchCondition.replacing("?", with: "?\(number)")
    }

    /// SQLite, from 3.40 on.
    public static let sqlite = Self(
        name: "SQLite",
        words: [
            // STRICT tables refuse values of another type: https://www.sqlite.org/stricttables.html
            "blob": "BLOB", "integer": "INTEGER", "strict": "STRICT",
            "row key": "INTEGER PRIMARY KEY",
            "growing key": "INTEGER PRIMARY KEY AUTOINCREMENT",
        ],
        additions: [1: Migration0001.sqliteSearch + Migration0001.sqliteStatistics],
        searchCondition:
            "r.row_key IN (SELECT rowid FROM resource_words WHERE resource_words MATCH ?)",
        wordsOfLastRow: """
            INSERT INTO resource_words (rowid, title, words) VALUES (last_insert_rowid(), ?1, ?2)
            """,
        wordsAdded: """
            INSERT INTO resource_words (rowid, title, words)
            SELECT r.row_key, r.title, r.words FROM resources r WHERE
            """,
        wordsRemoved: """
            INSERT INTO resource_words (resource_words, rowid, title, words)
            SELECT 'delete', r.row_key, r.title, r.words FROM resources r WHERE
            """)
}
