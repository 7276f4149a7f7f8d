"""Sync loops: list once to the end, keep the token, then ask for what changed since.

Tokens belong to one user, one calendar and one set of parameters; they end, and then everything is
read again.
"""

import pytest

from calls import (
    Refusal, add, add_calendar, all_pages, everything, refusal, share, summaries, timed,
)

REFUSED = Refusal(
    400, "global", "syncTokenWithRequestRestrictions", None, None,
    "Sync token cannot be used with other request restrictions.", {}, {})
GONE = Refusal(
    410, "calendar", "fullSyncRequired", "syncToken", "parameter",
    "Sync token is no longer valid, a full sync is required.", {}, {})


def delta(service, token, calendar="primary", **parameters):
    return service.events().list(calendarId=calendar, syncToken=token, **parameters)


def change(service, event, calendar="primary", **members):
    return service.events().patch(
        calendarId=calendar, eventId=event["id"], body=members).execute()


def remove(service, event, calendar="primary"):
    service.events().delete(calendarId=calendar, eventId=event["id"]).execute()


# What a delta tells.


def test_a_delta_tells_what_was_added_changed_and_deleted(ada):
    kept, doomed, untouched = add(ada), add(ada), add(ada)
    _, token = everything(ada)
    added = add(ada, timed("New"))
    change(ada, kept, summary="Changed")
    remove(ada, doomed)
    items, _ = everything(ada, syncToken=token)
    told = {item["id"]: (item["status"], item.get("summary")) for item in items}
    assert told[added["id"]] == ("confirmed", "New")
    assert told[kept["id"]] == ("confirmed", "Changed")
    assert told[doomed["id"]][0] == "cancelled"
    assert untouched["id"] not in told and len(told) == 3


def test_an_empty_delta_brings_a_token_all_the_same(ada):
    _, token = everything(ada)
    page = delta(ada, token).execute()
    assert page["items"] == [] and page["nextSyncToken"]


def test_an_older_token_can_be_used_again(ada):
    _, token = everything(ada)
    add(ada, timed("First"))
    assert summaries(everything(ada, syncToken=token)[0]) == ["First"]
    add(ada, timed("Second"))
    assert sorted(summaries(everything(ada, syncToken=token)[0])) == ["First", "Second"]


def test_the_newer_token_tells_only_what_is_newer(ada):
    _, token = everything(ada)
    add(ada, timed("First"))
    _, newer = everything(ada, syncToken=token)
    add(ada, timed("Second"))
    assert summaries(everything(ada, syncToken=newer)[0]) == ["Second"]


def test_an_event_that_changed_twice_is_told_once_as_it_is_now(ada):
    event = add(ada)
    _, token = everything(ada)
    change(ada, event, summary="Once")
    change(ada, event, summary="Twice")
    assert summaries(everything(ada, syncToken=token)[0]) == ["Twice"]


def test_a_delta_has_pages_too_and_the_token_is_sent_with_each(ada):
    _, token = everything(ada)
    added = {add(ada, timed(f"N{number}"))["id"] for number in range(5)}
    items, newer = everything(ada, syncToken=token, maxResults=2)
    assert {item["id"] for item in items} == added and len(items) == 5
    assert everything(ada, syncToken=newer)[0] == []


def test_page_sizes_may_differ_between_the_calls(ada):
    add(ada)
    _, token = everything(ada, maxResults=7)
    assert delta(ada, token, maxResults=3).execute()["items"] == []


def test_a_full_listing_knows_nothing_of_the_dead(ada):
    remove(ada, add(ada))
    assert everything(ada)[0] == []


def test_a_deleted_series_is_told_by_its_master(ada):
    series = add(ada, timed(recurrence=["RRULE:FREQ=DAILY;COUNT=3"]))
    _, token = everything(ada)
    remove(ada, series)
    told = {item["id"]: item["status"] for item in everything(ada, syncToken=token)[0]}
    assert told[series["id"]] == "cancelled"


def test_a_cancelled_instance_names_its_series_and_its_slot(ada):
    series = add(ada, timed(recurrence=["RRULE:FREQ=DAILY;COUNT=3"]))
    _, token = everything(ada)
    remove(ada, {"id": series["id"] + "_20261110T090000Z"})
    told = [i for i in everything(ada, syncToken=token)[0] if i["status"] == "cancelled"]
    assert [item["recurringEventId"] for item in told] == [series["id"]]
    assert told[0]["originalStartTime"]["dateTime"] == "2026-11-10T10:00:00+01:00"


