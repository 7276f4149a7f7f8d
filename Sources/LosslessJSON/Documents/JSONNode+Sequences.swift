import CSimdjson

extension JSONNode {
    /// The elements of an array in order; none for other values.
    public var elements: Elements {
        Elements(storage: storage, position: position + 1, left: kind == .array ? count : 0)
    }

    /// The members of an object in order, duplicate keys each; none for other values.
    ///
    /// Keys come without escapes. Where a key stands several times, the last one counts.
    public var members: Members {
        Members(storage: storage, position: position + 1, left: kind == .object ? count : 0)
    }

    /// The elements of an array.
    public struct Elements: Sequence, IteratorProtocol, Sendable {
        let storage: JSONDocument.Storage
        var position: Int
        var left: Int

        /// How many elements are still to come.
        public var underestimatedCount: Int { left }

        /// The next element.
        public mutating func next() -> JSONNode? {
            guard left > 0 else { return nil }
            left -= 1
            let node = JSONNode(storage: storage, position: position)
            position = Int(node.entry.next)
            return node
        }
    }

    /// The members of an object.
    public struct Members: Sequence, IteratorProtocol, Sendable {
        let storage: JSONDocument.Storage
        var position: Int
        var left: Int

        /// How many members are still to come.
        public var underestimatedCount: Int { left }

        /// The next member.
        public mutating func next() -> (key: String, value: JSONNode)? {
            guard left > 0 else { return nil }
            left -= 1
            let key = JSONNode(storage: storage, position: position)
            let node = JSONNode(storage: storage, position: position + 1)
            position = Int(node.entry.next)
            return (key.string ?? "", node)
        }
    }
}
