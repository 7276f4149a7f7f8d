"""Series: one master with a rule, instances that nobody stored, and the few that differ."""

import pytest

from calls import (
    PARIS, add, add_calendar, all_day, all_pages, everything, refusal, summaries, timed,
)


def series(service, rule="RRULE:FREQ=DAILY;COUNT=4", calendar="primary", **more):
    return add(service, timed("Watering", recurrence=[rule], **more), calendar)


def instances(service, master, calendar="primary", **parameters):
    return all_pages(service.events().instances, calendarId=calendar, eventId=master["id"],
                     **parameters)[0]


def starts(items):
    return [item["start"].get("dateTime", item["start"].get("date")) for item in items]


def patch(service, event, calendar="primary", /, **members):
    return service.events().patch(
        calendarId=calendar, eventId=event["id"], body=members).execute()


def delete(service, event, calendar="primary"):
    service.events().delete(calendarId=calendar, eventId=event["id"]).execute()


# Expansion.


def test_a_rule_becomes_instances_and_the_start_is_the_first(ada):
    assert starts(instances(ada, series(ada))) == [
        f"2026-11-{day:02}T10:00:00+01:00" for day in (9, 10, 11, 12)]


def test_an_instance_names_its_series_and_its_slot(ada):
    master = series(ada)
    one = instances(ada, master)[1]
    assert one["id"] == master["id"] + "_20261110T090000Z"
    assert one["recurringEventId"] == master["id"] and one["iCalUID"] == master["iCalUID"]
    assert one["originalStartTime"] == {
        "dateTime": "2026-11-10T10:00:00+01:00", "timeZone": PARIS}
    assert "recurrence" not in one


