/// The first schema: everything that syncing needs, with the user in every table.
///
/// Tables point at each other through the user and the id together, so that no row can belong
/// to one user and point at another's. Indexes begin with the user, as every query does.
enum Migration0001 {
    static let version = 1

    /// The condition that a column holds one of some words.
    ///
    /// Written out, because SQLite builds a small table for every row that it checks against a list
    /// of more than two: that made up a third of the time of an insertion.
    private static func oneOf(_ column: String, _ words: String) -> String {
        words.split(separator: " ").map { "\(column) = '\($0)'" }.joined(separator: " OR ")
    }

    static let schema = """
        CREATE TABLE users (
            id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
            created_at {integer} NOT NULL
        ) {strict};
        INSERT INTO users (id, created_at) VALUES ('local', 0);

        CREATE TABLE accounts (
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL CHECK (name <> ''),
            provider TEXT NOT NULL CHECK (provider <> ''),
            email TEXT,
            subject TEXT,
            scopes TEXT NOT NULL,
            state TEXT NOT NULL CHECK (\(oneOf("state", "ok needs-consent"))),
            created_at {integer} NOT NULL,
            parked_until {integer},
            park_reason TEXT,
            UNIQUE (user_id, id),
            UNIQUE (user_id, name)
        ) {strict};

        CREATE TABLE credentials (
            user_id TEXT NOT NULL,
            account_id TEXT NOT NULL PRIMARY KEY,
            sealed {blob} NOT NULL,
            updated_at {integer} NOT NULL,
            FOREIGN KEY (user_id, account_id) REFERENCES accounts (user_id, id) ON DELETE CASCADE
        ) {strict};

        CREATE TABLE leases (
            user_id TEXT NOT NULL,
            account_id TEXT NOT NULL PRIMARY KEY,
            owner TEXT NOT NULL CHECK (owner <> ''),
            process_id {integer} NOT NULL,
            process_started {integer} NOT NULL,
            host TEXT NOT NULL,
            boot TEXT NOT NULL,
            since {integer} NOT NULL,
            renewed {integer} NOT NULL,
            expires {integer} NOT NULL,
            CHECK (renewed <= expires),
            FOREIGN KEY (user_id, account_id) REFERENCES accounts (user_id, id) ON DELETE CASCADE
        ) {strict};

        CREATE TABLE collections (
            user_id TEXT NOT NULL,
            id TEXT NOT NULL PRIMARY KEY,
            account_id TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind <> ''),
            remote_id TEXT NOT NULL CHECK (remote_id <> ''),
            name TEXT NOT NULL,
            access TEXT NOT NULL CHECK (\(oneOf("access", "freeBusy read write own"))),
            time_zone TEXT,
            cursor TEXT,
            fingerprint TEXT,
            listing_generation {integer},
            generation {integer} NOT NULL,
            last_success {integer},
            last_attempt {integer},
            state TEXT NOT NULL
                CHECK (\(oneOf("state", "new fresh parked unreachable held"))),
            parked_until {integer},
            park_reason TEXT,
            quota_parks {integer} NOT NULL CHECK (quota_parks >= 0),
            full_listings TEXT NOT NULL,
            is_root {integer} NOT NULL CHECK (is_root IN (0, 1)),
            resource_id TEXT,
            is_gone {integer} NOT NULL CHECK (is_gone IN (0, 1)),
            CHECK (cursor IS NULL OR fingerprint IS NOT NULL),
            CHECK (listing_generation IS NULL OR listing_generation > generation),
            UNIQUE (user_id, id),
            UNIQUE (user_id, account_id, kind, id),
            UNIQUE (user_id, account_id, kind, remote_id),
            FOREIGN KEY (user_id, account_id) REFERENCES accounts (user_id, id) ON DELETE CASCADE
        ) {strict};

        \(resources)
        \(waiting)
        \(history)
        """

