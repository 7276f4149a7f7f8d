"""events.list: pages, `fields`, filters, order. Reading a calendar without a sync token."""

import pytest

from calls import (
    PARIS, Refusal, add, add_calendar, all_day, everything, refusal, summaries, timed,
)


@pytest.fixture
def week(ada):
    """Five events on five days, added out of order."""
    for day in (11, 9, 13, 10, 12):
        add(ada, timed(f"Day {day}", f"2026-11-{day:02}T10:00:00+01:00",
                       f"2026-11-{day:02}T11:00:00+01:00"))
    return ada


@pytest.mark.parametrize("size", [1, 2, 4, 5, 250])
def test_pages_of_any_size_hold_the_same_events_once(week, size):
    items, _ = everything(week, maxResults=size)
    assert sorted(summaries(items)) == ["Day 10", "Day 11", "Day 12", "Day 13", "Day 9"]


def test_only_the_last_page_carries_the_sync_token(week):
    events = week.events()
    first = events.list(calendarId="primary", maxResults=3)
    page = first.execute()
    assert "nextPageToken" in page and "nextSyncToken" not in page
    last = events.list_next(first, page).execute()
    assert "nextSyncToken" in last and "nextPageToken" not in last


def test_the_clients_own_loop_ends_after_the_last_page(week):
    request, pages = week.events().list(calendarId="primary", maxResults=2), 0
    while request is not None:
        page = request.execute()
        request, pages = week.events().list_next(request, page), pages + 1
    assert pages == 3


@pytest.mark.parametrize(("asked", "got"), [({}, 250), ({"maxResults": 9999}, 2500)])
def test_a_page_holds_250_events_unless_asked_and_2500_at_most(google, ada, asked, got):
    google.plant("ada@example.com", [timed(f"Event {number}") for number in range(got + 1)])
    page = ada.events().list(calendarId="primary", **asked).execute()
    assert len(page["items"]) == got and "nextPageToken" in page


def test_the_list_describes_its_calendar(ada):
    calendar = add_calendar(ada, "Garden", description="Beds and tools")
    page = ada.events().list(calendarId=calendar).execute()
    assert page["kind"] == "calendar#events"
    assert page["summary"] == "Garden" and page["description"] == "Beds and tools"
    assert page["timeZone"] == PARIS and page["accessRole"] == "owner"
    assert page["etag"] and page["updated"].endswith("Z")
    assert isinstance(page["defaultReminders"], list) and page["items"] == []


# fields: what is not asked for is not sent.


@pytest.mark.parametrize(("fields", "names", "members"), [
    ("items(id,summary)", {"items"}, {"id", "summary"}),
    ("items/id,nextSyncToken", {"items", "nextSyncToken"}, {"id"}),
    ("kind,items(id,start/dateTime)", {"kind", "items"}, {"id", "start"}),
    ("items(organizer(email))", {"items"}, {"organizer"}),
])
def test_fields_choose_what_is_sent(ada, fields, names, members):
    add(ada)
    page = ada.events().list(calendarId="primary", fields=fields).execute()
    assert set(page) == names
    assert set(page["items"][0]) == members


def test_a_nested_choice_cuts_objects_too(ada):
    add(ada)
    page = ada.events().list(calendarId="primary", fields="items/start/timeZone").execute()
    assert page == {"items": [{"start": {"timeZone": PARIS}}]}


def test_a_star_chooses_everything(ada):
    event = add(ada)
    page = ada.events().list(calendarId="primary", fields="items(*)").execute()
    assert page == {"items": [event]}


def test_tokens_that_fields_do_not_name_are_gone(week):
    page = week.events().list(calendarId="primary", maxResults=2, fields="items/id").execute()
    assert set(page) == {"items"}


def test_fields_choose_from_a_single_event_as_well(ada):
    event = add(ada)
    got = ada.events().get(calendarId="primary", eventId=event["id"], fields="id,etag").execute()
    assert got == {"id": event["id"], "etag": event["etag"]}


def test_an_unknown_field_is_refused_by_name(ada):
    error = refusal(ada.events().list(calendarId="primary", fields="items(id,colour)"))
    assert (error.status, error.reason, error.location) == (400, "invalidParameter", "fields")
    assert error.message == "Invalid field selection colour"


# Windows of time: timeMax is exclusive and looks at the start, timeMin is exclusive and at the end.


@pytest.mark.parametrize(("window", "found"), [
    ({"timeMin": "2026-11-09T10:59:59+01:00"}, True),
    ({"timeMin": "2026-11-09T11:00:00+01:00"}, False),
    ({"timeMax": "2026-11-09T10:00:01+01:00"}, True),
    ({"timeMax": "2026-11-09T10:00:00+01:00"}, False),
    ({"timeMin": "2026-11-09T09:30:00Z", "timeMax": "2026-11-09T09:31:00Z"}, True),
    ({"timeMin": "2026-11-09T09:30:00.750Z", "timeMax": "2026-11-09T09:31:00Z"}, True),
])
def test_a_window_finds_what_overlaps_it(ada, window, found):
    add(ada)
    assert bool(everything(ada, **window)[0]) == found


