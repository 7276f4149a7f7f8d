import LosslessJSON

/// The limits of a conference that a client brings.
enum ConferenceChecks {
    /// The solutions that a client may bring.
    private static let writable = ["hangoutsMeet", "addOn"]
    /// The solutions that an event may have, those of old ones included.
    static let readable = writable + ["eventHangout", "eventNamedHangout"]

    /// - Throws: 400 `invalid`.
    static func check(
        _ data: JSON, solutions: [String] = writable
    ) throws(GoogleFailure) {
        guard let type = data["conferenceSolution"]?["key"]?["type"]?.string else {
            throw .invalid("Invalid conference data: a solution or a create request is needed.")
        }
        guard solutions.contains(type) else {
            throw .invalid("Invalid conference type value.")
        }
        let points = data["entryPoints"]?.array ?? []
        guard !points.isEmpty else { throw .invalid("Invalid conference data: no entry points.") }
        try checkCounts(points)
        for point in points { try check(entryPoint: point) }
        try check(parameters: data["parameters"]?.nonNull)
        if let notes = data["notes"]?.string, notes.count > 2048 {
            throw .invalid("Invalid conference data: the notes are too long.")
        }
    }

    private static func checkCounts(_ points: [JSON]) throws(GoogleFailure) {
        let types = points.map { $0["entryPointType"]?.string ?? "" }
        for single in ["video", "sip", "more"] where types.count(where: { $0 == single }) > 1 {
            throw .invalid("Invalid conference data: too many entry points of type \(single).")
        }
        if types == ["more"] {
            throw .invalid("Invalid conference data: an entry point of type more is not enough.")
        }
    }

    private static let schemes = [
        "video": ["http:", "https:"], "phone": ["tel:"], "sip": ["sip:"],
        "more": ["http:", "https:"],
    ]

    private static func check(entryPoint point: JSON) throws(GoogleFailure) {
        guard let type = point["entryPointType"]?.string, let allowed = schemes[type] else {
            throw .invalid("Invalid conference data: unknown entry point type.")
        }
        guard let uri = point["uri"]?.string, uri.count <= 1300,
            allowed.contains(where: { uri.lowercased().hasPrefix($0) })
        else { throw .invalid("Invalid conference data: bad entry point address.") }
        let features = (point["entryPointFeatures"]?.array ?? []).compactMap {
            $0.string?.lowercased().filter { $0.isLetter }
        }
        guard !(features.contains("toll") && features.contains("tollfree")) else {
            throw .invalid("Invalid conference data: an entry point is toll and toll-free.")
        }
        let limits = [
            ("label", 512), ("meetingCode", 128), ("accessCode", 128), ("passcode", 128),
            ("password", 128), ("pin", 128),
        ]
        for (name, limit) in limits {
            if let text = point[name]?.string, text.count > limit {
                throw .invalid("Invalid conference data: \(name) is too long.")
            }
        }
    }
    /// What an add-on keeps with a conference: texts by name.
    private static func check(parameters: JSON?) throws(GoogleFailure) {
        guard let parameters else { return }
        guard parameters.object != nil else { throw .badRequest }
        guard let addOn = parameters["addOnParameters"]?.nonNull else { return }
        guard addOn.object != nil else { throw .badRequest }
        guard let values = addOn["parameters"]?.nonNull else { return }
        guard let members = values.object else { throw .badRequest }
        for member in members where member.value.string == nil { throw .badRequest }
    }
}