    /// What is kept on both sides.
    ///
    /// Long values come last, so that short ones are read alone.
    private static let resources = """
        CREATE TABLE resources (
            row_key {row key},
            user_id TEXT NOT NULL,
            id TEXT NOT NULL,
            account_id TEXT NOT NULL,
            collection_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            remote_id TEXT CHECK (remote_id <> ''),
            etag TEXT,
            local_state {integer} NOT NULL CHECK (local_state BETWEEN 0 AND 2),
            is_dirty {integer} NOT NULL,
            is_shown {integer} NOT NULL,
            edit_number {integer} NOT NULL,
            acknowledged_edit {integer} NOT NULL,
            send_updates TEXT NOT NULL CHECK (\(oneOf("send_updates", "none external all"))),
            operation_id TEXT,
            run_id TEXT,
            hold TEXT
                CHECK (\(oneOf("hold", "push-held pull-held conflict quarantined unreachable"))),
            parked_until {integer},
            push_rounds {integer} NOT NULL CHECK (push_rounds >= 0),
            moved_from TEXT,
            pending_delete TEXT CHECK (\(oneOf("pending_delete", "tombstone sweep"))),
            pending_run TEXT,
            missing_since {integer},
            generation {integer} NOT NULL,
            deleted_at {integer},
            span_start {integer},
            span_end {integer},
            is_series {integer} NOT NULL CHECK (is_series IN (0, 1)),
            series_remote_id TEXT,
            slot TEXT,
            is_cancelled {integer} NOT NULL CHECK (is_cancelled IN (0, 1)),
            global_id TEXT,
            title TEXT NOT NULL,
            words TEXT NOT NULL,
            base {blob},
            local {blob},
            CHECK (is_dirty = CASE
                WHEN local_state <> 0 THEN 1
                WHEN moved_from IS NOT NULL AND series_remote_id IS NULL THEN 1 ELSE 0 END),
            CHECK (is_shown = CASE
                WHEN deleted_at IS NULL AND local_state <> 2 AND is_cancelled = 0
                THEN 1 ELSE 0 END),
            CHECK (acknowledged_edit <= edit_number),
            CHECK ((local_state = 1) = (local IS NOT NULL)),
            CHECK (base IS NOT NULL OR local_state <> 0 OR deleted_at IS NOT NULL),
            CHECK (moved_from <> collection_id),
            CHECK ((pending_delete IS NULL) = (pending_run IS NULL)),
            CHECK ((span_start IS NULL) = (span_end IS NULL)),
            CHECK (span_start <= span_end),
            CHECK ((series_remote_id IS NULL) = (slot IS NULL)),
            FOREIGN KEY (user_id, account_id, kind, collection_id)
                REFERENCES collections (user_id, account_id, kind, id) ON DELETE CASCADE
        ) {strict};
        CREATE UNIQUE INDEX resources_by_id ON resources (user_id, id);
        CREATE UNIQUE INDEX resources_by_remote_id
            ON resources (user_id, collection_id, remote_id);
        CREATE INDEX resources_by_time ON resources (user_id, span_end, span_start)
            WHERE span_end IS NOT NULL;
        CREATE INDEX resources_by_start
            ON resources (user_id, coalesce(span_start, \(StartMark.never)), id);
        CREATE INDEX resources_series ON resources (user_id, span_end, span_start)
            WHERE is_series = 1;
        CREATE INDEX resources_of_series ON resources (user_id, collection_id, series_remote_id)
            WHERE series_remote_id IS NOT NULL;
        CREATE INDEX resources_by_global_id ON resources (user_id, global_id)
            WHERE global_id IS NOT NULL;
        CREATE INDEX resources_dirty ON resources (user_id, collection_id, id)
            WHERE is_dirty = 1;
        CREATE INDEX resources_moved ON resources (user_id, moved_from, id)
            WHERE moved_from IS NOT NULL;
        CREATE INDEX resources_deleting ON resources (user_id, collection_id, id)
            WHERE local_state = 2;
        CREATE INDEX resources_held ON resources (user_id, collection_id, id)
            WHERE hold IS NOT NULL;
        CREATE INDEX resources_hidden ON resources (user_id, collection_id)
            WHERE is_shown = 0;
        CREATE INDEX resources_pending_delete ON resources (user_id, collection_id, id)
            WHERE pending_delete IS NOT NULL;

        CREATE TABLE aliases (
            user_id TEXT NOT NULL,
            collection_id TEXT NOT NULL,
            remote_id TEXT NOT NULL,
            resource_id TEXT NOT NULL,
            PRIMARY KEY (user_id, collection_id, remote_id),
            FOREIGN KEY (user_id, collection_id)
                REFERENCES collections (user_id, id) ON DELETE CASCADE,
            FOREIGN KEY (user_id, resource_id)
                REFERENCES resources (user_id, id) ON DELETE CASCADE
        ) {strict};
        CREATE INDEX aliases_of_resource ON aliases (user_id, resource_id);
        """