def test_an_event_that_moved_away_is_told_as_cancelled(ada):
    garden = add_calendar(ada)
    event = add(ada)
    _, token = everything(ada)
    ada.events().move(calendarId="primary", eventId=event["id"], destination=garden).execute()
    items, _ = everything(ada, syncToken=token)
    assert [(item["id"], item["status"]) for item in items] == [(event["id"], "cancelled")]


def test_reminders_change_the_etag_but_not_the_time_of_update(google, ada):
    event = add(ada)
    _, token = everything(ada)
    google.advance(minutes=1)
    changed = change(ada, event, reminders={
        "useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]})
    assert changed["updated"] == event["updated"] and changed["etag"] != event["etag"]
    assert [item["id"] for item in everything(ada, syncToken=token)[0]] == [event["id"]]


def test_etags_may_change_though_nothing_can_be_seen(google, ada):
    event = add(ada)
    google.churn(user="ada@example.com")
    again = ada.events().get(calendarId="primary", eventId=event["id"]).execute()
    assert again["etag"] != event["etag"]
    assert {**again, "etag": ""} == {**event, "etag": ""}


# What may not be asked for together with a token.


@pytest.mark.parametrize("restriction", [
    {"iCalUID": "a@example.org"},
    {"orderBy": "updated"},
    {"privateExtendedProperty": "a=b"},
    {"q": "pump"},
    {"sharedExtendedProperty": "a=b"},
    {"timeMin": "2026-11-09T00:00:00Z"},
    {"timeMax": "2026-11-10T00:00:00Z"},
    {"updatedMin": "2026-11-09T00:00:00Z"},
    {"showDeleted": False},
], ids=lambda restriction: next(iter(restriction)))
def test_a_token_goes_with_no_restriction(ada, restriction):
    _, token = everything(ada)
    error = refusal(delta(ada, token, **restriction))
    assert (error.status, error.reason, error.message) == (
        REFUSED.status, REFUSED.reason, REFUSED.message)


@pytest.mark.parametrize("parameters", [
    {"singleEvents": True}, {"maxAttendees": 1}, {"timeZone": "Asia/Tokyo"},
    {"eventTypes": ["default"]}, {"showHiddenInvitations": True}, {"showDeleted": True},
], ids=lambda parameters: next(iter(parameters)))
def test_what_the_first_call_asked_for_is_asked_for_again(ada, parameters):
    _, token = everything(ada, **parameters)
    add(ada)
    assert len(delta(ada, token, **parameters).execute()["items"]) == 1


@pytest.mark.parametrize("parameters", [
    {"orderBy": "startTime", "singleEvents": True},
    {"q": "pump"},
    {"iCalUID": "a@example.org"},
    {"privateExtendedProperty": "a=b"},
    {"sharedExtendedProperty": "a=b"},
    {"updatedMin": "now"},
], ids=lambda parameters: next(iter(parameters)))
def test_a_narrow_listing_ends_without_a_token(ada, parameters):
    event = add(ada)
    if "updatedMin" in parameters:
        parameters = {"updatedMin": event["updated"]}
    assert everything(ada, **parameters)[1] is None


def test_a_window_of_time_does_not_prevent_a_token(ada):
    _, token = everything(ada, timeMin="2026-11-09T00:00:00Z", timeMax="2026-11-10T00:00:00Z")
    add(ada)
    assert len(everything(ada, syncToken=token)[0]) == 1


# Tokens end.


def test_an_ended_token_asks_for_a_full_sync(google, ada):
    _, token = everything(ada)
    google.expire("calendar-cursors")
    assert refusal(delta(ada, token)) == GONE


def test_after_the_end_a_full_listing_gives_a_token_that_works(google, ada):
    kept, lost = add(ada, timed("Kept")), add(ada, timed("Lost"))
    mirror = {item["id"] for item in everything(ada)[0]}
    _, token = everything(ada)
    remove(ada, lost)
    google.expire("calendar-cursors")
    assert refusal(delta(ada, token)).status == 410
    items, token = everything(ada)
    # The only way to learn of the deletion: what the mirror has and the listing has not.
    assert mirror - {item["id"] for item in items} == {lost["id"]}
    change(ada, kept, summary="Later")
    assert summaries(everything(ada, syncToken=token)[0]) == ["Later"]


def test_a_token_may_end_between_two_pages(google, ada):
    _, token = everything(ada)
    for number in range(3):
        add(ada, timed(f"N{number}"))
    page = delta(ada, token, maxResults=2).execute()
    google.expire("calendar-cursors")
    error = refusal(delta(ada, token, maxResults=2, pageToken=page["nextPageToken"]))
    assert (error.status, error.reason) == (410, "fullSyncRequired")


def test_tokens_of_one_calendar_end_alone(google, ada):
    garden = add_calendar(ada)
    _, of_garden = everything(ada, garden)
    _, of_primary = everything(ada)
    google.expire("calendar-cursors", user="ada@example.com", calendar=garden)
    assert refusal(delta(ada, of_garden, garden)).status == 410
    assert delta(ada, of_primary).execute()["items"] == []


def test_a_damaged_token_is_invalid(ada):
    error = refusal(delta(ada, "not-a-token"))
    assert (error.status, error.reason, error.location) == (400, "invalid", "syncToken")
    assert error.message == "Invalid sync token value."


def test_a_token_of_another_calendar_is_foreign(ada):
    _, token = everything(ada)
    assert refusal(delta(ada, token, add_calendar(ada))) == GONE


def test_a_token_of_another_user_is_foreign(ada, bob):
    garden = add_calendar(ada)
    share(ada, garden, "bob@example.com", "writer")
    _, token = everything(ada, garden)
    assert refusal(delta(bob, token, garden)) == GONE


def test_a_change_of_the_role_ends_the_token(ada, bob):
    garden = add_calendar(ada)
    share(ada, garden, "bob@example.com", "reader")
    _, token = everything(bob, garden)
    share(ada, garden, "bob@example.com", "writer")
    assert refusal(delta(bob, token, garden)) == GONE


# The other lists follow the same protocol.


def entries(service, **parameters):
    return all_pages(service.calendarList().list, **parameters)


def test_calendars_added_and_removed_since(ada):
    old = add_calendar(ada, "Old")
    _, token = entries(ada)
    new = add_calendar(ada, "New")
    ada.calendars().delete(calendarId=old).execute()
    told = {item["id"]: item.get("deleted", False) for item in entries(ada, syncToken=token)[0]}
    assert told == {old: True, new: False}


def test_hidden_calendars_are_in_every_delta(ada):
    garden = add_calendar(ada)
    _, token = entries(ada)
    ada.calendarList().patch(calendarId=garden, body={"hidden": True}).execute()
    assert garden not in [item["id"] for item in entries(ada)[0]]
    told = {item["id"]: item.get("hidden") for item in entries(ada, syncToken=token)[0]}
    assert told == {garden: True}


@pytest.mark.parametrize("restriction", [
    {"minAccessRole": "owner"}, {"showOwnOrganizationOnly": True},
    {"showDeleted": False}, {"showHidden": False},
], ids=lambda restriction: next(iter(restriction)))
def test_a_calendar_list_token_goes_with_no_restriction(ada, restriction):
    _, token = entries(ada)
    error = refusal(ada.calendarList().list(syncToken=token, **restriction))
    assert (error.status, error.reason) == (400, "syncTokenWithRequestRestrictions")


def test_rules_taken_away_appear_with_the_role_none(ada):
    garden = add_calendar(ada)
    rule = share(ada, garden, "bob@example.com", "reader")
    _, token = all_pages(ada.acl().list, calendarId=garden)
    ada.acl().delete(calendarId=garden, ruleId=rule["id"]).execute()
    items, _ = all_pages(ada.acl().list, calendarId=garden, syncToken=token)
    assert [(item["id"], item["role"]) for item in items] == [("user:bob@example.com", "none")]


def test_rules_added_since(ada):
    garden = add_calendar(ada)
    _, token = all_pages(ada.acl().list, calendarId=garden)
    share(ada, garden, "bob@example.com", "writer")
    items, _ = all_pages(ada.acl().list, calendarId=garden, syncToken=token)
    assert [(item["id"], item["role"]) for item in items] == [("user:bob@example.com", "writer")]


def test_settings_have_a_token_too(ada):
    items, token = all_pages(ada.settings().list, maxResults=5)
    assert len(items) > 5 and token
    assert all_pages(ada.settings().list, syncToken=token)[0] == []
