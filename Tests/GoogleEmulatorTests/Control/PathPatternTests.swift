import Testing

@testable import GoogleEmulator

/// The regular expressions of faults.
@Suite(.timeLimit(.minutes(1))) struct PathPatternTests {
    static let path = "/calendar/v3/calendars/ada%40example.com/events/p1k7_20261109"

    @Test(arguments: [
        ("/events", true), ("^/calendar/", true), ("^/events", false), ("/events$", false),
        ("_\\d{8}$", true), ("_\\d{9}$", false), ("/events/[^/]+$", true), ("/[^a-z/]+/", false),
        ("v[0-9]/", true), ("calendars/(ada|bob)%40", true), ("calendars/(eve|bob)%40", false),
        ("", true), ("x*$", true), ("^$", false), ("a.a", true), ("e(ve)+nts", true),
        ("e(?:xx)?vents", true), ("\\.com\\b", true), ("\\Bcom", false), ("(?:)", true),
        ("ev{0}ents", false), ("e{1,}v{1,2}?e", true), ("[]x]", true), ("[\\w-]+_[\\D]", false),
        ("[\\D]2|%4[^1-9]", true), ("{a}", false), ("\\/v3\\/", true), ("[a\\-z]40", false),
        ("\\S+\\W\\s*", true), ("(a*)*b", false), ("a||b", true),
    ])
    func `a pattern is found where it stands`(pattern: String, isThere: Bool) throws {
        #expect(try PathPattern(pattern).occurs(in: Self.path) == isThere)
    }

    @Test(arguments: ["^[/a]*b?[c-g]{0,2}(g|hh)*$", "a|b|^/c", "[^/]/?$", "(ab?)+c{2}"])
    func `it finds what Swift's own patterns find`(pattern: String) throws {
        let own = try PathPattern(pattern)
        let regex = try Regex(pattern)
        var random = SplitMix64(seed: 3)
        for _ in 0..<2000 {
            let letters = (0..<Int(random.next() % 12)).map { _ in
                ["/", "a", "b", "c", "d", "g", "h"][Int(random.next() % 7)]
            }
            let text = letters.joined()
            #expect(own.occurs(in: text) == text.contains(regex), "\(text)")
        }
    }

    @Test(arguments: ["(a+)+$", "^/(a|a)*$", "^/(a*)*$", "(a|aa)+$", "(.*a){20}$"])
    func `no pattern goes back and forth without end`(pattern: String) throws {
        let text = "/" + String(repeating: "a", count: 5000) + "!"
        #expect(try !PathPattern(pattern).occurs(in: text))
    }

    @Test(arguments: [
        "(", ")", "a)", "[", "[a", "[]", "*", "a**", "+", "\\", "\\1", "(?=a)", "(?<a>b)", "a++",
        "[z-a]", "[[a]]", "a{2,1}", "a{1001}", "(((a{100}){100}){100}){100}", "\\p",
        "((((((){1000}){1000}){1000}){1000}){1000}){1000}",
        String(repeating: "(", count: 60) + String(repeating: ")", count: 60),
        String(repeating: "a", count: 1001),
    ])
    func `what is no pattern, or not one for here, is refused with the reason`(pattern: String) {
        let error = #expect(throws: PatternProblem.self) { try PathPattern(pattern) }
        #expect(error?.reason.isEmpty == false)
        let command = #expect(throws: LocalGoogleError.self) {
            try Local().google.addFault(.init(path: pattern, status: 503))
        }
        #expect(command?.code == .invalidCommand)
    }
}
