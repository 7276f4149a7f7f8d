import LosslessJSON

/// One notification channel: where a service tells one client of changes of one resource.
///
/// A class, because the table of a ``PushDesk`` and its index share it.
final class PushChannel<Resource> {
    /// The id that the client chose.
    let id: String
    /// The number of the client's project, within which no two channels share an id.
    let project: String
    /// The address of the user on whose behalf it was made.
    let user: String
    let resource: Resource
    /// The same for every channel of the same resource.
    let resourceID: String
    let resourceURI: String
    /// Where messages are posted.
    let address: String
    /// What the client wants to see in each message.
    let token: String?
    /// When it ends, in milliseconds since 1970, a whole second.
    let expires: Int64
    /// The state of the resource of which it was told last; `nil` while the user has none.
    var seen: Int64?
    /// The number of the last message, sent or not.
    var lastNumber: Int64 = 0
    /// Messages that no post has been made of yet, oldest first.
    var waiting: [PushMessage] = []
    /// The post that has not been answered once yet.
    var current: Int64?
    /// How many posts wait to be tried again.
    var retries = 0

    init(
        _ request: ChannelRequest, project: String, user: String, resource: Resource,
        resourceID: String, resourceURI: String, seen: Int64?
    ) {
        id = request.id
        address = request.address
        token = request.token
        expires = request.expires
        self.project = project
        self.user = user
        self.resource = resource
        self.resourceID = resourceID
        self.resourceURI = resourceURI
        self.seen = seen
    }

    /// What tells it from every other channel.
    var topic: String { Self.topic(id: id, project: project) }

    static func topic(id: String, project: String) -> String { "\(id)@\(project)" }

    /// The resource that a client gets.
    var document: JSONObject {
        var document: JSONObject = [
            "kind": "api#channel", "id": .string(id), "resourceId": .string(resourceID),
            "resourceUri": .string(resourceURI),
        ]
        document["token"] = token.map { .string($0) }
        document["expiration"] = .string(String(expires))
        return document
    }

    /// The header fields of a message, which has no body.
    ///
    /// - SeeAlso: Google Calendar API guide, "Push notifications", section "Understand the
    ///   notification message format".
    func headers(of message: PushMessage) -> [(name: String, value: String)] {
        var headers = [
            ("Accept", "*/*"),
            (
                "User-Agent",
                "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)"
            ),
            ("X-Goog-Channel-ID", id), ("X-Goog-Channel-Expiration", Stamp.http(expires)),
        ]
        if let token { headers.append(("X-Goog-Channel-Token", token)) }
        headers += [
            ("X-Goog-Message-Number", String(message.number)),
            ("X-Goog-Resource-ID", resourceID), ("X-Goog-Resource-State", message.state),
            ("X-Goog-Resource-URI", resourceURI),
        ]
        return headers
    }
}

/// One message of a channel.
struct PushMessage: Hashable {
    /// Numbers of a channel's messages grow; where messages are dropped, they have gaps.
    let number: Int64
    /// The word in `X-Goog-Resource-State`.
    let state: String

    /// The first message of each channel.
    static let sync = "sync"
    /// The resource changed.
    static let exists = "exists"
    /// The resource is gone, or hidden from the user.
    static let notExists = "not_exists"
}

/// What channels may take up.
enum PushLimits {
    /// More channels than this one service has not.
    static let channels = 1000
    /// More messages of a channel do not wait; the last one then stands for those after it.
    static let waiting = 100
    /// More messages of a channel are not tried again; further ones are dropped.
    static let retries = 4
    /// So many ids of former channels are remembered at least.
    static let usedIDs = 10_000
    /// No channel lives longer: 7 days.
    static let lifeSeconds: Int64 = 7 * 86_400
}
