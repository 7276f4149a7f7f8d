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

    static let rows: [Row] =
        [
            word("conferenceCreation", \.conferenceCreation),
            number(
                "conferencePendingSeconds", \.conferencePendingSeconds, 0...86_400,
                without: "for a command"),
        ] + signIn + [
            word("missingCredential", \.missingCredential),
            word("corruptedSyncToken", \.corruptedSyncToken),
            flag("filteredListsGiveSyncTokens", \.filteredListsGiveSyncTokens),
            flag("syncTokensKeepWindow", \.syncTokensKeepWindow),
            flag("seriesChangeDropsExceptions", \.seriesChangeDropsExceptions),
            word("lowSequence", \.lowSequence),
            number("batchLimit", \.batchLimit, 1...1000),
        ]

    private static let signIn: [Row] = [
        flag("rotatesRefreshTokens", \.rotatesRefreshTokens),
        number("refreshTokensPerClient", \.refreshTokensPerClient, 1...1000),
        number("idleDays", \.idleDays, 0...100_000),
        flag("testingGrants", \.testingGrants),
        number("grantSeconds", \.grantSeconds, 0...longestSeconds, without: "for no limit"),
        flag("deviceFlowGrantsEveryScope", \.deviceFlowGrantsEveryScope),
        number("deviceCodesPerClient", \.deviceCodesPerClient, 0...1_000_000),
        flag("reusedCodeRevokes", \.reusedCodeRevokes),
        number("revocationLagSeconds", \.revocationLagSeconds, 0...longestSeconds),
        flag("requiresReauthentication", \.requiresReauthentication),
        texts("withheldScopes", \.withheldScopes),
        texts("blockedScopes", \.blockedScopes),
        Row(
            name: "internalDomains", allowed: "an object of domains by client id",
            read: { switches in
                .object(
                    switches.internalDomains.sorted { $0.key < $1.key }.reduce(into: [:]) {
                        $0[$1.key] = .string($1.value)
                    })
            },
            write: { (switches, fields) throws(LocalGoogleError) in
                switches.internalDomains = try fields.textsByName("internalDomains") ?? [:]
            }),
        flag("delegatesToServiceAccounts", \.delegatesToServiceAccounts),
    ]

    /// About three hundred years.
    private static let longestSeconds = 10_000_000_000

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
        _ name: String, _ path: any WritableKeyPath<Switches, Int> & Sendable,
        _ range: ClosedRange<Int>
    ) -> Row {
        Row(
            name: name, allowed: "\(range.lowerBound) to \(range.upperBound)",
            read: { .number(JSONNumber($0[keyPath: path])) },
            write: { (switches, fields) throws(LocalGoogleError) in
                guard let value = try value(name, range, fields) else {
                    throw ControlFields.wrong(name, "a whole number")
                }
                switches[keyPath: path] = value
            })
    }

    /// A number that may be missing, and what that means.
    private static func number(
        _ name: String, _ path: any WritableKeyPath<Switches, Int?> & Sendable,
        _ range: ClosedRange<Int>, without meaning: String
    ) -> Row {
        Row(
            name: name, allowed: "\(range.lowerBound) to \(range.upperBound), or null \(meaning)",
            read: { $0[keyPath: path].map { .number(JSONNumber($0)) } ?? .null },
            write: { (switches, fields) throws(LocalGoogleError) in
                switches[keyPath: path] = try value(name, range, fields)
            })
    }

    private static func value(
        _ name: String, _ range: ClosedRange<Int>, _ fields: ControlFields
    ) throws(LocalGoogleError) -> Int? {
        guard let value = try fields.int(name) else { return nil }
        guard range.contains(value) else {
            throw ControlFields.wrong(name, "from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private static func texts(
        _ name: String, _ path: any WritableKeyPath<Switches, Set<String>> & Sendable
    ) -> Row {
        Row(
            name: name, allowed: "a list of texts",
            read: { .strings($0[keyPath: path].sorted()) },
            write: { (switches, fields) throws(LocalGoogleError) in
                switches[keyPath: path] = Set(try fields.texts(name) ?? [])
            })
    }
}
