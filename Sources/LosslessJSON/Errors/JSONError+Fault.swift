import CSimdjson

extension JSONError {
    /// Translates a fault of the scanner.
    init(faultOf fault: UInt32, offset: Int) {
        let (code, message) = Self.meaning(of: Int(fault))
        self.init(code: code, offset: offset, message: message)
    }

    private static func meaning(of fault: Int) -> (Code, String) {
        switch fault {
        case CSJ_EMPTY: (.syntax, "There is no JSON value; check that the whole body was read.")
        case CSJ_SIZE, CSJ_MEMORY:
            (.size, "There is not enough memory for this JSON; ask for smaller pages.")
        case CSJ_DEPTH:
            (.depth, "The JSON is nested too deeply; raise the limit if the sender is trusted.")
        case CSJ_UTF8: (.utf8, "The JSON is not UTF-8; convert it, or mend the byte here.")
        case CSJ_NUMBER_GRAMMAR: (.number, "This is not a number as JSON writes them.")
        case CSJ_ESCAPE: (.escape, "JSON knows no such escape; write a backslash as \\\\.")
        case CSJ_SURROGATE:
            (.escape, "This \\u escape is half a surrogate pair; the other half is missing.")
        case CSJ_TRAILING: (.trailing, "There is more after the JSON value; one is all there is.")
        default: (.syntax, syntaxMessage(of: fault))
        }
    }

    private static func syntaxMessage(of fault: Int) -> String {
        switch fault {
        case CSJ_CONTROL: "A control character stands in a string; write it as an escape."
        case CSJ_UNCLOSED_STRING: "The string that begins here has no closing quote."
        case CSJ_UNEXPECTED_END: "The JSON ends within a value; check that all of it was read."
        case CSJ_EXPECTED_VALUE: "A value must stand here."
        case CSJ_EXPECTED_KEY: "A key in double quotes must stand here."
        case CSJ_EXPECTED_COLON: "A colon must stand here, after the key."
        case CSJ_EXPECTED_COMMA: "A comma or the closing bracket must stand here."
        case CSJ_LITERAL: "The only words that JSON knows are true, false and null."
        default: "This is not JSON."
        }
    }
}
