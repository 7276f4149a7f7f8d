import LosslessJSON

/// The access control list of one calendar, removed rules included.
struct AccessRules {
    private(set) var rules: [Rule] = []
    private(set) var sequence: Int64 = 0

    /// Who gets which role.
    struct Rule {
        let scopeType: String
        let value: String
        var role: AccessRole
        var sequence: Int64
        var version: Int64

        /// Google's id of a rule: its scope in one word.
        var id: String { AccessRules.id(scopeType, value) }

        /// The etag with its quotes.
        var etag: String { "\"\(version)\"" }

        var resource: JSONObject {
            var scope: JSONObject = ["type": .string(scopeType)]
            if scopeType != "default" { scope["value"] = .string(value) }
            return [
                "kind": "calendar#aclRule", "etag": .string(etag), "id": .string(id),
                "scope": .object(scope), "role": .string(role.rawValue),
            ]
        }
    }

    /// So many rules may be in force.
    static let most = 10_000

    private static func id(_ scopeType: String, _ value: String) -> String {
        scopeType == "default" ? "default" : "\(scopeType):\(value)"
    }

    /// Whether a role for that scope would be one rule too many.
    func isFull(for scopeType: String, _ value: String) -> Bool {
        guard rules.count >= Self.most,
            rules.count(where: { $0.role > .none }) >= Self.most
        else { return false }
        return self[Self.id(scopeType, value)].map { $0.role == .none } ?? true
    }

    /// The best role that any rule gives to that address.
    func role(of email: String, in groups: UserGroups) -> AccessRole {
        let domain = email[...].parted(at: "@").last ?? ""
        let joined = groups.groups.isEmpty ? [] : groups.addresses(with: email)
        var best = AccessRole.none
        for rule in rules {
            let matches =
                switch rule.scopeType {
                case "user": rule.value == email
                case "domain": rule.value[...] == domain
                case "group": joined.contains(rule.value)
                case "default": true
                default: false
                }
            if matches { best = max(best, rule.role) }
        }
        return best
    }

    /// The rule of that id, removed ones included.
    subscript(id: String) -> Rule? { rules.first { $0.id == id } }

    /// How many users own the calendar.
    var owners: Int { rules.count { $0.scopeType == "user" && $0.role == .owner } }

    /// Adds a rule or changes the one of that scope; the role `none` removes it.
    @discardableResult
    mutating func set(
        scopeType: String, value: String, role: AccessRole, version: Int64
    ) -> Rule {
        sequence += 1
        let kept = scopeType == "default" ? "" : value.lowercased()
        let rule = Rule(
            scopeType: scopeType, value: kept, role: role, sequence: sequence, version: version)
        if let index = rules.firstIndex(where: { $0.id == rule.id }) {
            rules[index] = rule
        } else {
            rules.append(rule)
        }
        return rule
    }

    /// - Throws: 400 `invalid` for a scope that there cannot be.
    static func check(scopeType: String, value: String) throws(GoogleFailure) {
        switch scopeType {
        case "default": return
        case "domain" where !value.isEmpty: return
        case "user" where EmailAddress.isUsable(value): return
        case "group" where EmailAddress.isUsable(value): return
        case "user", "group", "domain": throw .invalid("Invalid scope value.")
        default: throw .invalid("Invalid scope type.")
        }
    }

    /// Forgets the older half of the removed rules once there are more than so many.
    ///
    /// - Returns: The version of the last one that was forgotten; `nil` if all are kept.
    mutating func forgetRemoved(beyond most: Int) -> Int64? {
        guard rules.count(where: { $0.role == .none }) > most else { return nil }
        let removed = rules.filter { $0.role == .none }.sorted { $0.sequence < $1.sequence }
        let last = removed[removed.count / 2]
        rules.removeAll { $0.role == .none && $0.sequence <= last.sequence }
        return last.version
    }

    /// Replaces everything, as a snapshot asks.
    mutating func restore(_ kept: [Rule], sequence keptSequence: Int64) {
        rules = kept
        sequence = keptSequence
    }
}
