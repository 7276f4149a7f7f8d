import LosslessJSON

@testable import GoogleEmulator

/// One message as a web hook gets it.
struct HookMessage {
    let post: OutgoingPost

    /// The value of the header field `X-Goog-…`; `nil` if there is none.
    subscript(name: String) -> String? {
        post.headers.first { $0.name == "X-Goog-" + name }?.value
    }

    var channel: String? { self["Channel-ID"] }
    var state: String? { self["Resource-State"] }
    var number: Int? { self["Message-Number"].flatMap { Int($0) } }
}

extension Local {
    static let hook = "http://127.0.0.1:9/hook"

    /// Asks for a channel; members that are `null` are left out.
    func watch(
        _ path: String = "calendars/primary/events", id: String = "one",
        with more: JSONObject = [:], as user: String = "ada"
    ) -> Answer {
        var body: JSONObject = [
            "id": .string(id), "type": "web_hook", "address": .string(Self.hook),
        ]
        for member in more { body[member.key] = member.value.isNull ? nil : member.value }
        let parts = path.split(separator: "?", maxSplits: 1)
        let query = parts.count > 1 ? "?\(parts[1])" : ""
        return call("POST", "\(parts[0])/watch\(query)", .object(body), as: user)
    }

    /// Asks for a channel and takes its first message away.
    func watching(
        _ path: String = "calendars/primary/events", id: String = "one",
        with more: JSONObject = [:], as user: String = "ada"
    ) -> JSON {
        let answer = watch(path, id: id, with: more, as: user)
        _ = messages()
        return answer.json
    }

    func stop(_ channel: JSON, as user: String = "ada") -> Answer {
        call(
            "POST", "channels/stop",
            ["id": channel["id"] ?? .null, "resourceId": channel["resourceId"] ?? .null],
            as: user)
    }

    /// Everything that is due, until nothing is left, each message with the same outcome.
    func messages(_ outcome: PostOutcome = .answered(200)) -> [HookMessage] {
        var all: [HookMessage] = []
        while true {
            let due = google.takeDuePosts()
            if due.isEmpty { return all }
            for post in due {
                all.append(HookMessage(post: post))
                google.settle(post.id, outcome)
            }
        }
    }

    /// A secondary calendar's id as a path has it.
    func calendar(_ summary: String = "Garden", as user: String = "ada") -> String {
        let made = call("POST", "calendars", ["summary": .string(summary)], as: user)
        return PercentCoding.encode(made["id"]?.string ?? "refused: \(made.text)")
    }

    func share(_ calendar: String, with address: String, _ role: String) {
        _ = call(
            "POST", "calendars/\(calendar)/acl?sendNotifications=false",
            ["scope": ["type": "user", "value": .string(address)], "role": .string(role)])
    }
}
