/// Groups of users, which rules of access and `freebusy.query` may name.
///
/// Google keeps them outside of the Calendar API; here they are planted.
struct UserGroups {
    /// In the order in which they were planted.
    private(set) var groups: [Group] = []

    struct Group {
        /// In lower case.
        let email: String
        /// Lower-case addresses, each once.
        let members: [String]
    }

    /// Adds a group, or replaces the one of that address.
    mutating func set(_ email: String, members: [String]) {
        var known: Set<String> = []
        let group = Group(
            email: email.lowercased(),
            members: members.map { $0.lowercased() }.filter { known.insert($0).inserted })
        groups.removeAll { $0.email == group.email }
        groups.append(group)
    }

    /// The group of that address, compared without case.
    subscript(email: String) -> Group? {
        let wanted = email.lowercased()
        return groups.first { $0.email == wanted }
    }

    /// The addresses of the groups that somebody is in.
    func addresses(with member: String) -> Set<String> {
        Set(groups.filter { $0.members.contains(member) }.map(\.email))
    }
}
