import GoogleAPI
import LosslessJSON
import TandemCore
import TandemSync

/// Reads the items of pages and the answers of writes.
enum PageReader {
    /// One item: a resource with its bytes as they came, or something to set aside.
    static func item(_ node: JSONNode, kind: Kind) -> PulledItem {
        let json = node.value
        let remoteID = kind == .calendar ? calendars.remoteID(of: json) : events.remoteID(of: json)
        guard let remoteID else {
            return .unreadable(
                remoteID: nil, raw: json.text, reason: "The item has no id, so it has no name.")
        }
        return .resource(resource(remoteID, json, bytes: Array(node.rawBytes), kind: kind))
    }

    /// The resource that an answer holds; `nil` where it holds none.
    static func resource(_ answer: GoogleAnswer, kind: Kind) -> RemoteResource? {
        guard let root = answer.document?.root,
            case .resource(var resource) = item(root, kind: kind)
        else { return nil }
        // Some answers tell the etag in a header only.
        if resource.etag == nil { resource.etag = answer.etag.map { ETag(rawValue: $0) } }
        return resource
    }

    private static let events = EventRules()
    private static let calendars = CalendarRules()

    private static func resource(
        _ remoteID: RemoteID, _ json: JSON, bytes: [UInt8], kind: Kind
    ) -> RemoteResource {
        let isCalendar = kind == .calendar
        return RemoteResource(
            remoteID: remoteID, etag: isCalendar ? calendars.etag(of: json) : events.etag(of: json),
            json: json, bytes: bytes,
            isTombstone: isCalendar ? calendars.isTombstone(json) : events.isTombstone(json))
    }
}
