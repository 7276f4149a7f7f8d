import Testing

@testable import TandemFormats

struct WallTimeTests {
    @Test(arguments: [
        (2026, 2, 29, 0, 0, 0), (2026, 13, 1, 0, 0, 0), (2026, 0, 1, 0, 0, 0),
        (2026, 4, 31, 0, 0, 0), (2026, 1, 0, 0, 0, 0), (0, 1, 1, 0, 0, 0),
        (10_000, 1, 1, 0, 0, 0), (2026, 1, 1, 24, 0, 0), (2026, 1, 1, 0, 60, 0),
        (2026, 1, 1, 0, 0, 60), (2026, 1, 1, -1, 0, 0), (1900, 2, 29, 0, 0, 0),
        (Int.max, Int.max, Int.max, Int.max, Int.max, Int.max),
        (Int.min, Int.min, Int.min, Int.min, Int.min, Int.min),
    ])
    func `what is no date or time of day is refused`(
        _ fields: (Int, Int, Int, Int, Int, Int)
    ) {
        #expect(
            WallTime(
                year: fields.0, month: fields.1, day: fields.2, hour: fields.3,
                minute: fields.4, second: fields.5) == nil)
    }

    @Test func `every day from year 1 to 9999 follows the one before`() throws {
        var expected = (year: 1, month: 1, day: 1)
        var isRight = true
        for number in WallTime.dayNumbers {
            let wall = try #require(WallTime(dayNumber: number))
            isRight = isRight && wall.dayNumber == number
            isRight = isRight && (wall.year, wall.month, wall.day) == expected
            expected.day += 1
            if expected.day > WallTime.days(inMonth: expected.month, of: expected.year) {
                expected.day = 1
                expected.month += 1
            }
            if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
        }
        #expect(isRight)
        #expect(expected == (10_000, 1, 1))
        #expect(WallTime(dayNumber: WallTime.dayNumbers.upperBound + 1) == nil)
        #expect(WallTime(dayNumber: WallTime.dayNumbers.lowerBound - 1) == nil)
        #expect(WallTime(dayNumber: 0, secondOfDay: 86_400) == nil)
        #expect(WallTime(dayNumber: Int.max) == nil)
        #expect(WallTime(dayNumber: Int.min) == nil)
    }

    @Test(arguments: [
        ("1970-01-01", 0, 4), ("2000-02-29", 11_016, 2), ("2026-11-09", 20_766, 1),
        ("1969-12-31", -1, 3), ("0001-01-01", -719_162, 1), ("9999-12-31", 2_932_896, 5),
        ("2024-12-29", 20_086, 7),
    ])
    func `day numbers and weekdays are those of the calendar`(
        _ text: String, _ number: Int, _ weekday: Int
    ) throws {
        let wall = try #require(WallTime(date: text))
        #expect(wall.dayNumber == number)
        #expect(wall.weekday == weekday)
        #expect(wall.dateText == text)
    }

    @Test(arguments: [
        "2026-11-9", "2026-11-09T", "20261109", "2026-02-30", "２０２６-11-09", " 2026-11-09",
        "2026-11-09 ", "-2026-11-09", "+026-11-09", "2026/11/09", "", "2026-11-09\n",
        "2026-1a-09",
    ])
    func `texts that are no dates are refused`(_ text: String) {
        #expect(WallTime(date: text) == nil)
    }

    @Test func `date-times are read and written`() throws {
        let wall = try #require(WallTime(dateTime: "2026-11-09T10:20:30"))
        #expect(wall.dateTimeText == "2026-11-09T10:20:30")
        #expect(wall.description == wall.dateTimeText)
        #expect(WallTime(dateTime: "2026-11-09T10:20:30.999") == wall)
        #expect(WallTime(dateTime: "2026-11-09T23:59:60")?.second == 59)
        for text in [
            "2026-11-09T10:20:30Z", "2026-11-09T10:20:30+01:00", "2026-11-09T10:20",
            "2026-11-09T10:20:30.", "2026-11-09T24:00:00", "2026-11-09T10:20:61",
        ] {
            #expect(WallTime(dateTime: text) == nil, "\(text)")
        }
    }

    @Test func `adding stops at both ends of the calendar without a trap`() throws {
        let wall = try #require(WallTime(dateTime: "2026-11-09T10:00:00"))
        #expect(wall.adding(days: -313)?.dateTimeText == "2025-12-31T10:00:00")
        #expect(wall.adding(seconds: 86_400 * 53)?.dateText == "2027-01-01")
        #expect(wall.adding(seconds: -36_001)?.dateTimeText == "2026-11-08T23:59:59")
        #expect(wall.adding(days: Int.max) == nil)
        #expect(wall.adding(days: Int.min) == nil)
        #expect(wall.adding(seconds: Int.max) == nil)
        #expect(wall.adding(seconds: Int.min) == nil)
        #expect(WallTime.latest.adding(seconds: 1) == nil)
        #expect(WallTime.earliest.adding(seconds: -1) == nil)
        #expect(wall.startOfDay.dateTimeText == "2026-11-09T00:00:00")
    }

    @Test func `order and equality follow the clock`() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let first = Int.random(in: -60_000_000_000...250_000_000_000, using: &random)
            let second = first + Int.random(in: -100_000...100_000, using: &random)
            let one = try #require(WallTime(secondsAsUTC: first))
            let other = try #require(WallTime(secondsAsUTC: second))
            #expect((one < other) == (first < second))
            #expect((one == other) == (first == second))
            #expect(one.secondsAsUTC == first)
        }
    }
}
