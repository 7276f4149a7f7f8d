import LosslessJSON
import TandemFormats

/// Leisure: evenings, weekends, birthdays.
struct SampleHome {
    let planter: SamplePlanter
    let me: Account
    let home: CalendarRecord

    func plant() {
        let choir = planter.add(
            "Choir", planter.timed(planter.day(-180, weekday: 3), 19, 30, minutes: 120), to: home,
            by: me, ["recurrence": ["RRULE:FREQ=WEEKLY;COUNT=52"], "location": "Saint-Merri"])
        planter.except(choir, on: planter.day(10, weekday: 3), to: nil, in: home, by: me)
        let moved = planter.day(24, weekday: 3)
        planter.except(
            choir, on: moved, to: planter.timed(moved, 20, 0, minutes: 150), in: home, by: me,
            ["summary": "Choir: dress rehearsal"])
        for (name, offset) in [("Byron", 12), ("Annabella", 95), ("Charles", -70)] {
            planter.add(
                "Birthday of \(name)", planter.allDay(planter.day(offset)), to: home, by: me,
                ["recurrence": ["RRULE:FREQ=YEARLY"], "transparency": "transparent"])
        }
        planter.add(
            "Holidays in Brittany", planter.allDay(planter.day(110, weekday: 6), days: 9),
            to: home, by: me)
        for week in -26..<26 {
            let day = planter.day(week * 7, weekday: 6)
            planter.add(
                planter.pick(["Market", "Museum", "Cinema", "Walk in the forest", "Laundry"]),
                planter.timed(day, 10 + planter.below(6), 0, minutes: 90), to: home, by: me)
            guard week % 2 == 0 else { continue }
            planter.add(
                planter.pick(["Dentist", "Dinner with friends", "Piano lesson", "Plumber"]),
                planter.timed(
                    planter.day(week * 7, weekday: 2), 18, 15, minutes: 60), to: home, by: me)
        }
    }
}

/// A calendar that a colleague shares.
struct SampleTeam {
    let planter: SamplePlanter
    let me: Account
    let colleague: Account
    let team: CalendarRecord

    func plant() {
        let review = planter.add(
            "Sprint review", planter.timed(planter.day(-178, weekday: 5), 15, 0, minutes: 60),
            to: team, by: colleague, ["recurrence": ["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=27"]])
        let moved = planter.day(-2, weekday: 5)
        for offset in [0, 7] {
            guard let day = moved.adding(days: offset) else { continue }
            planter.except(
                review, on: day, to: planter.timed(day, 10, 0, minutes: 60), in: team,
                by: colleague)
        }
        for month in -5..<6 {
            planter.add(
                "Release \(month + 12).0", planter.allDay(planter.day(month * 30, weekday: 4)),
                to: team, by: colleague)
            planter.add(
                planter.pick(["On-call hand-over", "Architecture round", "Hiring round"]),
                planter.timed(planter.day(month * 30 + 7, weekday: 1), 11, 0, minutes: 60),
                to: team, by: planter.below(2) == 0 ? me : colleague)
        }
    }
}

/// Public holidays with fixed dates, of last year, this year and the next.
struct SampleHolidays {
    let planter: SamplePlanter
    let calendar: CalendarRecord

    private static let days = [
        (1, 1, "New Year's Day"), (5, 1, "Labour Day"), (5, 8, "Victory Day"),
        (7, 14, "Bastille Day"), (8, 15, "Assumption of Mary"), (11, 1, "All Saints' Day"),
        (11, 11, "Armistice Day"), (12, 25, "Christmas Day"),
    ]

    func plant() {
        let system = Account(email: calendar.id, subject: "0", name: "Holidays")
        let year = planter.day(0).year
        for year in (year - 1)...(year + 1) {
            for (month, day, title) in Self.days {
                guard let date = WallTime(year: year, month: month, day: day) else { continue }
                planter.add(
                    title, planter.allDay(date), to: calendar, by: system,
                    ["transparency": "transparent", "visibility": "public"])
            }
        }
    }
}