    /// What waits for an answer, for a person, or for another process.
    private static let waiting = """
        CREATE TABLE intents (
            user_id TEXT NOT NULL,
            id TEXT NOT NULL PRIMARY KEY,
            resource_id TEXT NOT NULL,
            collection_id TEXT NOT NULL,
            edit_number {integer} NOT NULL,
            verb TEXT NOT NULL CHECK (\(oneOf("verb", "create patch delete move"))),
            target TEXT NOT NULL,
            etag TEXT,
            body {blob},
            local {blob},
            body_digest TEXT,
            send_updates TEXT NOT NULL CHECK (\(oneOf("send_updates", "none external all"))),
            destination TEXT,
            created_at {integer} NOT NULL,
            outcome TEXT NOT NULL CHECK (\(oneOf("outcome", "pending unknown"))),
            run_id TEXT,
            CHECK ((body IS NULL) = (body_digest IS NULL)),
            CHECK (verb <> 'move' OR destination IS NOT NULL),
            FOREIGN KEY (user_id, collection_id)
                REFERENCES collections (user_id, id) ON DELETE CASCADE,
            FOREIGN KEY (user_id, resource_id)
                REFERENCES resources (user_id, id) ON DELETE CASCADE
        ) {strict};
        CREATE INDEX intents_of_collection ON intents (user_id, collection_id);
        CREATE INDEX intents_of_resource ON intents (user_id, resource_id);

        CREATE TABLE splits (
            user_id TEXT NOT NULL,
            earlier_id TEXT NOT NULL,
            later_id TEXT NOT NULL,
            number {integer} NOT NULL,
            operation_id TEXT NOT NULL,
            before {blob} NOT NULL,
            cut {blob} NOT NULL,
            PRIMARY KEY (user_id, later_id),
            FOREIGN KEY (user_id, earlier_id)
                REFERENCES resources (user_id, id) ON DELETE CASCADE,
            FOREIGN KEY (user_id, later_id)
                REFERENCES resources (user_id, id) ON DELETE CASCADE
        ) {strict};
        CREATE INDEX splits_of_earlier ON splits (user_id, earlier_id);
        CREATE INDEX splits_of_operation ON splits (user_id, operation_id);

        CREATE TABLE conflicts (
            user_id TEXT NOT NULL,
            id TEXT NOT NULL PRIMARY KEY,
            resource_id TEXT NOT NULL,
            field TEXT NOT NULL CHECK (field <> ''),
            mine {blob},
            theirs {blob},
            base {blob},
            refusal TEXT,
            created_at {integer} NOT NULL,
            resolved_at {integer},
            resolution TEXT CHECK (\(oneOf("resolution", "mine theirs both moot"))),
            CHECK ((resolved_at IS NULL) = (resolution IS NULL)),
            FOREIGN KEY (user_id, resource_id)
                REFERENCES resources (user_id, id) ON DELETE CASCADE
        ) {strict};
        CREATE INDEX conflicts_of_resource ON conflicts (user_id, resource_id);
        CREATE INDEX conflicts_open ON conflicts (user_id, id) WHERE resolved_at IS NULL;

        CREATE TABLE quarantine (
            user_id TEXT NOT NULL,
            id TEXT NOT NULL PRIMARY KEY,
            collection_id TEXT NOT NULL,
            resource_id TEXT,
            remote_id TEXT,
            kind TEXT NOT NULL,
            reason TEXT NOT NULL CHECK (reason <> ''),
            raw TEXT NOT NULL,
            since {integer} NOT NULL,
            program_version TEXT NOT NULL,
            FOREIGN KEY (user_id, collection_id)
                REFERENCES collections (user_id, id) ON DELETE CASCADE,
            FOREIGN KEY (user_id, resource_id)
                REFERENCES resources (user_id, id) ON DELETE CASCADE
        ) {strict};
        CREATE INDEX quarantine_of_collection ON quarantine (user_id, collection_id);
        CREATE INDEX quarantine_of_resource ON quarantine (user_id, resource_id);

        CREATE TABLE holds (
            user_id TEXT NOT NULL,
            id TEXT NOT NULL PRIMARY KEY,
            collection_id TEXT NOT NULL,
            direction TEXT NOT NULL CHECK (\(oneOf("direction", "push pull"))),
            total {integer} NOT NULL CHECK (total >= 0),
            created_at {integer} NOT NULL,
            decision TEXT CHECK (\(oneOf("decision", "released refused lifted"))),
            decided_at {integer},
            CHECK ((decision IS NULL) = (decided_at IS NULL)),
            UNIQUE (user_id, id),
            FOREIGN KEY (user_id, collection_id)
                REFERENCES collections (user_id, id) ON DELETE CASCADE
        ) {strict};
        CREATE INDEX holds_of_collection ON holds (user_id, collection_id);

        CREATE TABLE hold_items (
            user_id TEXT NOT NULL,
            hold_id TEXT NOT NULL,
            resource_id TEXT NOT NULL,
            FOREIGN KEY (user_id, hold_id) REFERENCES holds (user_id, id) ON DELETE CASCADE,
            FOREIGN KEY (user_id, resource_id)
                REFERENCES resources (user_id, id) ON DELETE CASCADE
        ) {strict};
        CREATE UNIQUE INDEX hold_items_of_hold ON hold_items (user_id, hold_id, resource_id);
        CREATE INDEX hold_items_of_resource ON hold_items (user_id, resource_id);

        CREATE TABLE push_channels (
            user_id TEXT NOT NULL,
            id TEXT NOT NULL PRIMARY KEY,
            collection_id TEXT NOT NULL,
            remote_resource_id TEXT NOT NULL,
            sealed_token {blob} NOT NULL,
            expires {integer} NOT NULL,
            last_message {integer} NOT NULL,
            FOREIGN KEY (user_id, collection_id)
                REFERENCES collections (user_id, id) ON DELETE CASCADE
        ) {strict};
        CREATE INDEX push_channels_of_collection ON push_channels (user_id, collection_id);

        CREATE TABLE blobs (
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            digest TEXT NOT NULL,
            bytes {integer} NOT NULL CHECK (bytes >= 0),
            media_type TEXT NOT NULL,
            reference_count {integer} NOT NULL CHECK (reference_count >= 0),
            created_at {integer} NOT NULL,
            PRIMARY KEY (user_id, digest)
        ) {strict};
        CREATE INDEX blobs_by_digest ON blobs (digest);
        """

