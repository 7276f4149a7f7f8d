"""freeBusy: when people are busy, and nothing else about their events."""

import pytest

from calls import add, add_calendar, all_day, refusal, share, timed

MONDAY = {"timeMin": "2026-11-09T00:00:00Z", "timeMax": "2026-11-10T00:00:00Z"}


def query(service, *calendars, **more):
    return service.freebusy().query(body=MONDAY | {
        "items": [{"id": calendar} for calendar in calendars]} | more).execute()


def busy(service, calendar="primary", **more):
    return [
        (period["start"], period["end"])
        for period in query(service, calendar, **more)["calendars"][calendar]["busy"]
    ]


def at(first, last, **more):
    return timed(start=f"2026-11-09T{first}:00Z", end=f"2026-11-09T{last}:00Z", **more)


def test_the_answer_repeats_the_window(ada):
    answer = query(ada, "primary")
    assert answer["kind"] == "calendar#freeBusy"
    assert answer["timeMin"].startswith("2026-11-09T00:00:00")
    assert answer["timeMax"].startswith("2026-11-10T00:00:00")


def test_events_make_busy(ada):
    add(ada, at("10:00", "11:00"))
    assert busy(ada) == [("2026-11-09T10:00:00Z", "2026-11-09T11:00:00Z")]


def test_periods_that_overlap_are_one(ada):
    add(ada, at("10:00", "11:00"))
    add(ada, at("10:30", "12:00"))
    add(ada, at("15:00", "16:00"))
    assert busy(ada) == [("2026-11-09T10:00:00Z", "2026-11-09T12:00:00Z"),
                         ("2026-11-09T15:00:00Z", "2026-11-09T16:00:00Z")]


def test_periods_end_at_the_window(ada):
    add(ada, timed(start="2026-11-08T20:00:00Z", end="2026-11-09T02:00:00Z"))
    assert busy(ada) == [("2026-11-09T00:00:00Z", "2026-11-09T02:00:00Z")]


def test_series_are_expanded(ada):
    add(ada, timed(start="2026-11-02T10:00:00Z", end="2026-11-02T11:00:00Z", zone="UTC",
                   recurrence=["RRULE:FREQ=WEEKLY"]))
    assert busy(ada) == [("2026-11-09T10:00:00Z", "2026-11-09T11:00:00Z")]


@pytest.mark.parametrize("members", [
    {"transparency": "transparent"},
    {"attendees": [{"email": "ada@example.com", "responseStatus": "declined"}]},
], ids=["free", "declined"])
def test_not_every_event_makes_busy(ada, members):
    add(ada, at("10:00", "11:00", **members))
    assert busy(ada) == []


def test_cancelled_events_make_nobody_busy(ada):
    event = add(ada, at("10:00", "11:00"))
    ada.events().delete(calendarId="primary", eventId=event["id"]).execute()
    assert busy(ada) == []


def test_whole_days_are_days_of_the_calendar(ada):
    paris = add_calendar(ada)
    add(ada, all_day(transparency="opaque"), paris)
    assert busy(ada, paris) == [("2026-11-09T00:00:00Z", "2026-11-09T23:00:00Z")]


def test_times_are_written_in_the_zone_asked_for(ada):
    add(ada, at("10:00", "11:00"))
    assert busy(ada, timeZone="Asia/Tokyo") == [
        ("2026-11-09T19:00:00+09:00", "2026-11-09T20:00:00+09:00")]


def test_who_may_see_no_event_may_see_busy(ada, bob):
    garden = add_calendar(ada)
    add(ada, at("10:00", "11:00"), garden)
    share(ada, garden, "bob@example.com", "freeBusyReader")
    assert len(busy(bob, garden)) == 1


def test_a_calendar_that_cannot_be_seen_is_an_error_inside(ada):
    add(ada, at("10:00", "11:00"))
    answer = query(ada, "primary", "nobody@example.org")["calendars"]
    assert len(answer["primary"]["busy"]) == 1
    assert answer["nobody@example.org"]["errors"] == [{"domain": "global", "reason": "notFound"}]


@pytest.mark.parametrize("missing", ["timeMin", "timeMax"])
def test_the_window_must_be_said(ada, missing):
    window = {name: value for name, value in MONDAY.items() if name != missing}
    error = refusal(ada.freebusy().query(body=window | {"items": [{"id": "primary"}]}))
    assert (error.status, error.reason) == (400, "required")


def test_the_window_must_not_be_empty(ada):
    error = refusal(ada.freebusy().query(body={
        "timeMin": MONDAY["timeMax"], "timeMax": MONDAY["timeMin"], "items": []}))
    assert (error.status, error.reason) == (400, "timeRangeEmpty")
