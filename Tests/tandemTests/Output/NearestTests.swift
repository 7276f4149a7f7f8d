import ArgumentParser
import Testing

@testable import tandem

/// What a person may have meant.
@Suite struct NearestTests {
    private static let names = ["events", "agenda", "sync", "status", "calendars", "config"]

    @Test(arguments: [
        ("evnts", "events"), ("evetns", "events"), ("EVENTS", "events"), ("event", "events"),
        ("sycn", "sync"), ("snyc", "sync"), ("calendar", "calendars"), ("cal", "calendars"),
        ("stauts", "status"), ("agneda", "agenda"), ("confgi", "config"),
    ])
    func `the nearest name is found`(typed: String, meant: String) {
        #expect(Nearest.name(to: typed, among: Self.names) == meant)
    }

    @Test(arguments: [
        "", "s", "x", "ab", "milk", "syncronise", "eve\u{301}nement", "snc y", "st4tzz",
    ])
    func `what is near to nothing is left alone`(typed: String) {
        #expect(Nearest.name(to: typed, among: Self.names) == nil)
        #expect(Nearest.question(typed, among: Self.names).isEmpty)
    }

    @Test func `the beginning of several names is none of them`() {
        #expect(Nearest.name(to: "con", among: ["config", "contacts"]) == nil)
        #expect(Nearest.name(to: "conf", among: ["config", "contacts"]) == "config")
        #expect(Nearest.name(to: "Wo", among: ["Work", "Work"]) == "Work")
    }

    @Test func `the nearer of two counts, else the first`() {
        #expect(Nearest.name(to: "sports", among: ["ports", "sport"]) == "ports")
        #expect(Nearest.name(to: "holdays", among: ["old days", "holidays"]) == "holidays")
    }

    @Test func `neither nothing nor very much is compared`() {
        #expect(Nearest.name(to: "work", among: []) == nil)
        #expect(Nearest.name(to: "ab", among: ["", "a"]) == "a")
        let long = String(repeating: "x", count: Nearest.longest + 1)
        #expect(Nearest.name(to: long, among: [long + "y"]) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 1),
        ("abc", "ca", 3), ("mine", "mien", 1), ("flaw", "lawn", 2),
    ])
    func `the distance is counted in letters`(first: String, second: String, distance: Int) {
        #expect(Nearest.distance(Array(first), Array(second)) == distance)
        #expect(Nearest.distance(Array(second), Array(first)) == distance)
    }

    @Test func `neither a typed word nor a name steers the terminal`() {
        #expect(Nearest.question("wrok", among: ["work\u{1B}[2J"]).isEmpty)
        #expect(Nearest.question("work", among: ["w\u{1B}ork"]) == " Did you mean 'work'?")
        #expect(Nearest.quoted("a\u{1B}b\n") == "'ab '")
        #expect(Nearest.quoted(String(repeating: "x", count: 10_000)).count == 62)
    }

    @Test(arguments: [
        ([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c"),
    ])
    func `words to choose from are listed`(words: [String], text: String) {
        #expect(Choice.list(words) == text)
    }

    @Test func `a word that is none of them is refused with the nearest`() throws {
        try Choice.check(nil, for: "--color", as: ColorChoice.self)
        try Choice.check("auto", for: "--color", as: ColorChoice.self)
        let error = #expect(throws: ValidationError.self) {
            try Choice.check("nevr", for: "--color", as: ColorChoice.self)
        }
        #expect(
            error?.message
                == "--color takes auto, always or never, not 'nevr'. Did you mean 'never'?")
    }
}
