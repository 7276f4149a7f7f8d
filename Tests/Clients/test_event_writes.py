"""Writing single events: what Google adds, keeps, refuses, and how two writers stay out of each
other's way."""

import re

import pytest
from googleapiclient.errors import HttpError

from calls import (
    PARIS, Refusal, add, add_calendar, all_day, everything, only_if, read_error, refusal,
    summaries, timed,
)


def get(service, event, calendar="primary", **parameters):
    return service.events().get(
        calendarId=calendar, eventId=event["id"], **parameters).execute()


def patch(service, event, calendar="primary", /, **members):
    return service.events().patch(
        calendarId=calendar, eventId=event["id"], body=members).execute()


def put(service, event, calendar="primary"):
    return service.events().update(
        calendarId=calendar, eventId=event["id"], body=event).execute()


def insert(service, body, calendar="primary", **parameters):
    return service.events().insert(calendarId=calendar, body=body, **parameters)


STALE = Refusal(
    412, "global", "conditionNotMet", "If-Match", "header", "Precondition Failed", {}, {})


# What Google adds to a new event.


def test_a_new_event_gets_its_id_from_google(ada):
    event = add(ada)
    assert re.fullmatch(r"[a-v0-9]{26}", event["id"])
    assert event["iCalUID"] == event["id"] + "@google.com"


def test_a_new_event_is_described(ada):
    event = add(ada)
    assert (event["kind"], event["status"], event["sequence"]) == ("calendar#event", "confirmed", 0)
    assert event["creator"] == {"email": "ada@example.com", "self": True}
    assert event["organizer"] == {"email": "ada@example.com", "self": True}
    assert event["htmlLink"].startswith("https://www.google.com/calendar/event?eid=")
    assert event["reminders"] == {"useDefault": True} and event["eventType"] == "default"
    for name in ("created", "updated"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event[name])


def test_the_etag_stands_in_the_header_too(ada, api):
    event = add(ada)
    answer = api.get("calendars/primary/events/" + event["id"])
    assert answer.headers["ETag"] == event["etag"] == answer.json()["etag"]
    assert event["etag"].startswith('"') and event["etag"].endswith('"')


def test_what_was_written_is_what_is_read(ada):
    event = add(ada, timed(
        "Déjeuner 🍲", description="<b>Bold</b> & more", location="Zürich", colorId="5",
        source={"url": "https://garden.example/1", "title": "Plan"}, visibility="private",
        transparency="transparent", extendedProperties={"private": {"a": "1"},
                                                        "shared": {"b": "2"}},
        reminders={"useDefault": False, "overrides": [{"method": "email", "minutes": 40320}]}))
    assert get(ada, event) == event
    assert (event["summary"], event["colorId"]) == ("Déjeuner 🍲", "5")
    assert event["reminders"]["overrides"] == [{"method": "email", "minutes": 40320}]


def test_on_a_secondary_calendar_the_calendar_is_the_organizer(ada):
    garden = add_calendar(ada, "Garden")
    event = add(ada, calendar=garden)
    assert event["organizer"] == {"email": garden, "displayName": "Garden", "self": True}
    assert event["creator"]["email"] == "ada@example.com"


# Ids.


@pytest.mark.parametrize("event_id", ["abcde", "0123456789", "v" * 1024])
def test_a_program_may_choose_the_id(ada, event_id):
    assert add(ada, timed(id=event_id))["id"] == event_id


@pytest.mark.parametrize("event_id", ["abcd", "ABCDE", "wxyz1", "ab-cde", "ab cde", "v" * 1025])
def test_an_id_is_made_of_few_characters(ada, event_id):
    error = refusal(insert(ada, timed(id=event_id)))
    assert (error.status, error.reason) == (400, "invalid")
    assert error.message == "Invalid resource id value."


@pytest.mark.parametrize("deleted", [False, True])
def test_an_id_is_taken_for_ever(ada, deleted):
    add(ada, timed(id="taken1"))
    if deleted:
        ada.events().delete(calendarId="primary", eventId="taken1").execute()
    error = refusal(insert(ada, timed(id="taken1")))
    assert (error.status, error.reason) == (409, "duplicate")
    assert error.message == "The requested identifier already exists."


def test_ids_are_taken_on_one_calendar_only(ada):
    add(ada, timed(id="taken1"))
    assert add(ada, timed(id="taken1"), add_calendar(ada))["id"] == "taken1"


def test_an_icaluid_is_kept_and_taken(ada):
    assert add(ada, timed(iCalUID="one@example.org"))["iCalUID"] == "one@example.org"
    error = refusal(insert(ada, timed(iCalUID="one@example.org")))
    assert (error.status, error.reason) == (409, "duplicate")


# Times.


