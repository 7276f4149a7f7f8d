import LosslessJSON

/// Plants what somebody wrote down: all of it, or nothing.
struct SeedPlanter {
    let world: World

    /// - Throws: ``LocalGoogleError`` with code `invalidSeed` and the way to what is wrong; then
    ///   the world is as it was.
    func plant(_ seed: JSON) throws(LocalGoogleError) {
        let names = ["accounts", "users", "groups"] + world.services.all.flatMap(\.seedNames)
        let fields = try SeedFields(seed, allowed: names)
        let rescue = SeedRescue(world)
        do throws(LocalGoogleError) {
            for name in ["accounts", "users"] {
                for element in try fields.array(name) { try plant(account: element) }
            }
            for group in try fields.objects("groups", allowed: ["email", "members"]) {
                try plant(group: group)
            }
            for service in world.services.all { try service.plant(fields, in: world) }
        } catch {
            rescue.undo(world)
            throw error
        }
    }

    /// An account is its address, or an object with more.
    private func plant(
        account element: (json: JSON, place: String)
    ) throws(LocalGoogleError) {
        if let text = element.json.string {
            guard EmailAddress.isUsable(text) else {
                throw SeedFields.wrong(element.place, "an e-mail address")
            }
            world.ensureAccount(text)
            return
        }
        let fields = try SeedFields(
            element.json, element.place, allowed: ["email", "name", "settings"])
        guard let email = try fields.address("email") else {
            throw fields.failure("email", "an e-mail address")
        }
        let account = world.ensureAccount(email)
        if let name = try fields.string("name") { account.rename(name) }
    }

    /// How many members a group may have.
    private static let mostMembers = 10_000

    private func plant(group fields: SeedFields) throws(LocalGoogleError) {
        guard let email = try fields.address("email") else {
            throw fields.failure("email", "an e-mail address")
        }
        let members = try fields.array("members")
        guard members.count <= Self.mostMembers else {
            throw fields.failure("members", "at most \(Self.mostMembers) addresses")
        }
        let addresses = try members.map { member throws(LocalGoogleError) in
            guard let text = member.json.string, EmailAddress.isUsable(text) else {
                throw SeedFields.wrong(member.place, "an e-mail address")
            }
            return text
        }
        world.groups.set(email, members: addresses)
    }
}

/// What puts a world back to before a seed that turned out to be wrong.
///
/// It looks after what planting can touch and leaves everything else alone.
private struct SeedRescue {
    private let accounts: [(account: Account, names: [String])]
    private let random: UInt64
    private let lastVersion: Int64
    private let timeline: Timeline
    private let mails: MailCount
    private let groups: UserGroups
    private let outbox: Outbox
    private let parts: [Part]

    private struct Part {
        let service: any EmulatorService
        let written: JSON?
        let kept: (World) -> Void
    }

    init(_ world: World) {
        accounts = world.allAccounts.map { ($0, [$0.name, $0.givenName, $0.familyName]) }
        random = world.random.state
        lastVersion = world.lastVersion
        timeline = world.timeline
        mails = world.mails
        groups = world.groups
        outbox = world.outbox
        parts = world.services.all.filter { !$0.seedNames.isEmpty }.map {
            Part(service: $0, written: $0.snapshot(of: world), kept: $0.keeping(world))
        }
    }

    func undo(_ world: World) {
        world.replace(accounts: accounts.map(\.account))
        for (account, names) in accounts {
            (account.name, account.givenName, account.familyName) = (names[0], names[1], names[2])
        }
        world.random.state = random
        world.lastVersion = lastVersion
        world.timeline = timeline
        world.mails = mails
        world.groups = groups
        world.outbox = outbox
        for part in parts {
            let name = part.service.name
            do throws(LocalGoogleError) {
                let fields = part.written.map { SnapshotFields($0, "part of \(name)") }
                try part.service.restoring(fields)(world)
            } catch {
                preconditionFailure("\(name) cannot read what it wrote: \(error.message)")
            }
            part.kept(world)
        }
    }
}
