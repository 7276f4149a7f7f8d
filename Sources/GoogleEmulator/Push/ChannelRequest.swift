import LosslessJSON

/// What a client wants of a new channel.
///
/// - SeeAlso: Google Calendar API reference, "Events: watch", request body.
struct ChannelRequest {
    let id: String
    let address: String
    let token: String?
    /// In milliseconds since 1970, a whole second.
    let expires: Int64

    /// Takes the parts of a channel as they are.
    init(id: String, address: String, token: String?, expires: Int64) {
        self.id = id
        self.address = address
        self.token = token
        self.expires = expires
    }

    /// Reads the body of a `watch`.
    ///
    /// - Throws: 400 in Google's words; 403 `forbidden` for an address that is not on this machine.
    init(_ body: JSONObject, in world: World) throws(GoogleFailure) {
        guard let type = body["type"]?.nonNull else { throw .required("Missing channel type.") }
        guard let type = type.string, ["web_hook", "webhook"].contains(type) else {
            throw .invalid("Invalid channel type.")
        }
        id = try Self.id(body)
        token = try Self.token(body)
        address = try Self.address(body, in: world)
        expires = try Self.end(body, now: world.now)
    }

    private static func id(_ body: JSONObject) throws(GoogleFailure) -> String {
        guard let id = body["id"]?.nonNull, id.string != "" else {
            throw .required("Missing channel ID.")
        }
        guard let id = id.string, id.utf8.count <= 64, id.utf8.allSatisfy(isIDByte) else {
            throw .invalid("Invalid channel ID: up to 64 of A-Z a-z 0-9 - _ + / = are allowed.")
        }
        return id
    }

    /// Whether a byte is one of `[A-Za-z0-9\-_+/=]`.
    private static func isIDByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }

    /// The token; it goes into a header field, so it cannot hold line ends and their like.
    private static func token(_ body: JSONObject) throws(GoogleFailure) -> String? {
        guard let token = body["token"]?.nonNull else { return nil }
        guard let token = token.string else { throw .badRequest }
        guard token.unicodeScalars.count <= 256, token.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw .invalid("Invalid channel token: up to 256 visible characters are allowed.") }
        return token.isEmpty ? nil : token
    }

    /// The address: https as Google wants it, or http on this machine.
    private static func address(
        _ body: JSONObject, in world: World
    ) throws(GoogleFailure) -> String {
        guard let address = body["address"]?.nonNull, address.string != "" else {
            throw .required("Missing channel address.")
        }
        guard let address = address.string else { throw .badRequest }
        let target = PostTarget(address)
        guard address.lowercased().hasPrefix("https://") || target?.isLoopback == true else {
            throw GoogleFailure(
                400, "global", "push.webhookUrlNotHttps",
                "WebHook callback must be HTTPS: \(address)")
        }
        guard target != nil else { throw .invalid("Invalid channel address: \(address)") }
        guard world.allowsPost(to: address) else {
            throw GoogleFailure(
                403, "global", "forbidden",
                "Unauthorized WebHook callback channel: \(address). This local Google posts to "
                    + "loopback addresses only, unless it was started with --foreign-push (in "
                    + "Swift: allowsForeignPosts).")
        }
        return address
    }

    /// The end that the client asks for, by `params.ttl` in seconds, by `expiration` in
    /// milliseconds, or the earlier one of both; at most 7 days ahead.
    private static func end(_ body: JSONObject, now: Int64) throws(GoogleFailure) -> Int64 {
        var end = now &+ PushLimits.lifeSeconds * 1000
        if let params = body["params"]?.nonNull {
            guard let params = params.object else { throw .badRequest }
            if let seconds = try number(params["ttl"], "ttl") {
                guard seconds > 0 else { throw .invalid("Invalid value for: ttl") }
                end = min(end, now &+ min(seconds, PushLimits.lifeSeconds) * 1000)
            }
        }
        if let moment = try number(body["expiration"], "expiration") { end = min(end, moment) }
        // A moment far in the past cannot be rounded.
        guard end > now, Stamp.floorDivision(end, 1000) * 1000 > now else {
            throw .invalid("Invalid value for: expiration")
        }
        return Stamp.floorDivision(end, 1000) * 1000
    }

    /// A whole number, which may be written as a text, as Google writes long ones; one that is
    /// too large to be counted stands for the largest.
    private static func number(
        _ value: JSON?, _ name: String
    ) throws(GoogleFailure) -> Int64? {
        guard let value = value?.nonNull else { return nil }
        let text = value.number?.text ?? value.string ?? ""
        if let number = value.int ?? Int64(text) { return number }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .invalid("Invalid value for: \(name)")
        }
        return .max
    }
}

/// The number by which Google calls a project.
enum ProjectNumber {
    /// The one before the dash of a client's id, as Google makes them; of any other id one that
    /// is always the same.
    static func of(clientID: String) -> String {
        let digits = clientID.prefix { $0 != "-" }
        if digits.utf8.count >= 6, digits.utf8.count < clientID.utf8.count,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        {
            return String(digits)
        }
        return String(100_000_000_000 + Fingerprint.of(clientID.utf8) % 900_000_000_000)
    }
}
