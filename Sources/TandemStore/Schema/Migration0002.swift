/// Under which names things that were brought to life again lived, so that one that was not gone
/// after all is known when it is met; and whether what lay in another collection before surely left.
enum Migration0002 {
    static let version = 2

    static let schema = """
        CREATE TABLE revivals (
            user_id TEXT NOT NULL,
            resource_id TEXT NOT NULL,
            remote_id TEXT NOT NULL CHECK (remote_id <> ''),
            adopted_by TEXT,
            agreed {blob},
            PRIMARY KEY (user_id, resource_id, remote_id),
            FOREIGN KEY (user_id, resource_id)
                REFERENCES resources (user_id, id) ON DELETE CASCADE
        ) {strict};
        ALTER TABLE aliases ADD COLUMN has_left {integer} NOT NULL DEFAULT 0;
        """
}
