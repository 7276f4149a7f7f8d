import LosslessJSON
import TandemCore
import TandemTesting

extension GoogleWorld {
    /// Lets the teller, if there is one, note what changed with an action.
    func tell(after action: GoogleAction) throws {
        guard let teller else { return }
        let entries = try GoogleSide.calendars.flatMap { calendar in
            try side.events(in: calendar, withDeleted: true).map { event in
                WorldTeller.Entry(
                    in: calendar, RemoteID(rawValue: event["id"]?.string ?? "-"), event,
                    mark: event["status"]?.string ?? "")
            }
        }
        try teller.tell(after: "\(action)", entries, replicas.map(\.store))
    }
}
