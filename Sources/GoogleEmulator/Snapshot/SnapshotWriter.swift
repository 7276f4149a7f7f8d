import LosslessJSON

/// Writes everything down: accounts, groups, chance, clock, and the part of each service.
///
/// Faults, quotas, lag, switches, the list of requests and posts that wait are no part of it.
struct SnapshotWriter {
    let world: World

    /// The format's name; another one is refused.
    static let format = "local-google-2"

    var document: JSON {
        var parts = JSONObject()
        for service in world.services.all {
            if let part = service.snapshot(of: world) { parts[service.name] = part }
        }
        return [
            "format": .string(Self.format), "clockOffset": .int(world.clockOffset),
            "random": .string(String(world.random.state)), "lastVersion": .int(world.lastVersion),
            "timeline": world.timeline.json, "accounts": .array(world.allAccounts.map(account)),
            "groups": .array(
                world.groups.groups.map { group in
                    ["email": .string(group.email), "members": .strings(group.members)]
                }),
            "mails": .array(
                world.mails.byAddress.map { mail in
                    ["address": .string(mail.address), "count": .int(mail.count)]
                }),
            "otherMails": .int(world.mails.toOthers),
            "services": .object(parts),
        ]
    }

    private func account(_ account: Account) -> JSON {
        [
            "email": .string(account.email), "subject": .string(account.subject),
            "name": .string(account.name), "givenName": .string(account.givenName),
            "familyName": .string(account.familyName),
        ]
    }
}