def test_an_all_day_instance_is_named_by_its_day(ada):
    master = add(ada, all_day(recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"]))
    one = instances(ada, master)[1]
    assert one["id"] == master["id"] + "_20261116"
    assert one["originalStartTime"] == {"date": "2026-11-16"}


@pytest.mark.parametrize(("lines", "days"), [
    (["RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4"], ["09", "11", "16", "18"]),
    (["RRULE:FREQ=DAILY;INTERVAL=3;COUNT=3"], ["09", "12", "15"]),
    (["RRULE:FREQ=DAILY;UNTIL=20261111T090000Z"], ["09", "10", "11"]),
    (["RRULE:FREQ=DAILY;UNTIL=20261111T085959Z"], ["09", "10"]),
    (["RRULE:FREQ=MONTHLY;BYDAY=-1MO;COUNT=2"], ["09", "30"]),
    (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Paris:20261110T100000"], ["09", "11"]),
    (["RRULE:FREQ=DAILY;COUNT=2", "RDATE;TZID=Europe/Paris:20261120T100000"], ["09", "10", "20"]),
    (["RDATE;TZID=Europe/Paris:20261120T100000"], ["09", "20"]),
], ids=["weekly", "interval", "until", "just before", "start outside the rule", "exdate", "rdate",
        "rdate only"])
def test_rules_mean_what_rfc_5545_says(ada, lines, days):
    master = add(ada, timed(recurrence=lines))
    assert [start[8:10] for start in starts(instances(ada, master))] == days


def test_the_wall_clock_is_kept_over_the_change_of_time(ada):
    master = add(ada, timed(
        start="2026-10-24T10:00:00+02:00", end="2026-10-24T11:00:00+02:00",
        recurrence=["RRULE:FREQ=DAILY;COUNT=3"]))
    found = instances(ada, master)
    assert starts(found) == ["2026-10-24T10:00:00+02:00", "2026-10-25T10:00:00+01:00",
                             "2026-10-26T10:00:00+01:00"]
    assert found[1]["id"].endswith("_20261025T090000Z")


def test_a_timed_series_needs_a_zone(ada):
    body = {"recurrence": ["RRULE:FREQ=DAILY"], "start": {"dateTime": "2026-11-09T10:00:00Z"},
            "end": {"dateTime": "2026-11-09T11:00:00Z"}}
    error = refusal(ada.events().insert(calendarId="primary", body=body))
    assert (error.status, error.reason) == (400, "required")
    assert error.message == "Missing time zone definition for start time."


@pytest.mark.parametrize("line", [
    "RRULE:FREQ=SOMETIMES", "FREQ=DAILY", "DTSTART:20261109T090000Z", "RRULE:",
])
def test_a_rule_must_be_one(ada, line):
    assert refusal(ada.events().insert(
        calendarId="primary", body=timed(recurrence=[line]))).status == 400


def test_an_endless_series_ends_at_the_window(ada):
    series(ada, "RRULE:FREQ=DAILY")
    found, _ = everything(ada, singleEvents=True, timeMax="2026-12-09T00:00:00+01:00")
    assert len(found) == 30


def test_an_endless_series_ends_at_the_horizon(ada):
    series(ada, "RRULE:FREQ=YEARLY")
    assert 1 <= len(everything(ada, singleEvents=True)[0]) < 60


def test_instances_come_in_pages_and_windows(ada):
    master = series(ada, "RRULE:FREQ=DAILY;COUNT=30")
    assert len(instances(ada, master, maxResults=7)) == 30
    assert len(instances(ada, master, timeMin="2026-11-12T00:00:00+01:00",
                         timeMax="2026-11-14T00:00:00+01:00")) == 2


def test_an_instance_is_found_by_its_original_start(ada):
    master = series(ada)
    moved = instances(ada, master)[1]
    patch(ada, moved, start={"dateTime": "2026-11-10T15:00:00+01:00"},
          end={"dateTime": "2026-11-10T16:00:00+01:00"})
    found = instances(ada, master, originalStart="2026-11-10T10:00:00+01:00")
    assert starts(found) == ["2026-11-10T15:00:00+01:00"]
    assert instances(ada, master, originalStart="2026-11-10T10:00:01+01:00") == []


def test_a_single_event_has_no_instances(ada):
    assert refusal(ada.events().instances(
        calendarId="primary", eventId=add(ada)["id"])).status in (400, 404)


# Exceptions.


def test_a_changed_instance_is_stored_under_its_own_id(ada):
    master = series(ada)
    slot = instances(ada, master)[2]
    changed = patch(ada, slot, summary="Pruning")
    assert changed["id"] == slot["id"] and changed["recurringEventId"] == master["id"]
    assert [(i["id"], i["summary"]) for i in everything(ada)[0]] == [
        (master["id"], "Watering"), (slot["id"], "Pruning")]
    assert summaries(instances(ada, master)) == ["Watering", "Watering", "Pruning", "Watering"]


def test_an_instance_that_was_moved_keeps_its_slot(ada):
    master = series(ada)
    slot = instances(ada, master)[0]
    moved = patch(ada, slot, start={"dateTime": "2026-11-20T08:00:00+01:00"},
                  end={"dateTime": "2026-11-20T09:00:00+01:00"})
    assert moved["id"] == slot["id"]
    assert moved["originalStartTime"]["dateTime"] == "2026-11-09T10:00:00+01:00"


def test_a_deleted_instance_is_a_cancelled_exception(ada):
    master = series(ada)
    slot = instances(ada, master)[1]
    delete(ada, slot)
    assert len(instances(ada, master)) == 3
    listed = {item["id"]: item["status"] for item in everything(ada)[0]}
    assert listed == {master["id"]: "confirmed", slot["id"]: "cancelled"}


def test_cancelled_instances_are_shown_if_asked_for(ada):
    master = series(ada)
    slot = instances(ada, master)[1]
    delete(ada, slot)
    assert [i["status"] for i in instances(ada, master, showDeleted=True)].count("cancelled") == 1
    shown, _ = everything(ada, singleEvents=True, showDeleted=True)
    assert {i["id"] for i in shown if i["status"] == "cancelled"} == {slot["id"]}


def test_a_cancelled_instance_comes_back(ada):
    master = series(ada)
    slot = instances(ada, master)[1]
    delete(ada, slot)
    patch(ada, slot, status="confirmed")
    assert len(instances(ada, master)) == 4


def test_an_instance_can_be_read_though_it_was_never_stored(ada):
    master = series(ada)
    one = ada.events().get(
        calendarId="primary", eventId=master["id"] + "_20261111T090000Z").execute()
    assert one == instances(ada, master)[2]


@pytest.mark.parametrize("suffix", ["_20261111T091500Z", "_20270101T090000Z", "_20261111"])
def test_there_is_no_instance_where_the_rule_has_none(ada, suffix):
    master = series(ada)
    request = ada.events().get(calendarId="primary", eventId=master["id"] + suffix)
    assert refusal(request).status == 404


def test_deleting_the_series_deletes_its_exceptions(ada):
    master = series(ada)
    patch(ada, instances(ada, master)[1], summary="Pruning")
    delete(ada, master)
    assert everything(ada)[0] == []


def test_what_changes_for_the_series_changes_for_its_instances(ada):
    master = series(ada)
    patch(ada, instances(ada, master)[1], location="Shed")
    patch(ada, master, summary="Mowing")
    found = instances(ada, master)
    assert [item["summary"] for item in found].count("Mowing") >= 3
    assert found[1]["location"] == "Shed"


def test_a_series_is_listed_with_its_rule_and_expanded_without(ada):
    series(ada)
    assert [item["recurrence"] for item in everything(ada)[0]] == [["RRULE:FREQ=DAILY;COUNT=4"]]
    expanded, _ = everything(ada, singleEvents=True, orderBy="startTime")
    assert len(expanded) == 4 and all("recurringEventId" in item for item in expanded)


# "This and following": end the series before the slot, begin another one.


def test_this_and_following(ada):
    master = series(ada, "RRULE:FREQ=DAILY;COUNT=6")
    patch(ada, master, recurrence=["RRULE:FREQ=DAILY;UNTIL=20261111T085959Z"])
    tail = add(ada, timed(
        "Watering twice", "2026-11-11T10:00:00+01:00", "2026-11-11T12:00:00+01:00",
        recurrence=["RRULE:FREQ=DAILY;COUNT=4"]))
    expanded, _ = everything(ada, singleEvents=True, orderBy="startTime")
    assert summaries(expanded) == ["Watering"] * 2 + ["Watering twice"] * 4
    assert [item["recurringEventId"] for item in expanded] == (
        [master["id"]] * 2 + [tail["id"]] * 4)


def test_the_tail_may_carry_googles_own_kind_of_id(ada):
    # Underscores are not among the characters that programs may choose: only Google makes such.
    master = series(ada)
    request = ada.events().insert(
        calendarId="primary", body=timed(id=master["id"] + "_R20261111T090000"))
    assert refusal(request).message == "Invalid resource id value."


def test_all_day_series_end_on_a_day(ada):
    master = add(ada, all_day(recurrence=["RRULE:FREQ=DAILY;UNTIL=20261111"]))
    assert starts(instances(ada, master)) == ["2026-11-09", "2026-11-10", "2026-11-11"]


def test_a_series_in_another_zone_keeps_that_zones_clock(ada):
    garden = add_calendar(ada, timeZone=PARIS)
    master = add(ada, timed(
        "Call", "2026-10-30T09:00:00-04:00", "2026-10-30T10:00:00-04:00", "America/New_York",
        recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"]), garden)
    # New York changes its clocks on 1 November, a week after Paris.
    assert starts(instances(ada, master, garden)) == [
        "2026-10-30T14:00:00+01:00", "2026-11-06T15:00:00+01:00"]


def test_a_series_may_become_a_single_event(ada):
    master = series(ada)
    patch(ada, master, recurrence=None)
    assert starts(everything(ada, singleEvents=True)[0]) == ["2026-11-09T10:00:00+01:00"]
