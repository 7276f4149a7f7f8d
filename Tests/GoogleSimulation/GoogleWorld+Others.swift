import LosslessJSON
import TandemCore
import TandemStore

/// What is done at Google by people without any of our programs.
extension GoogleWorld {
    func others(do action: GoogleAction) throws {
        switch action {
        case .webCreate(let calendar, let shape, let token):
            try make(token, shape, in: Self.calendar(calendar), guests: [], as: GoogleSide.ada)
        case .webEdit(let event, let slot, let part, let token):
            guard let (place, id, json) = try own(event) else { return }
            try noteClash("edit", with: id, in: place)
            try side.ask(
                "PATCH", "\(place)/events/\(Self.name(id, json, slot))", query: Self.silently,
                GoogleWriter.patch(part, token, of: json))
        case .webDelete(let event, let slot):
            guard let (place, id, json) = try own(event) else { return }
            try noteClash("delete", with: id, in: place)
            let name = Self.name(id, json, slot)
            if name == id { oracle.mayBeTwo(json) }
            try side.ask("DELETE", "\(place)/events/\(name)", query: Self.silently)
        case .webMove(let event, let calendar):
            guard let (place, id, _) = try own(event) else { return }
            try noteClash("move", with: id, in: place)
            try side.ask(
                "POST", "\(place)/events/\(id)/move",
                query: "destination=\(Self.calendar(calendar))&\(Self.silently)")
        case .invite(let shape, let token):
            try make(
                token, shape, in: GoogleSide.grace, guests: [GoogleSide.ada], as: GoogleSide.grace)
        case .changeInvitation(let event, let part, let token):
            guard let (id, json) = try graces(event) else { return }
            // Another guest list would leave the account's owner out.
            guard part != .guest else { return }
            try side.ask(
                "PATCH", "\(GoogleSide.grace)/events/\(id)", query: Self.silently,
                GoogleWriter.patch(part, token, of: json), as: GoogleSide.grace)
        case .withdraw(let event):
            guard let (id, json) = try graces(event) else { return }
            oracle.mayBeTwo(json)
            try side.ask(
                "DELETE", "\(GoogleSide.grace)/events/\(id)", query: Self.silently,
                as: GoogleSide.grace)
        default: return
        }
    }

    private static let silently = "sendUpdates=none"

    private static func calendar(_ number: Int) -> String {
        GoogleSide.calendars[number % GoogleSide.calendars.count]
    }

    private func make(
        _ token: Int, _ shape: EventShape, in calendar: String, guests: [String], as user: String
    ) throws {
        var event = GoogleWriter.made(token, shape).withoutNulls
        let invited = guests.map { address -> JSON in ["email": .string(address)] }
        if !invited.isEmpty { event["attendees"] = .array(invited) }
        try side.ask("POST", "\(calendar)/events", query: Self.silently, event, as: user)
    }

    /// An event that the account's owner organises.
    private func own(_ number: Int) throws -> (String, String, JSON)? {
        let all = try GoogleSide.calendars.flatMap { calendar in
            try side.events(in: calendar)
                .filter { $0["status"] != "cancelled" && $0["organizer"]?["self"] == true }
                .map { (calendar, $0["id"]?.string ?? "", $0) }
        }
        return all.isEmpty ? nil : all[number % all.count]
    }

    private func graces(_ number: Int) throws -> (String, JSON)? {
        let all = try side.events(in: GoogleSide.grace, as: GoogleSide.grace)
            .filter { $0["status"] != "cancelled" && $0["organizer"]?["self"] == true }
        guard !all.isEmpty else { return nil }
        let event = all[number % all.count]
        return (event["id"]?.string ?? "", event)
    }

    private static func name(_ id: String, _ event: JSON, _ slot: Int?) -> String {
        guard let slot, event["recurrence"] != nil else { return id }
        return "\(id)_\(GoogleWriter.slots[slot % GoogleWriter.slots.count])"
    }

    /// Somebody else writes to the very thing just before a write arrives.
    func overtake(_ id: RemoteID, in calendar: RemoteID) throws {
        let text = JSON.string(TokenFinder.text(oracle.freshToken()))
        try side.ask(
            "PATCH", "\(calendar)/events/\(id)", query: Self.silently, ["description": text])
    }

    /// Counts what somebody else's deed clashes with at some replica.
    private func noteClash(_ deed: String, with id: String, in place: String) throws {
        for replica in replicas {
            let row = try replica.row(RemoteID(rawValue: id), in: RemoteID(rawValue: place))
            guard let row, row.isDirty else { continue }
            let mine = row.live == nil ? "delete" : row.movedFrom == nil ? "edit" : "move"
            met("\(mine) here, \(deed) there")
        }
    }
}
