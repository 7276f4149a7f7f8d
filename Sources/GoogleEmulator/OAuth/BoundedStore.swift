/// Values by name, with an upper bound: what would be one too many drops the oldest.
///
/// Every access costs the same however much there is. Names are never given twice.
struct BoundedStore<Value> {
    /// How many values there may be.
    let limit: Int
    private var byName: [String: (serial: Int, value: Value)] = [:]
    /// Names in the order of their coming; removed ones stay until the list is tidied.
    private var order: [(name: String, serial: Int)] = []
    private var head = 0
    private var serial = 0

    init(limit: Int) {
        precondition(limit > 0, "A store must hold something.")
        self.limit = limit
    }

    var count: Int { byName.count }

    /// The names, oldest first.
    var keys: [String] { map(\.key) }

    /// The value of that name; setting `nil` removes it, and a new name counts as the youngest.
    subscript(name: String) -> Value? {
        get { byName[name]?.value }
        set {
            guard let newValue else {
                byName[name] = nil
                tidy()
                return
            }
            if let known = byName[name] {
                byName[name] = (known.serial, newValue)
                return
            }
            serial += 1
            byName[name] = (serial, newValue)
            order.append((name, serial))
            while byName.count > limit { dropOldest() }
            tidy()
        }
    }

    /// Removes from the old end, as long as the condition holds.
    mutating func removeOldest(while isOver: (Value) -> Bool) {
        while head < order.count {
            if let known = byName[order[head].name], known.serial == order[head].serial,
                !isOver(known.value)
            {
                break
            }
            dropOldest()
        }
        tidy()
    }

    private mutating func dropOldest() {
        let oldest = order[head]
        head += 1
        if byName[oldest.name]?.serial == oldest.serial { byName[oldest.name] = nil }
    }

    /// Forgets the names of what is gone, seldom enough to cost next to nothing on average.
    private mutating func tidy() {
        guard order.count > 2 * byName.count + 64 else { return }
        order = order[head...].filter { byName[$0.name]?.serial == $0.serial }
        head = 0
    }
}

extension BoundedStore: Sequence {
    /// Goes through all values, oldest first.
    func makeIterator() -> IndexingIterator<[(key: String, value: Value)]> {
        order[head...].compactMap { entry in
            guard let known = byName[entry.name], known.serial == entry.serial else { return nil }
            return (key: entry.name, value: known.value)
        }.makeIterator()
    }

    /// The same store with only some of the values, in the same order.
    func filter(
        _ isIncluded: ((key: String, value: Value)) throws -> Bool
    ) rethrows -> BoundedStore {
        var kept = BoundedStore(limit: limit)
        for entry in self where try isIncluded(entry) { kept[entry.key] = entry.value }
        return kept
    }
}