    /// What happened.
    ///
    /// It outlives what it speaks of, so it points at nothing but the user.
    private static let history = """
        CREATE TABLE changes (
            sequence {growing key},
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            account_id TEXT NOT NULL,
            collection_id TEXT NOT NULL,
            resource_id TEXT,
            kind TEXT NOT NULL,
            verb TEXT NOT NULL
                CHECK (\(oneOf("verb", "created updated moved deleted restored answered listed"))),
            origin TEXT NOT NULL CHECK (\(oneOf("origin", "local remote"))),
            title TEXT NOT NULL,
            actor_name TEXT,
            actor_email TEXT,
            certainty TEXT NOT NULL CHECK (\(oneOf("certainty", "known inferred unknown"))),
            changes {blob},
            before {blob},
            after {blob},
            run_id TEXT,
            operation_id TEXT,
            cause TEXT,
            item_count {integer},
            at {integer} NOT NULL,
            CHECK (verb <> 'deleted' OR cause IS NOT NULL),
            CHECK ((verb = 'listed') = (resource_id IS NULL))
        ) {strict};
        CREATE INDEX changes_of_user ON changes (user_id, sequence);
        CREATE INDEX changes_of_resource ON changes (resource_id, sequence)
            WHERE resource_id IS NOT NULL;
        CREATE INDEX changes_of_run ON changes (run_id, sequence) WHERE run_id IS NOT NULL;
        CREATE INDEX changes_of_operation ON changes (operation_id, sequence)
            WHERE operation_id IS NOT NULL;

        CREATE TABLE runs (
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            id TEXT NOT NULL PRIMARY KEY,
            command TEXT NOT NULL,
            started {integer} NOT NULL,
            finished {integer},
            exit_code {integer},
            summary {blob},
            CHECK ((finished IS NULL) = (exit_code IS NULL))
        ) {strict};
        CREATE INDEX runs_of_user ON runs (user_id, id);
        """
}
