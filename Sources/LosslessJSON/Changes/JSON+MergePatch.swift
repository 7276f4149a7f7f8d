extension JSON {
    /// Applies a merge patch, as RFC 7396, section 2, defines it.
    ///
    /// Members of the patch replace or add members, `null` removes them, objects are merged member
    /// by member; anything else, arrays too, replaces the whole value.
    public func merging(_ patch: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        let target = object ?? JSONObject()
        let index = KeyIndex(target)
        var merged: [JSONObject.Member?] = target.members
        for (rank, change) in changes.members.enumerated() {
            let place = index.place(of: change.key, near: rank)
            let before = place.map { target.members[$0].value } ?? .null
            let after = JSONObject.Member(key: change.key, value: before.merging(change.value))
            switch (place, change.value.isNull) {
            case (let place?, true): merged[place] = nil
            case (let place?, false): merged[place] = after
            case (nil, false): merged.append(after)
            case (nil, true): break
            }
        }
        return .object(JSONObject(unique: merged.compactMap(\.self)))
    }

    /// The smallest RFC 7396 patch that turns `old` into `new`; `{}` if two objects are equal.
    ///
    /// Only objects are compared member by member; an array that differs comes whole. Members stand
    /// in the order of `new`, removed ones after them in the order of `old`.
    ///
    /// A merge patch can't write `null` into an object, since there it means "remove". A member that
    /// is `null` in `new` only comes out absent, one that was something else in `old` is removed,
    /// and one that is `null` in both stays. So `old.merging(patch)` equals `new` whenever no object
    /// that the patch touches has a `null` member in `new` (elements of arrays may be `null`);
    /// compare the two where that matters.
    public static func patch(from old: JSON, to new: JSON) -> JSON {
        guard case .object(let after) = new else { return new }
        guard case .object(let before) = old else { return new.withoutNullMembers }
        var patch: [JSONObject.Member] = []
        let beforeIndex = KeyIndex(before)
        for (place, member) in after.members.enumerated() {
            let earlier = beforeIndex[member.key, near: place]
            guard let value = change(from: earlier, to: member.value) else { continue }
            patch.append(JSONObject.Member(key: member.key, value: value))
        }
        let afterIndex = KeyIndex(after)
        for (place, member) in before.members.enumerated()
        where !afterIndex.contains(member.key, near: place) {
            patch.append(JSONObject.Member(key: member.key, value: .null))
        }
        return .object(JSONObject(unique: patch))
    }

    /// What a patch must say of one member of `new`; `nil` for nothing.
    private static func change(from old: JSON?, to new: JSON) -> JSON? {
        guard let old else {
            return new.isNull ? nil : new.withoutNullMembers
        }
        guard old != new else { return nil }
        let change = patch(from: old, to: new)
        // Objects that differ only where a patch can't express it need no member.
        guard old.object != nil, change.object?.isEmpty == true else { return change }
        return nil
    }

    /// What is left of a value when it is merged into nothing.
    private var withoutNullMembers: JSON {
        guard case .object(let object) = self else { return self }
        let members = object.members.filter { !$0.value.isNull }
        return .object(
            JSONObject(
                unique: members.map {
                    JSONObject.Member(key: $0.key, value: $0.value.withoutNullMembers)
                }))
    }
}
