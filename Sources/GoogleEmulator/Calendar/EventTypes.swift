import LosslessJSON

/// The JSON types of what a body may hold, the members that only the server writes included.
///
/// Members that are checked for more elsewhere are not repeated here.
/// - SeeAlso: Google's discovery document of the Calendar API, `Event`.
enum EventTypes {
    private enum Kind {
        case text
        case flag
        case whole
        case object(of: [String: Kind])
        case objects(of: [String: Kind])
        /// Texts by names of any choice.
        case texts
    }

    private static let person = Kind.object(of: [
        "email": .text, "id": .text, "displayName": .text, "self": .flag,
    ])

    private static let members: [String: Kind] = [
        "kind": .text, "etag": .text, "id": .text, "iCalUID": .text, "htmlLink": .text,
        "hangoutLink": .text, "recurringEventId": .text, "created": .text, "updated": .text,
        "privateCopy": .flag, "locked": .flag, "endTimeUnspecified": .flag,
        "creator": person, "organizer": person, "originalStartTime": .object(of: [:]),
        "source": .object(of: ["title": .text]),
        "gadget": .object(of: [
            "type": .text, "title": .text, "link": .text, "iconLink": .text, "display": .text,
            "width": .whole, "height": .whole, "preferences": .texts,
        ]),
        "conferenceData": .object(of: [
            "entryPoints": .objects(of: [
                "entryPointType": .text, "uri": .text, "label": .text, "pin": .text,
                "accessCode": .text, "meetingCode": .text, "passcode": .text, "password": .text,
                "regionCode": .text,
            ]),
            "conferenceId": .text, "signature": .text, "notes": .text,
            "conferenceSolution": .object(of: [
                "name": .text, "iconUri": .text, "key": .object(of: ["type": .text]),
            ]),
            "createRequest": .object(of: [
                "requestId": .text, "conferenceSolutionKey": .object(of: ["type": .text]),
                "status": .object(of: ["statusCode": .text]),
            ]),
        ]),
        "birthdayProperties": .object(of: ["contact": .text, "customTypeName": .text]),
        "focusTimeProperties": .object(of: ["declineMessage": .text]),
        "outOfOfficeProperties": .object(of: ["declineMessage": .text]),
        "workingLocationProperties": .object(of: [
            "customLocation": .object(of: ["label": .text]),
            "officeLocation": .object(of: [
                "buildingId": .text, "deskId": .text, "floorId": .text, "floorSectionId": .text,
                "label": .text,
            ]),
        ]),
    ]

    /// - Throws: 400 `badRequest` for a value of another type; `null` is as good as absent.
    static func check(_ body: JSONObject) throws(GoogleFailure) {
        guard Self.holds(body, members) else { throw .badRequest }
    }

    private static func holds(_ object: JSONObject, _ kinds: [String: Kind]) -> Bool {
        object.allSatisfy { member in
            guard let kind = kinds[member.key], let value = member.value.nonNull else {
                return true
            }
            return fits(value, kind)
        }
    }

    private static func fits(_ value: JSON, _ kind: Kind) -> Bool {
        switch kind {
        case .text: value.string != nil
        case .flag: value.bool != nil
        case .whole: value.int.map { Int32(exactly: $0) != nil } ?? false
        case .object(let kinds): value.object.map { holds($0, kinds) } ?? false
        case .objects(let kinds):
            value.array?.allSatisfy { $0.object.map { holds($0, kinds) } ?? false } ?? false
        case .texts:
            value.object?.allSatisfy { $0.value.isNull || $0.value.string != nil } ?? false
        }
    }
}