@pytest.mark.parametrize("end", ["2026-11-09T10:00:00Z", "2026-11-09T09:00:00Z"])
def test_an_empty_window_is_refused(ada, end):
    error = refusal(ada.events().list(
        calendarId="primary", timeMin="2026-11-09T10:00:00Z", timeMax=end))
    assert error == Refusal(
        400, "calendar", "timeRangeEmpty", "timeMax", "parameter",
        "The specified time range is empty.", {}, {})


@pytest.mark.parametrize("name", ["timeMin", "timeMax", "updatedMin"])
def test_a_time_without_offset_is_refused(ada, name):
    error = refusal(ada.events().list(calendarId="primary", **{name: "2026-11-09T10:00:00"}))
    assert (error.status, error.reason, error.message) == (400, "badRequest", "Bad Request")


# Order.


def test_order_by_start_time(week):
    items, _ = everything(week, orderBy="startTime", singleEvents=True)
    assert summaries(items) == ["Day 9", "Day 10", "Day 11", "Day 12", "Day 13"]


def test_order_by_start_time_goes_on_over_pages(week):
    items, _ = everything(week, orderBy="startTime", singleEvents=True, maxResults=2)
    assert summaries(items) == ["Day 9", "Day 10", "Day 11", "Day 12", "Day 13"]


def test_order_by_start_time_needs_single_events(ada):
    error = refusal(ada.events().list(calendarId="primary", orderBy="startTime"))
    assert (error.status, error.reason, error.location) == (400, "invalid", "orderBy")
    assert error.message == "The requested ordering is not available for the particular query."


def test_order_by_update_is_ascending(google, week):
    first = everything(week)[0][0]
    google.advance(seconds=5)
    week.events().patch(
        calendarId="primary", eventId=first["id"], body={"location": "Shed"}).execute()
    items, _ = everything(week, orderBy="updated")
    moments = [item["updated"] for item in items]
    assert moments == sorted(moments) and items[-1]["id"] == first["id"]


def test_the_order_is_the_same_each_time(week):
    assert everything(week)[0] == everything(week, maxResults=2)[0]


# Filters.


@pytest.fixture
def library(ada):
    """Events to be found by words."""
    add(ada, timed("Pump inspection", location="Cellar", description="Bring the long ladder"))
    add(ada, timed("Board", attendees=[{"email": "dora@example.org", "displayName": "Dora Fox"}]))
    add(ada, timed("Pump and board"))
    return ada


@pytest.mark.parametrize(("words", "found"), [
    ("pump", ["Pump inspection", "Pump and board"]),
    ("PUMP", ["Pump inspection", "Pump and board"]),
    ("insp", ["Pump inspection"]),
    ("pump board", ["Pump and board"]),
    ("cellar", ["Pump inspection"]),
    ("ladder", ["Pump inspection"]),
    ("Fox", ["Board"]),
    ("dora@example.org", ["Board"]),
    ("pump unicorn", []),
])
def test_all_words_of_a_search_must_occur(library, words, found):
    assert sorted(summaries(everything(library, q=words)[0])) == sorted(found)


def test_events_are_found_by_icaluid(ada):
    add(ada, timed("Other"))
    event = add(ada, timed("Wanted", iCalUID="wanted-1@example.org"))
    items, _ = everything(ada, iCalUID="wanted-1@example.org")
    assert [item["id"] for item in items] == [event["id"]]


@pytest.mark.parametrize(("filters", "found"), [
    ({"privateExtendedProperty": "bed=4"}, ["A", "B"]),
    ({"privateExtendedProperty": ["bed=4", "crop=kale"]}, ["B"]),
    ({"privateExtendedProperty": "bed=5"}, []),
    ({"sharedExtendedProperty": "team=west"}, ["C"]),
    ({"privateExtendedProperty": "team=west"}, []),
])
def test_extended_properties_filter_and_repeated_ones_all_count(ada, filters, found):
    add(ada, timed("A", extendedProperties={"private": {"bed": "4"}}))
    add(ada, timed("B", extendedProperties={"private": {"bed": "4", "crop": "kale"}}))
    add(ada, timed("C", extendedProperties={"shared": {"team": "west"}}))
    assert sorted(summaries(everything(ada, **filters)[0])) == found


