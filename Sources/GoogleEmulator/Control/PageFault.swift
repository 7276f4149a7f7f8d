import LosslessJSON

extension LocalGoogle.Fault {
    /// What is wrong with a page of a listing.
    public enum Page: String, Sendable, CaseIterable {
        /// Behind the page comes the same page again.
        case again
        /// The page is empty and leads to the one that was asked for.
        case empty
        /// Behind the page comes the first one, under the same page token each time.
        case circle
        /// The last page lacks its sync token.
        case noSyncToken
        /// The page lacks its rows and is complete otherwise.
        case noItems
        /// The first row's members, but for what names it, are of kinds that they never are.
        case badItem
    }
}

/// Page tokens that lead elsewhere than the service's own: to the page of the token inside.
enum TwistedToken {
    private static let mark = "again."

    /// A word that leads to the page of that token; without one, to the first page.
    static func text(_ number: Int, to original: String?) -> String {
        "\(mark)\(number).\(original ?? "")"
    }

    /// The token inside; `nil` if the word is none of ours.
    static func original(of text: String) -> String? {
        guard text.hasPrefix(mark) else { return nil }
        let rest = text.dropFirst(mark.count)
        guard let point = rest.firstIndex(of: ".") else { return nil }
        return String(rest[rest.index(after: point)...])
    }

    /// The request with the service's own page token in its place.
    static func untwisted(_ request: EmulatorRequest) -> EmulatorRequest {
        guard let text = Parameters(formEncoded: request.query)["pageToken"],
            let original = original(of: text)
        else { return request }
        var pieces = request.query.split(separator: "&").map(String.init)
        pieces.removeAll {
            PercentCoding.decode($0.prefix { $0 != "=" }, plusIsBlank: true) == "pageToken"
        }
        if !original.isEmpty { pieces.append("pageToken=" + PercentCoding.encode(original)) }
        var changed = request
        changed.query = pieces.joined(separator: "&")
        return changed
    }
}

/// A page of a listing that a fault may change.
struct ListedPage {
    private let call: RouteCall
    /// The member that holds the rows.
    private let rows: String
    private var document: JSON
    private let response: EmulatorResponse

    /// - Returns: `nil` for anything but a page of a listing.
    init?(_ response: EmulatorResponse, to call: RouteCall) {
        guard response.status == 200, response.cut == nil, call.request.method == "GET",
            let rows = call.service.rowsMember(of: call.methodID)
        else { return nil }
        do { document = try JSON(parsing: response.body) } catch {
            return nil  // An answer that another fault made unreadable is no page.
        }
        guard document.object != nil else { return nil }
        self.call = call
        self.rows = rows
        self.response = response
    }

    /// Whether the fault has something to change here.
    func suits(_ fault: LocalGoogle.Fault.Page) -> Bool {
        switch fault {
        case .again, .empty, .circle: true
        case .noSyncToken: document["nextSyncToken"] != nil
        case .noItems, .badItem: document[rows]?.array?.isEmpty == false
        }
    }

    /// The page as the fault leaves it; `number` tells the tokens of one fault from the next's.
    mutating func apply(_ fault: LocalGoogle.Fault.Page, number: Int) {
        let own = Parameters(formEncoded: call.request.query).nonEmpty("pageToken")
        switch fault {
        case .again: lead(to: TwistedToken.text(number, to: own))
        case .circle: lead(to: TwistedToken.text(0, to: nil))
        case .empty:
            clear()
            lead(to: TwistedToken.text(number, to: own))
        case .noSyncToken: document["nextSyncToken"] = nil
        case .noItems: clear()
        case .badItem: spoil()
        }
    }

    /// The answer with the page as it is now.
    var answer: EmulatorResponse {
        var answer = response
        let isPretty = Renderer.isPretty(Parameters(formEncoded: call.request.query))
        let compact = document.serialized(.compact)
        answer.body = isPretty ? Indenter.indented(compact) : compact
        return answer
    }

    private mutating func lead(to token: String) {
        document["nextSyncToken"] = nil
        if isAsked("nextPageToken") { document["nextPageToken"] = .string(token) }
    }

    private mutating func clear() {
        if document[rows] != nil { document[rows] = .array([]) }
    }

    /// The members that name a row and stay.
    private static let names: Set<String> = ["kind", "id", "etag", "resourceName"]

    private mutating func spoil() {
        guard var list = document[rows]?.array, let first = list.first?.object else { return }
        list[0] = .object(
            JSONObject(
                first.members.map { member in
                    (member.key, Self.names.contains(member.key) ? member.value : [[1]])
                }))
        document[rows] = .array(list)
    }

    /// Whether `fields` lets a member of the page through.
    private func isAsked(_ name: String) -> Bool {
        guard let fields = Parameters(formEncoded: call.request.query).nonEmpty("fields") else {
            return true
        }
        var depth = 0
        var word = ""
        for character in fields + "," {
            switch character {
            case "(": depth += 1
            case ")": depth -= 1
            case "," where depth == 0:
                if word == name || word == "*" { return true }
                word = ""
            default: if depth == 0 { word.append(character) }
            }
        }
        return false
    }
}
