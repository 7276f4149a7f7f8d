extension JSON {
    /// The same value in one normal form, for comparing and digesting.
    ///
    /// Keys are sorted by their UTF-8 bytes at every level, and numbers that are equal get one text:
    /// no needless zeros, an exponent only from 10^21 up and below 10^-6, every digit kept, `-0` as
    /// `0`. Written compactly this is like RFC 8785, but that one rounds numbers to doubles and
    /// sorts by UTF-16. A number whose exponent lies beyond ±10^12 is left as it is written.
    public func canonical() -> JSON {
        switch self {
        case .null, .bool, .string: self
        case .number(let number): .number(number.canonical())
        case .array(let elements): .array(elements.map { $0.canonical() })
        case .object(let object): .object(object.canonical())
        }
    }

    /// The SHA-256 of the canonical form, written compactly.
    public var digest: JSONDigest {
        var writer = JSONWriter(style: .compact, isCanonical: true)
        writer.write(self, level: 0)
        return JSONDigest(of: writer.bytes)
    }
}

extension JSONNumber {
    /// The number in its normal text.
    func canonical() -> JSONNumber {
        guard !isPlain, let normal = NormalNumber(text) else { return self }
        return JSONNumber(checked: normal.text)
    }

    /// Whether the text is the normal one at first sight: up to 21 digits and a sign.
    private var isPlain: Bool {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        return digits.count <= 21 && digits.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= 0x39 }
            && (digits.first != UInt8(ascii: "0") || text.utf8.count == 1)
    }
}

extension JSONObject {
    fileprivate func canonical() -> JSONObject {
        JSONObject(
            unique: canonicalOrder.map {
                Member(key: members[$0].key, value: members[$0].value.canonical())
            })
    }

    /// The places of the members in the order of their keys' UTF-8 bytes.
    ///
    /// Sorts by the first bytes as numbers, which settles most comparisons at little cost.
    var canonicalOrder: [Int] {
        var order: [(prefix: UInt64, place: Int)] = []
        order.reserveCapacity(count)
        for place in members.indices {
            order.append((ExactText.prefix(of: members[place].key), place))
        }
        order.sort { left, right in
            left.prefix == right.prefix
                ? ExactText.precedes(members[left.place].key, members[right.place].key)
                : left.prefix < right.prefix
        }
        return order.map(\.place)
    }
}