@pytest.mark.parametrize(("body", "reason", "message"), [
    ({"start": {"dateTime": "2026-11-09T10:00:00Z"}}, "required", "Missing end time."),
    ({"end": {"dateTime": "2026-11-09T10:00:00Z"}}, "required", None),
    (timed(zone="Europe/Atlantis"), "invalid", None),
    (timed(end="2026-11-09T09:00:00+01:00"), "timeRangeEmpty",
     "The specified time range is empty."),
    (all_day(end="2026-11-08"), "timeRangeEmpty", None),
    ({"start": {"date": "2026-11-09"}, "end": {"dateTime": "2026-11-10T10:00:00Z"}}, None, None),
    ({"start": {"date": "2026-11-09", "dateTime": "2026-11-09T10:00:00Z"},
      "end": {"dateTime": "2026-11-10T10:00:00Z"}}, None, None),
    ({"start": {"date": "2026-02-30"}, "end": {"date": "2026-03-01"}}, None, None),
    ({"start": {"dateTime": "tomorrow"}, "end": {"dateTime": "2026-11-10T10:00:00Z"}}, None, None),
], ids=["no end", "no start", "unknown zone", "ends before", "all-day ends before", "mixed",
        "both kinds", "no such day", "no time"])
def test_times_must_make_sense(ada, body, reason, message):
    error = refusal(insert(ada, body))
    assert error.status == 400
    assert reason is None or error.reason == reason
    assert message is None or error.message == message


def test_an_event_may_end_when_it_begins(ada):
    event = add(ada, timed(end="2026-11-09T10:00:00+01:00"))
    assert event["start"] == event["end"]


@pytest.mark.parametrize(("given", "answered"), [
    ({"dateTime": "2026-11-09T10:00:00", "timeZone": PARIS}, "2026-11-09T10:00:00+01:00"),
    ({"dateTime": "2026-11-09T09:00:00Z", "timeZone": PARIS}, "2026-11-09T10:00:00+01:00"),
    ({"dateTime": "2026-11-09T18:00:00+09:00", "timeZone": "Asia/Tokyo"},
     "2026-11-09T10:00:00+01:00"),
    ({"dateTime": "2026-07-09T10:00:00", "timeZone": PARIS}, "2026-07-09T10:00:00+02:00"),
])
def test_times_are_answered_with_the_calendars_offset_and_their_own_zone(ada, given, answered):
    garden = add_calendar(ada, timeZone=PARIS)
    event = add(ada, {"summary": "S", "start": given, "end": given}, garden)
    assert event["start"] == {"dateTime": answered, "timeZone": given["timeZone"]}


def test_an_event_becomes_all_day_when_its_times_are_taken_away(ada):
    event = add(ada)
    changed = patch(
        ada, event, start={"date": "2026-11-09", "dateTime": None, "timeZone": None},
        end={"date": "2026-11-10", "dateTime": None, "timeZone": None})
    assert changed["start"] == {"date": "2026-11-09"} and changed["end"] == {"date": "2026-11-10"}


# Patch changes what it names; put replaces everything.


def test_a_patch_leaves_the_rest(ada):
    event = add(ada, timed(location="Shed"))
    changed = patch(ada, event, summary="New")
    assert (changed["summary"], changed["location"]) == ("New", "Shed")
    assert changed["etag"] != event["etag"] and changed["updated"] >= event["updated"]


def test_a_patch_with_null_takes_away(ada):
    event = add(ada, timed(location="Shed"))
    assert "location" not in patch(ada, event, location=None)


def test_a_patch_merges_properties_and_replaces_lists(ada):
    event = add(ada, timed(
        extendedProperties={"private": {"a": "1", "b": "2"}},
        attendees=[{"email": "x@example.org"}, {"email": "y@example.org"}]))
    changed = patch(ada, event, extendedProperties={"private": {"b": None, "c": "3"}},
                    attendees=[{"email": "z@example.org"}])
    assert changed["extendedProperties"]["private"] == {"a": "1", "c": "3"}
    assert [guest["email"] for guest in changed["attendees"]] == ["z@example.org"]


def test_a_put_removes_what_it_omits(ada):
    event = add(ada, timed(location="Shed", colorId="3"))
    changed = put(ada, {name: event[name] for name in ("id", "summary", "start", "end")})
    assert "location" not in changed and "colorId" not in changed
    assert changed["summary"] == event["summary"]


def test_a_put_of_what_was_read_changes_nothing_to_be_seen(ada):
    event = add(ada, timed(location="Shed", attendees=[{"email": "x@example.org"}]))
    again = put(ada, event)
    moving = ("etag", "updated", "sequence")
    assert {k: v for k, v in again.items() if k not in moving} == {
        k: v for k, v in event.items() if k not in moving}


