import LosslessJSON

/// The switches as the control API lists and sets them.
enum SwitchTable {
    /// One switch: its name, what it may be, and the way to its value.
    struct Row: Sendable {
        let name: String
        /// What it may be, in words.
        let allowed: String
        let read: @Sendable (Switches) -> JSON
        let write: @Sendable (inout Switches, ControlFields) throws(LocalGoogleError) -> Void
    }

    static let rows: [Row] = [
        word("conferenceCreation", \.conferenceCreation),
        Row(
            name: "conferencePendingSeconds", allowed: "0 to 86400, or null for a command",
            read: { $0.conferencePendingSeconds.map { .number(JSONNumber($0)) } ?? .null },
            write: { (switches, fields) throws(LocalGoogleError) in
                switches.conferencePendingSeconds = try number(
                    "conferencePendingSeconds", 0...86_400, fields)
            }),
        flag("rotatesRefreshTokens", \.rotatesRefreshTokens),
        flag("testingGrants", \.testingGrants),
        flag("deviceFlowGrantsEveryScope", \.deviceFlowGrantsEveryScope),
        flag("reusedCodeRevokes", \.reusedCodeRevokes),
        word("missingCredential", \.missingCredential),
        word("corruptedSyncToken", \.corruptedSyncToken),
        flag("filteredListsGiveSyncTokens", \.filteredListsGiveSyncTokens),
        flag("syncTokensKeepWindow", \.syncTokensKeepWindow),
        flag("seriesChangeDropsExceptions", \.seriesChangeDropsExceptions),
        word("lowSequence", \.lowSequence),
        Row(
            name: "batchLimit", allowed: "1 to 1000",
            read: { .number(JSONNumber($0.batchLimit)) },
            write: { (switches, fields) throws(LocalGoogleError) in
                guard let limit = try number("batchLimit", 1...1000, fields) else {
                    throw ControlFields.wrong("batchLimit", "a whole number")
                }
                switches.batchLimit = limit
            }),
    ]

    static var names: [String] { rows.map(\.name) }

    /// `{"items":[{"name","value","default","allowed"}]}`.
    static func listing(_ switches: Switches) -> JSON {
        let standard = Switches()
        return [
            "items": .array(
                rows.map { row in
                    [
                        "name": .string(row.name), "value": row.read(switches),
                        "default": row.read(standard), "allowed": .string(row.allowed),
                    ]
                })
        ]
    }

    /// The switches with what the fields say; with one bad field nothing is changed.
    ///
    /// - Throws: `invalidCommand` with what the switch may be.
    static func changed(
        _ old: Switches, by fields: ControlFields
    ) throws(LocalGoogleError) -> Switches {
        var switches = old
        for row in rows where fields.has(row.name) { try row.write(&switches, fields) }
        return switches
    }

    private static func flag(
        _ name: String, _ path: any WritableKeyPath<Switches, Bool> & Sendable
    ) -> Row {
        Row(
            name: name, allowed: "true or false", read: { .bool($0[keyPath: path]) },
            write: { (switches, fields) throws(LocalGoogleError) in
                guard let value = try fields.flag(name) else {
                    throw ControlFields.wrong(name, "true or false")
                }
                switches[keyPath: path] = value
            })
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: any WritableKeyPath<Switches, Word> & Sendable
    ) -> Row {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return Row(
            name: name, allowed: words, read: { .string($0[keyPath: path].rawValue) },
            write: { (switches, fields) throws(LocalGoogleError) in
                guard let value = try fields.word(name, of: Word.self) else {
                    throw ControlFields.wrong(name, "one of \(words)")
                }
                switches[keyPath: path] = value
            })
    }

    private static func number(
        _ name: String, _ range: ClosedRange<Int>, _ fields: ControlFields
    ) throws(LocalGoogleError) -> Int? {
        guard let value = try fields.int(name) else { return nil }
        guard range.contains(value) else {
            throw ControlFields.wrong(name, "from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
