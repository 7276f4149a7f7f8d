import LosslessJSON

/// Texts that have a bit of everything.
enum Samples {
    static let event = #"""
        {"kind":"calendar#event","etag":"\"3181161784712000\"","id":"4eahs9ghkhrvkld72hogu9ph3e",
        "status":"confirmed","summary":"Pâté, \u0061nd \"more\" \ud83c\udf70\n","sequence":3,
        "start":{"dateTime":"2024-06-03T10:00:00+02:00","timeZone":"Europe/Zurich"},
        "attendees":[{"email":"ada@example.com","self":true},{"email":"bob@example.com"}],
        "recurrence":["RRULE:FREQ=WEEKLY;COUNT=5"],"extendedProperties":{"private":{}},
        "location":null,"guests":[],"weight":-12.50e-3,"big":123456789012345678901234567890}
        """#

    static let small = [
        #"[1,2.50,true,false,null,"x",[],{}]"#, #"{"a":{"b":{"c":[[[0]]]}}}"#, "\"\\u00e9\\\\\"",
        " -0 ", #"{"":"","a":1,"a":2}"#, "[\n\t1e400 ,\r\n -1E-7]", "\"日本語 \u{10FFFF}\"",
    ]

    /// A tree with at most `depth` levels below it; without `null` members if told so.
    static func tree(
        depth: Int, nullMembers: Bool, using chance: inout SplitMix64
    ) -> JSON {
        let keys = ["a", "b", "c", "", "~", "a/b", "é", "e\u{301}", "0", "-"]
        switch chance.below(depth > 0 ? 9 : 6) {
        case 0: return .bool(chance.below(2) == 0)
        case 1: return .number(JSONNumber(chance.below(3)))
        case 2: return chance.below(2) == 0 ? 1.0 : -1e25
        case 3, 4: return .string(keys[chance.below(keys.count)])
        case 5: return depth == 0 && !nullMembers ? [] : .null
        case 6:
            return .array(
                (0..<chance.below(4)).map { _ in
                    tree(depth: depth - 1, nullMembers: nullMembers, using: &chance)
                })
        default:
            let members = (0..<chance.below(6)).map { _ in
                (
                    keys[chance.below(keys.count)],
                    tree(depth: depth - 1, nullMembers: nullMembers, using: &chance)
                )
            }
            return .object(JSONObject(members.filter { nullMembers || !$0.1.isNull }))
        }
    }
}
