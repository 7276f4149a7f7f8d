/// Keeps tables of things that expire within their limits.
enum Room {
    /// Makes room for one entry more: where the table is full, what has expired goes.
    ///
    /// - Returns: Whether there is room now.
    static func make<Value>(
        in table: inout [String: Value], limit: Int, now: Int64, expires: (Value) -> Int64
    ) -> Bool {
        if table.count < limit { return true }
        table = table.filter { expires($0.value) > now }
        return table.count < limit
    }
}
