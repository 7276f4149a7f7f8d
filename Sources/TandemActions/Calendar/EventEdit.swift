public import LosslessJSON
import TandemCore
import TandemFormats

/// How much of a series an edit is meant for.
public enum SeriesReach: String, Hashable, Sendable, CaseIterable {
    /// This instance alone.
    case this
    /// This instance and all behind it.
    case following
    /// The whole series.
    case all
}

/// What is to be done to an event.
public enum EventEdit: Sendable {
    /// What a person said in friendly words.
    case fields(EventFields)
    /// A merge patch on the event's JSON.
    ///
    /// - SeeAlso: RFC 7396.
    case patch(JSON)
    /// One's own answer to an invitation.
    case answer(InvitationAnswer)
}

/// One's own answer to an invitation.
public struct InvitationAnswer: Hashable, Sendable {
    /// What one says.
    public var response: Response
    /// What one adds to it; `nil` leaves an earlier word standing.
    public var comment: String?
    /// The address that was invited, where the event does not mark it as one's own.
    public var address: String?

    /// Gathers an answer.
    public init(_ response: Response, comment: String? = nil, address: String? = nil) {
        self.response = response
        self.comment = comment
        self.address = address
    }

    /// What one may say, in Google's words.
    public enum Response: String, Hashable, Sendable, CaseIterable {
        case accepted
        case declined
        case tentative
        case needsAction
    }

    /// The event with the answer in it.
    ///
    /// - Returns: The event, changed.
    /// - Throws: ``TandemError`` with code `notFound` where one is not among the guests.
    func applied(to event: JSON) throws(TandemError) -> JSON {
        var guests = event["attendees"]?.array ?? []
        let own =
            guests.firstIndex { $0["self"]?.bool == true }
            ?? guests.firstIndex { guest in
                address.map { EventFields.address(of: guest) == $0.lowercased() } ?? false
            }
        guard let own else {
            throw TandemError(
                .notFound,
                "You are not among the guests of this event, so there is nothing to "
                    + "answer.")
        }
        guests[own]["responseStatus"] = .string(response.rawValue)
        if let comment { guests[own]["comment"] = comment.isEmpty ? nil : .string(comment) }
        var answered = event
        answered["attendees"] = .array(guests)
        return answered
    }
}

extension EventEdit {
    /// Members that name an event or that it keeps for life.
    static let fixedMembers: Set<String> = ["iCalUID", "eventType"]

    /// The event after the edit.
    ///
    /// - Parameters:
    ///   - event: The event as it is seen.
    ///   - viewer: The zone that typed times are read in.
    ///   - fallbackZone: The zone of an event that names none.
    ///   - rules: The rules of events.
    /// - Returns: The event, changed.
    /// - Throws: ``TandemError`` with code `invalid` for a change of what only Google may change.
    func applied(
        to event: JSON, viewedIn viewer: ZoneRules, fallbackZone: String, rules: any KindRules
    ) throws(TandemError) -> JSON {
        switch self {
        case .fields(let fields):
            return try fields.applied(to: event, viewedIn: viewer, fallbackZone: fallbackZone)
        case .answer(let answer):
            return try answer.applied(to: event)
        case .patch(let patch):
            guard patch.object != nil else {
                throw TandemError(.invalid, "A patch must be a JSON object.")
            }
            let edited = event.merging(patch)
            for member in rules.serverOwned.union(Self.fixedMembers).sorted()
            where edited[member] != event[member] {
                throw TandemError(
                    .invalid, "'\(member)' belongs to Google and cannot be changed here.")
            }
            return edited
        }
    }

    /// How the change log names the edit.
    var isAnswer: Bool {
        if case .answer = self { true } else { false }
    }
}
