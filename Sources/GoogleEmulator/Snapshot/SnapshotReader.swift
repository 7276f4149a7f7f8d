import LosslessJSON

/// Reads a snapshot completely before anything is replaced.
struct SnapshotReader {
    private let random: UInt64
    private let clockOffset: Int64
    private let lastVersion: Int64
    private let timeline: Timeline
    private let accounts: [Account]
    private let mails: MailCount
    private let groups: UserGroups
    /// What puts the part of each service in place.
    private let parts: [(World) -> Void]

    /// Reads it for a world, whose services and whose given clock count.
    ///
    /// - Throws: ``LocalGoogleError`` with code `invalidSnapshot`.
    init(_ json: JSON, for world: World) throws(LocalGoogleError) {
        let fields = SnapshotFields(json, "top level")
        guard try fields.string("format") == SnapshotWriter.format else {
            throw LocalGoogleError(
                code: .invalidSnapshot,
                message: "This is no snapshot of the format \(SnapshotWriter.format).")
        }
        guard let random = UInt64(try fields.string("random")) else {
            throw fields.failure("random")
        }
        self.random = random
        clockOffset = try fields.int("clockOffset")
        let moment = (world.now - world.clockOffset).addingReportingOverflow(clockOffset)
        guard !moment.overflow, ControlCommands.clockReach.contains(moment.partialValue) else {
            throw fields.failure("clockOffset")
        }
        lastVersion = try fields.int("lastVersion")
        timeline = try Timeline(
            SnapshotFields(.object(try fields.object("timeline")), "timeline"))
        accounts = try fields.parts("accounts").map { part throws(LocalGoogleError) in
            try Self.account(part)
        }
        guard !accounts.isEmpty, Set(accounts.map(\.email)).count == accounts.count else {
            throw fields.failure("accounts")
        }
        mails = try Self.mails(fields)
        groups = try Self.groups(fields)
        let written = try fields.object("services")
        parts = try world.services.all.map { service throws(LocalGoogleError) in
            try service.restoring(
                written[service.name].map { SnapshotFields($0, "part of \(service.name)") })
        }
    }

    func restore(_ world: World) {
        world.now += clockOffset - world.clockOffset
        world.clockOffset = clockOffset
        world.random.state = random
        world.lastVersion = lastVersion
        world.timeline = timeline
        world.replace(accounts: accounts)
        world.mails = mails
        world.groups = groups
        world.outbox.clear()
        for part in parts { part(world) }
    }

    private static func mails(_ fields: SnapshotFields) throws(LocalGoogleError) -> MailCount {
        var mails = MailCount()
        for part in try fields.parts("mails") {
            let count = try part.int("count")
            guard (0...1_000_000_000).contains(count) else { throw part.failure("count") }
            mails.add(try part.string("address"), count)
        }
        let others = try fields.int("otherMails")
        guard others >= 0 else { throw fields.failure("otherMails") }
        mails.add(nil, others)
        return mails
    }

    private static func groups(_ fields: SnapshotFields) throws(LocalGoogleError) -> UserGroups {
        var groups = UserGroups()
        for part in try fields.parts("groups") {
            let members = try part.strings("members")
            guard members.allSatisfy(EmailAddress.isUsable) else { throw part.failure("members") }
            groups.set(try part.address("email"), members: members)
        }
        return groups
    }

    private static func account(_ fields: SnapshotFields) throws(LocalGoogleError) -> Account {
        let account = Account(
            email: try fields.address("email"), subject: try fields.string("subject"), name: nil)
        account.name = try fields.string("name")
        account.givenName = try fields.string("givenName")
        account.familyName = try fields.string("familyName")
        return account
    }
}
