public import Foundation
public import LosslessJSON

/// A successful answer: one resource, or nothing.
public struct GoogleAnswer: Sendable {
    /// The HTTP status: 200 to 299, or 304.
    public let status: Int
    /// The answer's JSON, checked; `nil` where Google sends none (204, 304).
    public let document: JSONDocument?
    /// The resource's etag, its quotes included, from the JSON or else from the header.
    public let etag: String?
    /// Google's clock when it answered, from the `Date` header.
    public let serverDate: Date?

    /// Makes an answer.
    public init(status: Int, document: JSONDocument?, etag: String?, serverDate: Date? = nil) {
        self.status = status
        self.document = document
        self.etag = etag
        self.serverDate = serverDate
    }

    /// Whether the copy named by `If-None-Match` is still the current one (304).
    public var isNotModified: Bool { status == 304 }

    /// The answer as a tree; `nil` where Google sent none.
    public var json: JSON? { document?.root.value }
}

/// One page of a listing.
public struct GooglePage: Sendable {
    /// The largest page that is taken, unpacked: 16 MiB.
    ///
    /// A page is held whole, several listings may run at once, and a page's size is chosen by whoever
    /// fills the calendar.
    public static let maxBytes = 16 << 20

    /// The whole page, checked once; items are looked at in place.
    public let document: JSONDocument
    /// The items, in Google's order.
    public let items: [JSONNode]
    /// The items that are not JSON, taken out of the page.
    public let broken: [BrokenItem]
    /// Asks for the next page; `nil` on the last one.
    public let nextPageToken: String?
    /// Asks for what changes from now on; on the last page only, and not for every query.
    public let nextSyncToken: String?
    /// The listing's etag.
    public let etag: String?
    /// Google's clock when it answered.
    public let serverDate: Date?

    /// Reads a page.
    ///
    /// A page may be empty and still name a next one. An object that has neither items nor a
    /// token is no page: taking it for an empty listing would look like everything was deleted.
    ///
    /// - Parameters:
    ///   - answer: What Google sent.
    ///   - itemsKey: The member that holds the items.
    ///   - call: The call it answers, for the error.
    ///   - broken: What was taken out of it.
    /// - Throws: ``GoogleError`` with code `unreadable`.
    init(
        _ answer: GoogleAnswer, itemsKey: String, call: GoogleCall, broken: [BrokenItem] = []
    ) throws(GoogleError) {
        guard let document = answer.document else { throw .unreadable(call, why: "it is empty") }
        let root = document.root
        nextPageToken = root["nextPageToken"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        nextSyncToken = root["nextSyncToken"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let list = root[itemsKey], !list.isNull {
            guard list.kind == .array else {
                throw .unreadable(call, why: "its items are not a list")
            }
            items = Array(list.elements)
        } else {
            guard nextPageToken != nil || nextSyncToken != nil else {
                throw .unreadable(call, why: "it is not a page of a listing")
            }
            items = []
        }
        self.document = document
        self.broken = broken
        etag = answer.etag
        serverDate = answer.serverDate
    }
}
