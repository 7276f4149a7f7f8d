import LosslessJSON
import TandemFormats

/// The calendar of the office: series over both clock changes, guests, three zones.
struct SampleWork {
    let planter: SamplePlanter
    let me: Account
    let colleague: Account
    let work: CalendarRecord

    func plant() {
        standUp()
        teamMeeting()
        abroad()
        invitations()
        longOnes()
        singles()
    }

    private func weekly(_ days: String) -> JSONObject {
        let until = planter.day(183).dateText.filter { $0 != "-" }
        return [
            "recurrence": .strings(["RRULE:FREQ=WEEKLY;BYDAY=\(days);UNTIL=\(until)T220000Z"])
        ]
    }

    private func standUp() {
        let first = planter.day(-183, weekday: 1)
        let series = planter.add(
            "Stand-up", planter.timed(first, 9, 15, minutes: 15), to: work, by: me,
            weekly("MO,TU,WE,TH,FR"))
        for (offset, hour) in [(-60, 10), (-9, 11), (5, 10), (33, 14)] {
            let day = planter.day(offset, weekday: 3)
            planter.except(
                series, on: day, to: planter.timed(day, hour, 0, minutes: 15), in: work, by: me)
        }
        for offset in [-30, 4, 11] {
            planter.except(
                series, on: planter.day(offset, weekday: 5), to: nil, in: work, by: me)
        }
    }

    private func teamMeeting() {
        let first = planter.day(-170, weekday: 2)
        var more = weekly("TU")
        more["location"] = "Room Curie, 2nd floor"
        more["attendees"] = [
            ["email": .string(me.email), "responseStatus": "accepted"],
            ["email": .string(colleague.email)],
            ["email": "lin@example.org", "displayName": "Lin Tan", "optional": true],
        ]
        more["conferenceData"] = [
            "createRequest": [
                "requestId": "team-meeting", "conferenceSolutionKey": ["type": "hangoutsMeet"],
            ]
        ]
        let series = planter.add(
            "Team meeting", planter.timed(first, 14, 0, minutes: 60), to: work, by: me, more)
        let moved = planter.day(8, weekday: 2)
        planter.except(
            series, on: moved, to: planter.timed(moved, 16, 30, minutes: 60), in: work, by: me,
            ["summary": "Team meeting with the board"])
        planter.except(series, on: planter.day(22, weekday: 2), to: nil, in: work, by: me)
    }

    /// Series that follow the clock changes of other continents.
    private func abroad() {
        planter.add(
            "Call with New York",
            planter.timed(
                planter.day(-160, weekday: 4), 9, 30, minutes: 45, zone: "America/New_York"),
            to: work, by: me, weekly("TH"))
        planter.add(
            "Hand-over with Kolkata",
            planter.timed(
                planter.day(-150, weekday: 1), 17, 30, minutes: 30, zone: "Asia/Kolkata"),
            to: work, by: me, ["recurrence": ["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=26"]])
        planter.add(
            "Month's figures", planter.timed(planter.day(-183, weekday: 5), 16, 0, minutes: 60),
            to: work, by: me,
            ["recurrence": ["RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=13"], "colorId": "5"])
    }

    /// Events of the colleague that wait for an answer.
    private func invitations() {
        guard let calendar = planter.world.calendar(colleague.email) else { return }
        let guests: JSONObject = [
            "attendees": [
                ["email": .string(colleague.email), "responseStatus": "accepted"],
                ["email": .string(me.email)],
            ]
        ]
        var series = guests
        series["recurrence"] = ["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=20"]
        planter.add(
            "1:1", planter.timed(planter.day(-100, weekday: 3), 11, 0, minutes: 30),
            to: calendar, by: colleague, series)
        let titles = [
            "Compiler review", "Visit of the yard", "Budget 2nd round", "Interview: operations",
            "Lunch with the Nantes office", "Naming of the new release", "Fire drill debrief",
        ]
        for (index, title) in titles.enumerated() {
            let day = planter.day(2 + index * 6, weekday: 1 + index % 5)
            planter.add(
                title, planter.timed(day, 10 + index % 6, 30, minutes: 60), to: calendar,
                by: colleague, guests)
        }
    }

    private func longOnes() {
        planter.add(
            "Conference in Lyon", planter.allDay(planter.day(40, weekday: 2), days: 3), to: work,
            by: me, ["location": "Cité internationale, Lyon", "colorId": "9"])
        planter.add(
            "Office closed", planter.allDay(planter.day(75, weekday: 1), days: 5), to: work, by: me,
            ["transparency": "transparent"])
        planter.add(
            "Night shift at the plant",
            planter.timed(planter.day(17, weekday: 4), 22, 0, minutes: 480), to: work, by: me,
            [
                "visibility": "private",
                "reminders": [
                    "useDefault": false, "overrides": [["method": "popup", "minutes": 60]],
                ],
            ])
    }

    private func singles() {
        for week in -26..<26 {
            for _ in 0..<4 {
                let day = planter.day(week * 7, weekday: 1 + planter.below(5))
                var more: JSONObject = [:]
                if planter.below(3) == 0 { more["location"] = .string(place()) }
                if planter.below(4) == 0 {
                    more["attendees"] = [
                        ["email": .string("guest\(planter.below(40))@example.org")]
                    ]
                }
                if planter.below(6) == 0 {
                    more["description"] = "The agenda is in the shared folder."
                }
                planter.add(
                    title(),
                    planter.timed(
                        day, 8 + planter.below(9), planter.below(4) * 15,
                        minutes: planter.pick([30, 45, 60, 90])), to: work, by: me, more)
            }
        }
    }

    private func title() -> String {
        let kind = planter.pick([
            "Pump inspection", "Design review", "Customer call", "Interview", "Planning",
            "Workshop", "Site visit", "Training",
        ])
        let subject = planter.pick([
            "north plant", "water tower", "line 4", "Atlas", "supplier contract", "laboratory",
        ])
        return "\(kind): \(subject)"
    }

    private func place() -> String {
        planter.pick(["Room Curie, 2nd floor", "Room Ampère", "Dock 7", "Café de la Gare"])
    }
}