@pytest.mark.parametrize("method", ["get", "update", "patch", "delete"])
def test_what_is_not_there_is_not_found(ada, method):
    more = {"body": timed()} if method in ("update", "patch") else {}
    error = refusal(getattr(ada.events(), method)(
        calendarId="primary", eventId="nothere", **more))
    assert error == Refusal(404, "global", "notFound", None, None, "Not Found", {}, {})


@pytest.mark.parametrize("calendar", ["nobody@example.com", "bob@example.com"])
def test_what_may_not_be_seen_is_not_found(ada, calendar):
    assert refusal(ada.events().list(calendarId=calendar)).status == 404


# Etags: write only if nobody else has.


@pytest.mark.parametrize("method", ["update", "patch", "delete"])
def test_a_write_on_a_stale_copy_is_refused(ada, method):
    event = add(ada)
    patch(ada, event, location="Elsewhere")
    more = {"body": event} if method != "delete" else {}
    request = getattr(ada.events(), method)(calendarId="primary", eventId=event["id"], **more)
    assert refusal(only_if(request, event["etag"])) == STALE
    assert get(ada, event)["location"] == "Elsewhere"


@pytest.mark.parametrize("method", ["update", "patch", "delete"])
def test_a_write_on_the_present_copy_is_done(ada, method):
    event = add(ada)
    more = {"body": event | {"summary": "New"}} if method != "delete" else {}
    request = getattr(ada.events(), method)(calendarId="primary", eventId=event["id"], **more)
    only_if(request, event["etag"]).execute()
    now = get(ada, event)
    assert now["status"] == "cancelled" if method == "delete" else now["summary"] == "New"


def test_the_client_merges_after_a_refusal(ada):
    mine = add(ada)
    patch(ada, mine, location="Theirs")
    request = ada.events().patch(
        calendarId="primary", eventId=mine["id"], body={"summary": "Mine"})
    assert refusal(only_if(request, mine["etag"])).status == 412
    fresh = get(ada, mine)
    only_if(request, fresh["etag"]).execute()
    now = get(ada, mine)
    assert (now["summary"], now["location"]) == ("Mine", "Theirs")


def test_an_unchanged_event_is_not_sent_again(ada, api):
    event = add(ada)
    path = "calendars/primary/events/" + event["id"]
    answer = api.get(path, headers={"If-None-Match": event["etag"]})
    assert (answer.status_code, answer.content) == (304, b"")
    patch(ada, event, summary="New")
    assert api.get(path, headers={"If-None-Match": event["etag"]}).status_code == 200


def test_calendars_and_rules_are_guarded_by_etags_too(ada):
    garden = add_calendar(ada)
    stale = ada.calendars().get(calendarId=garden).execute()["etag"]
    ada.calendars().patch(calendarId=garden, body={"location": "Lyon"}).execute()
    request = ada.calendars().patch(calendarId=garden, body={"location": "Metz"})
    assert refusal(only_if(request, stale)).status == 412


# Deletion is a state.


def test_a_deleted_event_can_still_be_read(ada):
    event = add(ada)
    assert ada.events().delete(calendarId="primary", eventId=event["id"]).execute() == ""
    assert get(ada, event)["status"] == "cancelled"


def test_deleting_twice(ada):
    event = add(ada)
    ada.events().delete(calendarId="primary", eventId=event["id"]).execute()
    error = refusal(ada.events().delete(calendarId="primary", eventId=event["id"]))
    assert (error.status, error.domain, error.reason) == (410, "global", "deleted")
    assert error.message == "Resource has been deleted"


def test_a_deletion_has_no_body(ada, api):
    answer = api.delete("calendars/primary/events/" + add(ada)["id"])
    assert (answer.status_code, answer.content) == (204, b"")


def test_the_organizer_brings_a_deleted_event_back(ada):
    event = add(ada)
    ada.events().delete(calendarId="primary", eventId=event["id"]).execute()
    put(ada, event | {"status": "confirmed"})
    assert summaries(everything(ada)[0]) == ["Pump inspection"]


# Sequence numbers count what guests must know.


@pytest.mark.parametrize(("members", "step"), [
    ({"start": {"dateTime": "2026-11-09T10:30:00+01:00", "timeZone": PARIS}}, 1),
    ({"end": {"dateTime": "2026-11-09T12:00:00+01:00", "timeZone": PARIS}}, 1),
    ({"recurrence": ["RRULE:FREQ=DAILY;COUNT=2"]}, 1),
    ({"summary": "Other"}, 0),
    ({"reminders": {"useDefault": False}}, 0),
], ids=["start", "end", "rule", "title", "reminders"])
def test_the_sequence_grows_when_the_time_changes(ada, members, step):
    event = add(ada)
    assert patch(ada, event, **members)["sequence"] == event["sequence"] + step


