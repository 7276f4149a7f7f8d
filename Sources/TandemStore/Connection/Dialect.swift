/// Where one database's SQL differs from the one that both SQLite 3.40 and PostgreSQL 15 speak.
///
/// Schemas are written with words in braces, which a dialect replaces; queries ask it for the
/// few parts that cannot be shared. A driver states its own, so it can live in a target of its own.
///
/// An index of words takes letters, numbers and the marks upon them for parts of words and divides
/// at everything else, and takes words for equal that differ in case or in accents only.
public struct Dialect: Hashable, Sendable {
    /// The dialect's name, for messages.
    public let name: String
    /// What stands for each word in braces: `blob` and `integer` (64 bits), the types of columns;
    /// `row key` and `growing key`, the type of a whole number that is the table's key and counts up
    /// by itself, the second without ever using one again; `strict`, what stands behind a table's
    /// columns.
    public let words: [String: String]
    /// What comes behind the shared schema of each version, by version: above all the index of
    /// words, over the column `words` of the table `resources`.
    public let additions: [Int: String]
    /// The condition that a resource `r` contains the words in one argument; `?` stands for it.
    ///
    /// Of the argument's words each is in quotation marks with an asterisk behind, since a word
    /// counts as found where one begins with it, and a blank stands between two: `"pum"* "room"*`.
    public let searchCondition: String
    /// Asks for the key of the row that was inserted last; `nil` where the index keeps itself.
    public let lastRowKey: String?
    /// Adds the words of the resources `r` that fulfil the condition which follows; `nil` where the
    /// index keeps itself.
    public let wordsAdded: String?
    /// Removes the words of the resources `r` that fulfil the condition which follows; `nil` where
    /// the index keeps itself.
    public let wordsRemoved: String?
    /// Asks for a number that is another one after another connection wrote; `nil` where the
    /// database does not tell.
    public let version: String?

    /// States a dialect; what each part means is said at the property of its name.
    public init(
        name: String, words: [String: String], additions: [Int: String], searchCondition: String,
        lastRowKey: String? = nil, wordsAdded: String? = nil, wordsRemoved: String? = nil,
        version: String? = nil
    ) {
        self.name = name
        self.words = words
        self.additions = additions
        self.searchCondition = searchCondition
        self.lastRowKey = lastRowKey
        self.wordsAdded = wordsAdded
        self.wordsRemoved = wordsRemoved
        self.version = version
    }

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
        lastRowKey: "SELECT last_insert_rowid()",
        wordsAdded: """
            INSERT INTO resource_words (rowid, words)
            SELECT r.row_key, r.words FROM resources r WHERE
            """,
        wordsRemoved: """
            INSERT INTO resource_words (resource_words, rowid, words)
            SELECT 'delete', r.row_key, r.words FROM resources r WHERE
            """,
        // https://www.sqlite.org/pragma.html#pragma_data_version
        version: "PRAGMA data_version")
}
