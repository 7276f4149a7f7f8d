import Testing

@testable import TandemFormats

/// The examples of RFC 5545, section 3.8.5.3, with the dates that are printed there.
struct RFCExampleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let rule: String
        var start = "19970902"
        /// Dates as in the RFC, at the time of day of the start.
        let dates: String
        /// Whether the series ends with the last of the dates.
        var isWhole = true
        var others: [String] = []

        var testDescription: String { rule }
    }

    static let days: [Example] = [
        Example(
            rule: "FREQ=DAILY;COUNT=10",
            dates: "970902 970903 970904 970905 970906 970907 970908 970909 970910 970911"),
        Example(
            rule: "FREQ=DAILY;INTERVAL=2", dates: "970902 970904 970906 970908 970910",
            isWhole: false),
        Example(
            rule: "FREQ=DAILY;INTERVAL=10;COUNT=5", dates: "970902 970912 970922 971002 971012"),
    ]

    static let weeks: [Example] = [
        Example(
            rule: "FREQ=WEEKLY;COUNT=10",
            dates: "970902 970909 970916 970923 970930 971007 971014 971021 971028 971104"),
        Example(
            rule: "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
            dates: "970902 970916 970930 971014 971028 971111 971125 971209 971223 980106",
            isWhole: false),
        Example(
            rule: "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
            dates: "970902 970904 970909 970911 970916 970918 970923 970925 970930 971002"),
        Example(
            rule: "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
            dates: "970902 970904 970909 970911 970916 970918 970923 970925 970930 971002"),
        Example(
            rule: "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
            start: "19970901",
            dates: "970901 970903 970905 970915 970917 970919 970929 971001 971003 971013 971015 "
                + "971017 971027 971029 971031 971110 971112 971114 971124 971126 971128 971208 "
                + "971210 971212 971222"),
        Example(
            rule: "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
            dates: "970902 970904 970916 970918 970930 971002 971014 971016"),
        Example(
            rule: "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", start: "19970805",
            dates: "970805 970810 970819 970824"),
        Example(
            rule: "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", start: "19970805",
            dates: "970805 970817 970819 970831"),
    ]

    static let months: [Example] = [
        Example(
            rule: "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", start: "19970905",
            dates: "970905 971003 971107 971205 980102 980206 980306 980403 980501 980605"),
        Example(
            rule: "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", start: "19970905",
            dates: "970905 971003 971107 971205"),
        Example(
            rule: "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", start: "19970907",
            dates: "970907 970928 971102 971130 980104 980125 980301 980329 980503 980531"),
        Example(
            rule: "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", start: "19970922",
            dates: "970922 971020 971117 971222 980119 980216"),
        Example(
            rule: "FREQ=MONTHLY;BYMONTHDAY=-3", start: "19970928",
            dates: "970928 971029 971128 971229 980129 980226", isWhole: false),
        Example(
            rule: "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
            dates: "970902 970915 971002 971015 971102 971115 971202 971215 980102 980115"),
        Example(
            rule: "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", start: "19970930",
            dates: "970930 971001 971031 971101 971130 971201 971231 980101 980131 980201"),
        Example(
            rule: "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
            start: "19970910",
            dates: "970910 970911 970912 970913 970914 970915 990310 990311 990312 990313"),
        Example(
            rule: "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
            dates: "970902 970909 970916 970923 970930 971104 971111 971118 971125 980106 980113 "
                + "980120 980127 980303 980310 980317 980324 980331", isWhole: false),
        Example(
            rule: "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            dates: "980213 980313 981113 990813 001013", isWhole: false,
            others: ["EXDATE;TZID=America/New_York:19970902T090000"]),
        Example(
            rule: "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", start: "19970913",
            dates: "970913 971011 971108 971213 980110 980207 980307 980411 980509 980613",
            isWhole: false),
        Example(
            rule: "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", start: "19970904",
            dates: "970904 971007 971106"),
        Example(
            rule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", start: "19970929",
            dates: "970929 971030 971127 971230 980129 980226 980330", isWhole: false),
        Example(
            rule: "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", start: "20070115",
            dates: "070115 070130 070215 070315 070330"),
    ]

    static let years: [Example] = [
        Example(
            rule: "FREQ=YEARLY;COUNT=10;BYMONTH=6,7", start: "19970610",
            dates: "970610 970710 980610 980710 990610 990710 000610 000710 010610 010710"),
        Example(
            rule: "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", start: "19970310",
            dates: "970310 990110 990210 990310 010110 010210 010310 030110 030210 030310"),
        Example(
            rule: "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", start: "19970101",
            dates: "970101 970410 970719 000101 000409 000718 030101 030410 030719 060101"),
        Example(
            rule: "FREQ=YEARLY;BYDAY=20MO", start: "19970519", dates: "970519 980518 990517",
            isWhole: false),
        Example(
            rule: "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", start: "19970512",
            dates: "970512 980511 990517", isWhole: false),
        Example(
            rule: "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", start: "19970313",
            dates: "970313 970320 970327 980305 980312 980319 980326 990304 990311 990318 990325",
            isWhole: false),
        Example(
            rule: "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", start: "19970605",
            dates: "970605 970612 970619 970626 970703 970710 970717 970724 970731 970807 970814 "
                + "970821 970828 980604 980611", isWhole: false),
        Example(
            rule: "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
            start: "19961105", dates: "961105 001107 041102", isWhole: false),
    ]

    @Test(arguments: days + weeks + months + years)
    func `examples of days yield the dates of the RFC`(_ example: Example) throws {
        let start = try #require(WallTime.iCalendar(example.start + "T090000")?.wall)
        let series = try Recurrence(
            lines: ["RRULE:" + example.rule] + example.others,
            start: .dateTime(start, zone: "America/New_York"))
        let expected = example.dates.split(separator: " ").map { date in
            (date < "900000" ? "20" : "19") + date + "T090000"
        }
        let limits = RecurrenceLimits(maxSlots: expected.count)
        let found = series.slots(in: 0..<Int64.max, limits: limits)
        #expect(found.slots.map(\.wall.basicDateTimeText) == expected)
        #expect(found.isTruncated != example.isWhole)
        #expect(try series.lastStart() == (example.isWhole ? found.slots.last?.utcSeconds : nil))
    }

    /// Rule, start, number of starts, last start.
    @Test(arguments: [
        ("FREQ=DAILY;UNTIL=19971224T000000Z", "19970902T090000", 113, "19971223T090000"),
        ("FREQ=WEEKLY;UNTIL=19971224T000000Z", "19970902T090000", 17, "19971223T090000"),
        (
            "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
            "19980101T090000", 93, "20000131T090000"
        ),
        (
            "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", "19980101T090000", 93,
            "20000131T090000"
        ),
        // With the correction of erratum 3883: 21:00 UTC is 17:00 in New York.
        ("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", "19970902T090000", 3, "19970902T150000"),
        ("FREQ=MINUTELY;INTERVAL=15;COUNT=6", "19970902T090000", 6, "19970902T101500"),
        ("FREQ=MINUTELY;INTERVAL=90;COUNT=4", "19970902T090000", 4, "19970902T133000"),
    ])
    func `longer examples have the number of starts and the end of the RFC`(
        _ rule: String, _ start: String, _ count: Int, _ last: String
    ) throws {
        let wall = try #require(WallTime.iCalendar(start)?.wall)
        let series = try Recurrence(
            lines: ["RRULE:" + rule], start: .dateTime(wall, zone: "America/New_York"))
        let slots = series.slots(in: 0..<Int64.max).slots
        #expect(slots.count == count)
        #expect(slots.last?.wall.basicDateTimeText == last)
        #expect(try series.lastStart() == slots.last?.utcSeconds)
    }

    @Test func `every 20 minutes from 9 to 16_40 can be said in two ways`() throws {
        let wall = try #require(WallTime.iCalendar("19970902T090000")?.wall)
        let start = SeriesStart.dateTime(wall, zone: "America/New_York")
        let daily = try Recurrence(
            lines: ["RRULE:FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40"],
            start: start)
        let minutely = try Recurrence(
            lines: ["RRULE:FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16"], start: start)
        let limits = RecurrenceLimits(maxSlots: 480)
        let found = daily.slots(in: 0..<Int64.max, limits: limits).slots
        #expect(found == minutely.slots(in: 0..<Int64.max, limits: limits).slots)
        #expect(found.last?.wall.basicDateTimeText == "19970921T164000")
    }
}
