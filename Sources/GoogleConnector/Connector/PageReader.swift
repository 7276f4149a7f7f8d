import GoogleAPI
import LosslessJSON
import TandemCore
import TandemSync

/// Reads the items of pages and the answers of writes.
enum PageReader {
    /// What a page has: its items in their order, then those of which not even the JSON is whole.
    static func items(_ page: GooglePage, kind: Kind) -> [PulledItem] {
        page.items.map { item($0, kind: kind) }
            + page.broken.map { broken in
                let id = broken.id.flatMap { $0.isEmpty ? nil : RemoteID(rawValue: $0) }
                return .unreadable(remoteID: id, raw: broken.raw, reason: broken.reason)
            }
    }

    /// One item: a resource with its bytes as they came, or something to set aside.
    static func item(_ node: JSONNode, kind: Kind) -> PulledItem {
        guard let named = named(node, kind: kind) else {
            return .unreadable(
                remoteID: nil, raw: raw(node),
                reason: EventShape.faultOfName(of: node) ?? "The item has no name.")
        }
        if kind == .event, let fault = EventShape(node).fault {
            return .unreadable(remoteID: named.remoteID, raw: raw(node), reason: fault)
        }
        return .resource(named)
    }

    /// The item, however odd, if only it has a name.
    static func named(_ node: JSONNode, kind: Kind) -> RemoteResource? {
        guard EventShape.faultOfName(of: node) == nil else { return nil }
        let json = node.value
        let remoteID = kind == .calendar ? calendars.remoteID(of: json) : events.remoteID(of: json)
        guard let remoteID else { return nil }
        return resource(remoteID, json, bytes: Array(node.rawBytes), kind: kind)
    }

    private static func raw(_ node: JSONNode) -> String {
        String(decoding: node.rawBytes, as: UTF8.self)
    }

    /// The resource that an answer holds; `nil` where it holds none.
    static func resource(_ answer: GoogleAnswer, kind: Kind) -> RemoteResource? {
        guard let root = answer.document?.root, var resource = named(root, kind: kind) else {
            return nil
        }
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
