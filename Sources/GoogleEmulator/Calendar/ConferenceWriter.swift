import LosslessJSON

/// What becomes of `conferenceData` in a client's resource.
///
/// - SeeAlso: Google Calendar API reference, "Events", property `conferenceData`.
struct ConferenceWriter {
    let world: World
    let options: WriteOptions

    /// Checks and completes the conference of a resource that is about to be stored.
    ///
    /// With version 0 the client's part is ignored and the base's conference stays.
    /// - Throws: 400 `invalid`.
    func settle(_ raw: inout JSONObject, base: JSONObject?) throws(GoogleFailure) {
        guard options.conferenceVersion == 1 else {
            raw["conferenceData"] = base?["conferenceData"]
            raw["hangoutLink"] = base?["hangoutLink"]
            return
        }
        guard let data = raw["conferenceData"]?.nonNull else {
            raw.removeValue(forKey: "conferenceData")
            raw.removeValue(forKey: "hangoutLink")
            return
        }
        guard data.object != nil else { throw .badRequest }
        let former = base?["conferenceData"]
        if data == former {
            raw["hangoutLink"] = base?["hangoutLink"]
            return
        }
        let request = data["createRequest"]?.nonNull
        // A request that was answered is no new one: whoever copies a conference sends it along.
        let isAnswered = request?["status"]?.nonNull != nil || request == former?["createRequest"]
        if let request, data["entryPoints"]?.nonNull == nil || !isAnswered {
            let made = try create(request, former: former)
            raw["conferenceData"] = made
            raw["hangoutLink"] = Self.meetAddress(made)
            return
        }
        try ConferenceChecks.check(data)
        raw["hangoutLink"] = Self.meetAddress(data)
    }

    /// Whether a patch asks for, or brings, another conference than the event has: with another
    /// request, solution or id.
    static func isAnother(_ patch: JSON, than former: JSON?) -> Bool {
        guard let former, patch.object != nil else { return false }
        let request = patch["createRequest"]?["requestId"]?.nonNull
        if let request, request != former["createRequest"]?["requestId"] { return true }
        let (solution, own) = (patch["conferenceSolution"], former["conferenceSolution"])
        if let type = solution?["key"]?["type"]?.nonNull, type != own?["key"]?["type"] {
            return true
        }
        let pairs = [
            (solution?["name"]?.nonNull, own?["name"]),
            (patch["conferenceId"]?.nonNull, former["conferenceId"]),
        ]
        return pairs.contains { sent, known in
            sent != nil && known != nil && sent != known
        }
    }

    private func create(_ request: JSON, former: JSON?) throws(GoogleFailure) -> JSON {
        guard let id = request["requestId"]?.string, !id.isEmpty else {
            throw .invalid("Missing conference request ID.")
        }
        if let former, former["createRequest"]?["requestId"]?.string == id { return former }
        let type = request["conferenceSolutionKey"]?["type"]?.string ?? "hangoutsMeet"
        guard type == "hangoutsMeet" else { throw .invalid("Invalid conference type value.") }
        let pending: JSONObject = [
            "createRequest": [
                "requestId": .string(id), "conferenceSolutionKey": ["type": "hangoutsMeet"],
                "status": ["statusCode": "pending"],
            ]
        ]
        return switch world.switches.conferenceCreation {
        case .success: Self.completed(pending, .success, random: &world.random)
        case .pending: .object(pending)
        case .failure: Self.completed(pending, .failure, random: &world.random)
        }
    }

    /// The conference that a request leads to.
    ///
    /// One that failed has no solution and no entry points.
    static func completed(
        _ pending: JSONObject, _ outcome: PendingConference.Outcome, random: inout SplitMix64
    ) -> JSON {
        var data = JSON.object(pending)
        var request = data["createRequest"] ?? .object([:])
        request["status"] = ["statusCode": .string(outcome.rawValue)]
        data["createRequest"] = request
        guard outcome == .success else { return data }
        let code = [3, 4, 3].map { random.word($0, from: Alphabet.letters) }
            .joined(separator: "-")
        data["entryPoints"] = [
            [
                "entryPointType": "video", "uri": .string("https://meet.google.com/\(code)"),
                "label": .string("meet.google.com/\(code)"),
            ]
        ]
        data["conferenceSolution"] = [
            "key": ["type": "hangoutsMeet"], "name": "Google Meet",
            "iconUri":
                "https://fonts.gstatic.com/s/i/productlogos/meet_2020q4/v6/web-512dp/logo_meet_2020q4_color_2x_web_512dp.png",
        ]
        data["conferenceId"] = .string(code)
        data["signature"] = .string("AG" + random.word(22, from: Alphabet.base64URL))
        return data
    }

    /// The address of a Meet conference, which the event repeats as `hangoutLink`.
    static func meetAddress(_ data: JSON) -> JSON? {
        guard data["conferenceSolution"]?["key"]?["type"]?.string == "hangoutsMeet" else {
            return nil
        }
        return data["entryPoints"]?.array?.first { $0["entryPointType"]?.string == "video" }?["uri"]
    }
}
