import LosslessJSON

/// The notification channels that are open, and the messages that wait to be posted to them.
struct ChannelListing {
    let world: World

    static let routes: [ControlRoute] = [
        ControlRoute("GET", "channels") { (call: ControlCall) throws(LocalGoogleError) in
            .control(["items": .array(ChannelListing(world: call.world).items.map(\.json))])
        }
    ]

    /// One channel with its posts that wait, the next one first.
    struct Item {
        let channel: PushChannel<WatchedResource>
        let posts: [OutgoingPost]

        /// How many messages have not arrived: posts that wait or are on their way, and messages
        /// that no post has been made of yet.
        var waiting: Int {
            let isOnItsWay = channel.current.map { id in !posts.contains { $0.id == id } } ?? false
            return posts.count + channel.waiting.count + (isOnItsWay ? 1 : 0)
        }

        /// `{"id","api","user","project","address","resourceId","resourceUri","expires",
        /// "messages","waiting","posts":[{"number","state","due","attempt"}]}`.
        var json: JSON {
            [
                "id": .string(channel.id), "api": "calendar", "user": .string(channel.user),
                "project": .string(channel.project), "address": .string(channel.address),
                "resourceId": .string(channel.resourceID),
                "resourceUri": .string(channel.resourceURI),
                "expires": .string(Stamp.utc(channel.expires)),
                "messages": .int(channel.lastNumber), "waiting": .number(JSONNumber(waiting)),
                "posts": .array(posts.map(Self.json)),
            ]
        }

        private static func json(_ post: OutgoingPost) -> JSON {
            var json: JSONObject = [
                "due": .string(Stamp.utc(post.due)), "attempt": .number(JSONNumber(post.attempt)),
            ]
            for (name, header) in [("number", "Message-Number"), ("state", "Resource-State")] {
                let value = post.headers.first { $0.name == "X-Goog-" + header }?.value
                json[name] = value.map { text in Int64(text).map { .int($0) } ?? .string(text) }
            }
            return .object(json)
        }
    }

    /// In the order of their making.
    var items: [Item] {
        let desk = world.calendarState.push
        let posts = Dictionary(
            grouping: world.outbox.waiting.filter { $0.service == desk.service }, by: \.topic)
        return desk.channels.map { Item(channel: $0, posts: posts[$0.topic] ?? []) }
    }
}