def test_a_lower_sequence_is_ignored_or_refused(ada):
    event = add(ada, timed(sequence=5))
    request = ada.events().patch(
        calendarId="primary", eventId=event["id"], body={"sequence": 1, "summary": "Low"})
    try:
        assert request.execute()["sequence"] >= 5
    except HttpError as error:
        assert read_error(error).reason == "invalid"


# Limits of an event.


@pytest.mark.parametrize("members", [
    {"reminders": {"useDefault": False, "overrides": [
        {"method": "popup", "minutes": minutes} for minutes in range(6)]}},
    {"reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 40321}]}},
    {"reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": -1}]}},
    {"reminders": {"useDefault": False, "overrides": [{"method": "pigeon", "minutes": 5}]}},
    {"visibility": "secret"},
    {"transparency": "glass"},
    {"eventType": "party"},
    {"status": "maybe"},
    {"attendees": [{"email": "x@example.org", "responseStatus": "perhaps"}]},
], ids=["six reminders", "too early", "too late", "unknown method", "visibility", "transparency",
        "type", "status", "response"])
def test_values_have_limits(ada, members):
    assert refusal(insert(ada, timed(**members))).status == 400


def test_an_event_has_at_most_25_attachments(ada):
    def files(count):
        return [{"fileUrl": f"https://files.example/{n}", "title": f"F{n}"} for n in range(count)]

    event = add(ada, timed(attachments=files(25)), supportsAttachments=True)
    assert len(event["attachments"]) == 25
    assert refusal(
        insert(ada, timed(attachments=files(26)), supportsAttachments=True)).status == 400


def test_attachments_need_a_program_that_knows_them(ada):
    event = add(ada, timed(attachments=[{"fileUrl": "https://files.example/1"}]))
    assert "attachments" not in event


def test_an_event_keeps_its_type(ada):
    event = add(ada)
    request = ada.events().patch(
        calendarId="primary", eventId=event["id"], body={"eventType": "focusTime"})
    assert refusal(request).status == 400


# Import: a private copy of somebody else's event.


@pytest.fixture
def invitation():
    return timed("Fair", iCalUID="fair-1@example.org", sequence=2,
                 organizer={"email": "dora@example.org", "displayName": "Dora"},
                 attendees=[{"email": "ada@example.com"}, {"email": "eve@example.org"}])


def take_in(service, body):
    return service.events().import_(calendarId="primary", body=body)


def test_an_import_keeps_organizer_and_icaluid_and_mails_nobody(google, ada, invitation):
    event = take_in(ada, invitation).execute()
    assert event["iCalUID"] == "fair-1@example.org"
    assert event["organizer"]["email"] == "dora@example.org"
    assert not event["organizer"].get("self")
    assert google.mails() == 0


def test_an_import_again_changes_the_event_it_made(ada, invitation):
    first = take_in(ada, invitation).execute()
    second = take_in(ada, invitation | {"summary": "Bigger fair", "sequence": 3}).execute()
    assert second["id"] == first["id"]
    assert summaries(everything(ada)[0]) == ["Bigger fair"]


@pytest.mark.parametrize("missing", ["iCalUID", "start", "end"])
def test_an_import_needs_its_bones(ada, invitation, missing):
    error = refusal(take_in(ada, {k: v for k, v in invitation.items() if k != missing}))
    assert (error.status, error.reason) == (400, "required")


def test_an_imported_event_is_of_the_default_type(ada, invitation):
    event = take_in(ada, invitation | {"eventType": "focusTime"}).execute()
    assert event["eventType"] == "default"


# Move and quickAdd.


def test_a_move_keeps_the_id_and_changes_the_organizer(ada):
    garden = add_calendar(ada, "Garden")
    event = add(ada)
    moved = ada.events().move(
        calendarId="primary", eventId=event["id"], destination=garden).execute()
    assert moved["id"] == event["id"] and moved["organizer"]["email"] == garden
    assert [item["id"] for item in everything(ada, garden)[0]] == [event["id"]]
    assert get(ada, event)["status"] == "cancelled"


def test_only_default_events_move(ada):
    garden = add_calendar(ada)
    event = add(ada, timed(eventType="focusTime",
                           focusTimeProperties={"autoDeclineMode": "declineNone"}))
    request = ada.events().move(
        calendarId="primary", eventId=event["id"], destination=garden)
    assert refusal(request).status in (400, 403)


def test_a_move_to_nowhere(ada):
    request = ada.events().move(
        calendarId="primary", eventId=add(ada)["id"], destination="nowhere@example.org")
    assert refusal(request).status == 404


def test_words_become_an_event(ada):
    event = ada.events().quickAdd(
        calendarId="primary", text="Lunch with Dora tomorrow 12:30").execute()
    assert "Lunch" in event["summary"]
    assert "T12:30:00" in event["start"]["dateTime"]


def test_no_words_become_no_event(ada, api):
    answer = api.post("calendars/primary/events/quickAdd")
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["reason"] == "required"
