import TandemFormats
import Testing

@testable import tandem

@Suite struct ViewerZoneTests {
    private func zone(_ variable: String?, set: String? = nil, isChecked: Bool = true) throws
        -> String
    {
        try ViewerZone.decide(
            set, environment: variable.map { ["TZ": $0] } ?? [:], isChecked: isChecked
        ).identifier
    }

    @Test(arguments: [
        ("Europe/Paris", "Europe/Paris"), (":Europe/Paris", "Europe/Paris"), ("UTC", "UTC"),
        ("Etc/UTC", "UTC"), ("utc", "UTC"), ("UTC0", "UTC"), ("UTC+00", "UTC"), ("GMT", "UTC"),
        ("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"), ("EST5EDT", "EST5EDT"),
    ])
    func `TZ names the zone, in the spellings that are known`(variable: String, name: String) throws
    {
        #expect(try zone(variable) == name)
        #expect(try zone(variable, set: "Europe/Berlin") == "Europe/Berlin")
    }

    @Test(arguments: [
        "Foo/Bar", "europe/paris", "CET-1CEST,M3.5.0,M10.5.0/3", "UTC+1", "../../etc/passwd",
        "/usr/share/zoneinfo/", "\u{1B}[31m", " ",
    ])
    func `a TZ that names no zone is refused, and never taken for UTC`(variable: String) throws {
        let error = #expect(throws: CommandFailure.self) { try zone(variable) }
        #expect(error?.exit == .configuration)
        #expect(error?.message.contains("TZ") == true)
        #expect(error?.message.contains("\u{1B}") == false)
        #expect(error?.remedy?.contains("tandem config set time-zone") == true)
        // What mends it has to work, and a zone that was set needs no other.
        #expect(try zone(variable, isChecked: false) == (try zone(nil)))
        #expect(try zone(variable, set: "Europe/Paris") == "Europe/Paris")
    }

    @Test(arguments: [nil, "", ":", "/etc/localtime", ":/etc/localtime"])
    func `without a TZ the system's zone counts`(variable: String?) throws {
        #expect(try zone(variable) == (try zone(nil)))
    }
}
