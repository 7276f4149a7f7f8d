import LosslessJSON

/// Makes text from outside fit to be shown: nothing in it may steer a terminal.
enum TerminalText {
    /// The text on one line: line breaks and tabs become blanks, other control characters and
    /// marks that turn the reading direction are left out.
    ///
    /// - SeeAlso: Unicode Standard Annex #9 for the direction marks; ECMA-48 for the controls.
    static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isLineBreakOrTab(scalar) {
                if shown.last != " " { shown.append(" ") }
            } else if !isUnsafe(scalar) {
                shown.append(scalar)
            }
        }
        return String(shown)
    }

    /// The text's lines, each fit to be shown.
    static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { oneLine(String($0)) }
    }

    /// JSON as it may reach a terminal: what JSON leaves unescaped of control characters and
    /// direction marks is written as `\u` escapes, which mean the same.
    static func json(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { mayBeginUnsafe($0) }) else { return bytes }
        var safe: [UInt8] = []
        safe.reserveCapacity(bytes.count + 64)
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if isUnsafe(scalar), scalar.value >= 0x7F {
                let digits = String(scalar.value, radix: 16)
                let padding = String(repeating: "0", count: max(0, 4 - digits.count))
                safe.append(contentsOf: "\\u\(padding)\(digits)".utf8)
            } else {
                safe.append(contentsOf: Unicode.UTF8.encode(scalar).map(Array.init) ?? [])
            }
        }
        return safe
    }

    /// Whether a scalar that is not safe, and that JSON does not escape by itself, may begin with
    /// this byte: DEL, and the first bytes of U+0080 on, U+061C, and U+2000 on in UTF-8.
    private static func mayBeginUnsafe(_ byte: UInt8) -> Bool {
        byte == 0x7F || byte == 0xC2 || byte == 0xD8 || byte == 0xE2
    }

    private static func isLineBreakOrTab(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// How many columns a terminal gives the text.
    ///
    /// - SeeAlso: Unicode Standard Annex #11, "East Asian Width".
    static func width(_ text: String) -> Int {
        var width = 0
        for byte in text.utf8 {
            // Below U+0300, whose UTF-8 begins with 0xCC, each scalar has one column.
            guard byte < 0xCC else { return text.reduce(0) { $0 + Self.width($1) } }
            if byte & 0xC0 != 0x80 { width += 1 }
        }
        return width
    }

    /// A cluster that is drawn as one emoji has two columns; of others each letter has its own, and
    /// what is put on a letter has none.
    private static func width(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        let isEmoji =
            scalars.first?.properties.isEmojiPresentation == true
            || scalars.contains { $0.value == 0xFE0F }
        return isEmoji ? 2 : scalars.reduce(0) { $0 + width($1) }
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        // A soft hyphen, and signs that span Arabic or Syriac numbers, are seen.
        case 0xAD, 0x0600...0x0605, 0x06DD, 0x070F, 0x08E2: return 1
        // Vowels and finals that join the Hangul letter before them.
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return isWide(scalar.value) ? 2 : 1
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
            0x1F200...0x1F265, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    /// The text in at most `columns` columns, with an ellipsis where something was cut off; nothing
    /// where there is no column.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - columns: How many columns there are.
    ///   - keepsEnd: Whether its beginning is cut off.
    /// - Returns: The text, or its beginning, or its end.
    static func cut(_ text: String, to columns: Int, keepsEnd: Bool = false) -> String {
        guard columns > 0 else { return "" }
        guard width(text) > columns else { return text }
        if keepsEnd {
            let turned = cut(String(text.reversed()), to: columns)
            return String(turned.reversed())
        }
        var shown = ""
        var used = 0
        for character in text {
            used += width(character)
            guard used < columns else { break }
            shown.append(character)
        }
        while shown.last == " " { shown.removeLast() }
        return shown + "…"
    }

    /// The text followed by as many blanks as fill `columns` columns.
    static func padded(_ text: String, to columns: Int, onTheLeft: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, columns - width(text)))
        return onTheLeft ? blanks + text : text + blanks
    }
}

extension String {
    /// The text as one word of a command that a person may copy into a shell.
    var shellWord: String {
        let isPlain = utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                || "@%+=:,./-_".utf8.contains(byte)
        }
        return isPlain && !isEmpty ? self : "'" + replacing("'", with: #"'\''"#) + "'"
    }
}
