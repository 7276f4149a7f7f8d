import LosslessJSON

extension PushDesk where Resource == WatchedResource {
    /// The channels as a snapshot holds them; messages that wait are no part of it.
    var snapshot: JSON {
        .array(
            channels.map { channel in
                var document: JSONObject = [
                    "id": .string(channel.id), "project": .string(channel.project),
                    "user": .string(channel.user),
                    "kind": .string(channel.resource.kind.rawValue),
                    "holder": .string(channel.resource.holder),
                    "resourceId": .string(channel.resourceID),
                    "resourceUri": .string(channel.resourceURI),
                    "address": .string(channel.address), "expires": .int(channel.expires),
                    "lastNumber": .int(channel.lastNumber),
                ]
                document["token"] = channel.token.map { .string($0) }
                document["seen"] = channel.seen.map { .int($0) }
                return .object(document)
            })
    }
}

/// Channels out of a snapshot.
struct ChannelParts {
    let channels: [PushChannel<WatchedResource>]
    let used: [String]

    /// Reads them; a snapshot from before there were channels has none.
    ///
    /// - Throws: ``LocalGoogleError`` with code `invalidSnapshot`.
    init(_ fields: SnapshotFields) throws(LocalGoogleError) {
        guard fields.json["channels"] != nil else {
            channels = []
            used = []
            return
        }
        channels = try fields.parts("channels").map { part throws(LocalGoogleError) in
            try Self.channel(part)
        }
        guard channels.count <= PushLimits.channels,
            Set(channels.map(\.topic)).count == channels.count
        else { throw fields.failure("channels") }
        used = try fields.strings("usedChannels")
    }

    private static func channel(
        _ part: SnapshotFields
    ) throws(LocalGoogleError) -> PushChannel<WatchedResource> {
        guard let kind = WatchedResource.Kind(rawValue: try part.string("kind")) else {
            throw part.failure("kind")
        }
        let channel = PushChannel(
            ChannelRequest(
                id: try part.string("id"), address: try part.string("address"),
                token: part.json["token"]?.string, expires: try part.int("expires")),
            project: try part.string("project"), user: try part.string("user"),
            resource: WatchedResource(kind: kind, holder: try part.string("holder")),
            resourceID: try part.string("resourceId"),
            resourceURI: try part.string("resourceUri"),
            seen: part.json["seen"] == nil ? nil : try part.int("seen"))
        channel.lastNumber = try part.int("lastNumber")
        return channel
    }
}
