/// The members of a JSON object, in order, each key once.
///
/// Keys are told apart byte for byte. Equality does not look at the order. A look-up goes through
/// the members, which is quickest for the few dozen that objects usually have.
public struct JSONObject: Sendable {
    /// A key and its value.
    public struct Member: Hashable, Sendable {
        /// The key.
        public let key: String
        /// The value.
        public var value: JSON

        /// Makes a member.
        public init(key: String, value: JSON) {
            self.key = key
            self.value = value
        }

        /// Compares keys byte for byte, and values.
        public static func == (left: Member, right: Member) -> Bool {
            ExactText.same(left.key, right.key) && left.value == right.value
        }

        /// Feeds key and value.
        public func hash(into hasher: inout Hasher) {
            ExactText.hash(key, into: &hasher)
            hasher.combine(value)
        }
    }

    /// The members in order.
    public private(set) var members: [Member]

    /// Makes an object without members.
    public init() { members = [] }

    /// Makes an object; of equal keys the first gives the place, the last the value.
    public init(_ members: [(String, JSON)]) {
        self.init(uniquing: members.map(Member.init(key:value:)))
    }

    /// Takes over members whose keys are known to differ.
    init(unique members: [Member]) { self.members = members }

    init(uniquing members: [Member]) {
        var places: [ExactKey: Int] = [:]
        var unique: [Member] = []
        unique.reserveCapacity(members.count)
        for member in members {
            if let place = places.updateValue(unique.count, forKey: ExactKey(member.key)) {
                places[ExactKey(member.key)] = place
                unique[place].value = member.value
            } else {
                unique.append(member)
            }
        }
        self.members = unique
    }

    /// How many members there are.
    public var count: Int { members.count }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// The keys in order.
    public var keys: [String] { members.map(\.key) }

    /// The value of this key.
    ///
    /// Setting keeps the place of a member that is there and appends one that is not; setting `nil`
    /// removes it.
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Removes a member and gives back its value, `nil` if there is none.
    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSON? {
        place(of: key).map { members.remove(at: $0).value }
    }

    /// Changes a value in place.
    mutating func modify(at place: Int, _ change: (inout JSON) -> Void) {
        change(&members[place].value)
    }

    /// The place of a key, looked for first where it was in an object like this one.
    func place(of key: String, near hint: Int = 0) -> Int? {
        if hint < members.count, ExactText.same(members[hint].key, key) { return hint }
        var key = key
        return key.withUTF8 { wanted in
            members.withUnsafeBufferPointer { members in
                for place in members.indices
                where members[place].key.utf8.count == wanted.count {
                    var other = members[place].key
                    if other.withUTF8({ ExactText.same($0, wanted) }) { return place }
                }
                return nil
            }
        }
    }

    /// Whether both are copies of one object that has not been changed since.
    private func sharesStorage(with other: JSONObject) -> Bool {
        members.withUnsafeBufferPointer { mine in
            other.members.withUnsafeBufferPointer { mine.baseAddress == $0.baseAddress }
        }
    }
}

extension JSONObject: Hashable {
    /// Compares members in any order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        if left.sharesStorage(with: right) { return true }
        var index: KeyIndex?
        for (member, twin) in zip(left.members, right.members) {
            // Mostly the order is the same, and no look-up is needed. No value is compared twice:
            // that would double the work at every level of nesting.
            if ExactText.same(member.key, twin.key) {
                guard member.value == twin.value else { return false }
            } else {
                let rightIndex = index ?? KeyIndex(right)
                index = rightIndex
                guard rightIndex[member.key, near: 0] == member.value else { return false }
            }
        }
        return true
    }

    /// Feeds the members in a way that their order does not matter.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var own = Hasher()
            own.combine(member)
            sum &+= own.finalize()
        }
        hasher.combine(count)
        hasher.combine(sum)
    }
}

extension JSONObject: Sequence {
    /// Goes through the members in order.
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }

    /// How many members there are.
    public var underestimatedCount: Int { members.count }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object with its members in this order; of equal keys the last value counts.
    public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