@pytest.mark.parametrize(("types", "found"), [
    ("default", ["Plain"]),
    ("focusTime", ["Focus"]),
    (["default", "focusTime"], ["Focus", "Plain"]),
    ("outOfOffice", []),
])
def test_events_are_chosen_by_type(ada, types, found):
    add(ada, timed("Plain"))
    add(ada, timed("Focus", eventType="focusTime", transparency="opaque",
                   focusTimeProperties={"autoDeclineMode": "declineNone"}))
    assert sorted(summaries(everything(ada, eventTypes=types)[0])) == found


def test_cancelled_events_are_hidden_unless_asked_for(ada):
    event = add(ada)
    ada.events().delete(calendarId="primary", eventId=event["id"]).execute()
    assert everything(ada)[0] == []
    shown, _ = everything(ada, showDeleted=True)
    assert [(item["id"], item["status"]) for item in shown] == [(event["id"], "cancelled")]


def test_what_changed_since_a_moment(google, ada):
    add(ada, timed("Old"))
    google.advance(minutes=10)
    mark = add(ada, timed("Mark"))["updated"]
    google.advance(minutes=10)
    add(ada, timed("New"))
    assert "Old" not in summaries(everything(ada, updatedMin=mark)[0])
    assert "New" in summaries(everything(ada, updatedMin=mark)[0])


def test_what_was_deleted_since_a_moment_is_always_included(google, ada):
    doomed = add(ada, timed("Doomed"))
    google.advance(minutes=10)
    mark = add(ada, timed("Mark"))["updated"]
    ada.events().delete(calendarId="primary", eventId=doomed["id"]).execute()
    found = {item["id"]: item["status"] for item in everything(ada, updatedMin=mark)[0]}
    assert found[doomed["id"]] == "cancelled"


def test_changes_cannot_be_asked_for_too_far_back(google, ada):
    event = add(ada)
    google.advance(days=29)
    error = refusal(ada.events().list(calendarId="primary", updatedMin=event["updated"]))
    assert error == Refusal(
        410, "calendar", "updatedMinTooLongAgo", "updatedMin", "parameter",
        "The requested minimum modification time lies too far in the past.", {}, {})


# How answers are written.


@pytest.mark.parametrize(("zone", "start"), [
    ("Europe/Paris", "2026-11-09T10:00:00+01:00"),
    ("America/New_York", "2026-11-09T04:00:00-05:00"),
    ("Asia/Kolkata", "2026-11-09T14:30:00+05:30"),
])
def test_times_are_written_with_the_offset_of_the_zone_asked_for(ada, zone, start):
    add(ada)
    page = ada.events().list(calendarId="primary", timeZone=zone).execute()
    assert page["timeZone"] == zone
    assert page["items"][0]["start"] == {"dateTime": start, "timeZone": PARIS}


def test_a_long_guest_list_can_be_left_out(ada):
    guests = [{"email": "ada@example.com"}] + [{"email": f"g{n}@example.org"} for n in range(4)]
    add(ada, timed(attendees=guests))
    item = ada.events().list(calendarId="primary", maxAttendees=1).execute()["items"][0]
    assert item["attendeesOmitted"] is True
    assert [guest["email"] for guest in item["attendees"]] == ["ada@example.com"]
    whole = ada.events().list(calendarId="primary", maxAttendees=9).execute()["items"][0]
    assert len(whole["attendees"]) == 5 and "attendeesOmitted" not in whole


def test_members_with_default_values_are_left_out(ada):
    add(ada, timed(transparency="opaque", visibility="default", guestsCanInviteOthers=True,
                   guestsCanModify=False, guestsCanSeeOtherGuests=True))
    item = everything(ada)[0][0]
    assert not {"transparency", "visibility", "guestsCanInviteOthers", "guestsCanModify",
                "guestsCanSeeOtherGuests"} & set(item)
    assert item["reminders"] == {"useDefault": True} and item["eventType"] == "default"


def test_series_are_expanded_only_where_asked(ada):
    add(ada, timed("Series", recurrence=["RRULE:FREQ=DAILY;COUNT=3"]))
    assert [("recurrence" in item) for item in everything(ada)[0]] == [True]
    expanded, _ = everything(ada, singleEvents=True)
    assert len(expanded) == 3
    assert not any("recurrence" in item for item in expanded)


def test_all_day_events_are_found_by_the_calendars_day(ada):
    calendar = add_calendar(ada)
    add(ada, all_day(), calendar)
    evening_before = {"timeMin": "2026-11-08T22:00:00Z", "timeMax": "2026-11-08T23:00:00Z"}
    midnight = {"timeMin": "2026-11-08T23:00:00Z", "timeMax": "2026-11-08T23:30:00Z"}
    assert everything(ada, calendar, **evening_before)[0] == []
    assert summaries(everything(ada, calendar, **midnight)[0]) == ["Fair"]
