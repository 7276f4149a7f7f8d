extension JSON {
    /// Writes the tree as UTF-8, members in their order, numbers as their text.
    ///
    /// Of characters only quotes, backslashes and those below U+0020 are escaped, as RFC 8259,
    /// section 7, demands. Parsing the result gives an equal tree.
    public func serialized(_ style: JSONStyle = .compact) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(self, level: 0)
        return writer.bytes
    }

    /// The compact text.
    public var text: String { String(decoding: serialized(), as: UTF8.self) }
}
