extension Migration0001 {
    /// The words that resources are found by; ``SearchIndex`` keeps them in step.
    ///
    /// The index points at the table's own columns, so no text is stored twice; words of other
    /// scripts are folded as Unicode 6.1 says. Marks belong to words, since scripts such as Thai
    /// and Hindi write vowels with them; ``SearchWords`` divides words in the same places. Positions
    /// are left out, which makes the index a third smaller, because words are only ever looked for
    /// one by one; so are the lengths of texts, a second row for each, because nothing is ranked.
    /// - SeeAlso: <https://www.sqlite.org/fts5.html>, "External Content Tables", "Unicode61
    ///   Tokenizer", "The Detail Option" and "The Columnsize Option".
    static let sqliteSearch = """
        CREATE VIRTUAL TABLE resource_words USING fts5 (
            words, content = 'resources', content_rowid = 'row_key', detail = 'none',
            columnsize = 0, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
        );

        """

    /// What the planner is told about a well filled store: rows in all, then how many one value of
    /// the first column leaves, of the first two, and so on.
    ///
    /// Without it SQLite takes one user for ten rows, and reads all of that user's to find one.
    /// With it the plans are the same in every store, and no opening ever has to measure.
    /// - SeeAlso: <https://www.sqlite.org/fileformat2.html>, "The sqlite_stat1 table".
    static let sqliteStatistics = """
        ANALYZE sqlite_schema;
        DELETE FROM sqlite_stat1;
        INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('resources', 'resources_by_id', '100000 100000 1'),
            ('resources', 'resources_by_remote_id', '100000 100000 10000 1'),
            ('resources', 'resources_by_time', '90000 90000 2 1'),
            ('resources', 'resources_by_start', '100000 100000 2 1'),
            ('resources', 'resources_series', '1000 1000 2 1'),
            ('resources', 'resources_of_series', '10000 10000 2000 4'),
            ('resources', 'resources_by_global_id', '100000 100000 2'),
            ('resources', 'resources_dirty', '50 50 10 1'),
            ('resources', 'resources_held', '20 20 5 1'),
            ('resources', 'resources_hidden', '1000 1000 100'),
            ('resources', 'resources_pending_delete', '20 20 5 1'),
            ('aliases', 'aliases_of_resource', '1000 1000 1'),
            ('changes', 'changes_of_user', '100000 100000 1'),
            ('changes', 'changes_of_resource', '100000 5 1'),
            ('changes', 'changes_of_run', '100000 50 1'),
            ('conflicts', 'conflicts_of_resource', '500 500 2'),
            ('conflicts', 'conflicts_open', '20 20 1'),
            ('hold_items', 'hold_items_of_hold', '5000 5000 500 1'),
            ('hold_items', 'hold_items_of_resource', '5000 5000 1'),
            ('intents', 'intents_of_collection', '50 50 10'),
            ('intents', 'intents_of_resource', '50 50 1'),
            ('quarantine', 'quarantine_of_collection', '50 50 10'),
            ('quarantine', 'quarantine_of_resource', '50 50 1');
        ANALYZE sqlite_schema;
        """
}
