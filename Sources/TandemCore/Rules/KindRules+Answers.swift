public import LosslessJSON

/// Somebody whom a resource names.
public struct Person: Hashable, Sendable {
    /// What they are called.
    public let name: String?
    /// Their address.
    public let email: String?

    /// Names somebody.
    public init(name: String? = nil, email: String?) {
        self.name = name
        self.email = email
    }
}

extension KindRules {
    /// Nobody: most kinds do not say it.
    public func maker(of resource: JSON) -> Person? { nil }

    /// Nobody: most kinds have no lists of people.
    public func person(_ element: JSON) -> Person? { nil }

    /// The answers that were given, where nothing else differs between two versions.
    ///
    /// An answer is the member that belongs to whom an element of a list stands for, as
    /// ``MergeField/Merging/keyedList(by:ownFlag:ownMember:)`` names it; what else of the element
    /// changed with it, such as a comment, is part of it.
    ///
    /// - Parameters:
    ///   - before: The earlier version.
    ///   - after: The later version.
    /// - Returns: The elements with another answer as they are now, in canonical form; `nil` where
    ///   anything else changed, or nothing did.
    public func answers(from before: JSON, to after: JSON) -> [JSON]? {
        let (old, new) = (canonical(before), canonical(after))
        guard old != new else { return nil }
        var (oldRest, newRest) = (old, new)
        var answers: [JSON] = []
        for field in fields {
            guard case .keyedList(let key, _, let member?) = field.merging else { continue }
            guard
                let given = Self.answers(
                    member, from: field.value(in: old), to: field.value(in: new), by: key)
            else { return nil }
            answers += given
            field.put(nil, into: &oldRest)
            field.put(nil, into: &newRest)
        }
        return oldRest == newRest && !answers.isEmpty ? answers : nil
    }

    /// The elements of a list whose answer changed; `nil` where the list changed in another way.
    private static func answers(
        _ member: String, from before: JSON?, to after: JSON?, by key: String
    ) -> [JSON]? {
        guard before != after else { return [] }
        guard let old = before?.array, let new = after?.array, old.count == new.count else {
            return nil
        }
        var former: [String: JSON] = [:]
        for element in old {
            guard let name = element[key]?.string, former.updateValue(element, forKey: name) == nil
            else { return nil }
        }
        var answers: [JSON] = []
        for element in new {
            guard let name = element[key]?.string,
                let earlier = former.removeValue(forKey: name)
            else { return nil }
            if earlier == element { continue }
            guard earlier[member] != element[member] else { return nil }
            answers.append(element)
        }
        return answers
    }
}
