"""Calendars, the list that each user has of them, who may do what, settings and colours."""

import pytest
from googleapiclient.errors import HttpError

from calls import (
    PARIS, add, add_calendar, all_pages, everything, read_error, refusal, share, summaries,
    timed,
)


def entry(service, calendar):
    return service.calendarList().get(calendarId=calendar).execute()


def subscribe(service, calendar):
    return service.calendarList().insert(body={"id": calendar}).execute()


def listed(service, **parameters):
    return [item["id"] for item in all_pages(service.calendarList().list, **parameters)[0]]


# Calendars.


def test_primary_is_another_name_for_ones_address(ada):
    for name in ("primary", "ada@example.com"):
        calendar = ada.calendars().get(calendarId=name).execute()
        assert (calendar["kind"], calendar["id"]) == ("calendar#calendar", "ada@example.com")


def test_a_calendar_is_made_changed_and_destroyed(ada):
    made = ada.calendars().insert(
        body={"summary": "Garden", "timeZone": PARIS, "location": "Lyon"}).execute()
    assert made["summary"] == "Garden" and made["timeZone"] == PARIS
    assert made["dataOwner"] == "ada@example.com"
    changed = ada.calendars().patch(
        calendarId=made["id"], body={"description": "Beds"}).execute()
    assert (changed["description"], changed["location"]) == ("Beds", "Lyon")
    put = ada.calendars().update(calendarId=made["id"], body={"summary": "Beds"}).execute()
    assert "description" not in put
    assert ada.calendars().delete(calendarId=made["id"]).execute() == ""
    assert refusal(ada.calendars().get(calendarId=made["id"])).status == 404


def test_a_calendar_needs_a_title(ada):
    error = refusal(ada.calendars().insert(body={"timeZone": PARIS}))
    assert (error.status, error.reason) == (400, "required")


def test_nobody_deletes_a_primary_calendar(ada):
    assert refusal(ada.calendars().delete(calendarId="primary")).status in (400, 403)


def test_a_primary_calendar_is_cleared(ada):
    add(ada)
    assert ada.calendars().clear(calendarId="primary").execute() == ""
    assert everything(ada)[0] == []


def test_other_calendars_are_not_cleared(ada):
    assert refusal(ada.calendars().clear(calendarId=add_calendar(ada))).status in (400, 403)


def test_only_administrators_give_calendars_away(ada, api):
    garden = add_calendar(ada)
    answer = api.post(f"calendars/{garden}/transferOwnership",
                      params={"newDataOwner": "bob@example.com", "useAdminAccess": "true"})
    assert answer.status_code == 403


def test_ids_are_encoded_in_the_path(ada, api):
    garden = add_calendar(ada)
    encoded = garden.replace("@", "%40")
    assert api.get("calendars/" + encoded).json()["id"] == garden


# The list.


def test_a_new_calendar_is_on_its_owners_list(ada):
    garden = add_calendar(ada, "Garden")
    mine = entry(ada, garden)
    assert (mine["kind"], mine["summary"]) == ("calendar#calendarListEntry", "Garden")
    assert mine["accessRole"] == "owner" and "primary" not in mine
    assert entry(ada, "primary")["primary"] is True


def test_the_list_has_pages(ada):
    for number in range(5):
        add_calendar(ada, f"C{number}")
    assert len(listed(ada, maxResults=2)) == 6
    assert listed(ada, maxResults=2) == listed(ada)


def test_what_a_user_sets_is_the_users_alone(ada, bob):
    garden = add_calendar(ada, "Garden")
    share(ada, garden, "bob@example.com", "reader")
    subscribe(bob, garden)
    bob.calendarList().patch(calendarId=garden, body={
        "summaryOverride": "Ada's", "selected": True,
        "defaultReminders": [{"method": "popup", "minutes": 3}]}).execute()
    his, mine = entry(bob, garden), entry(ada, garden)
    assert (his["summary"], his["summaryOverride"]) == ("Garden", "Ada's")
    assert his["defaultReminders"] == [{"method": "popup", "minutes": 3}]
    assert "summaryOverride" not in mine and mine["defaultReminders"] == []


def test_colours_by_number_and_by_value(ada):
    garden = add_calendar(ada)
    by_number = ada.calendarList().patch(calendarId=garden, body={"colorId": "7"}).execute()
    palette = ada.colors().get().execute()["calendar"]
    assert by_number["backgroundColor"] == palette["7"]["background"]
    colours = {"backgroundColor": "#123456", "foregroundColor": "#ffffff"}
    by_value = ada.calendarList().patch(
        calendarId=garden, colorRgbFormat=True, body=colours).execute()
    assert {name: by_value[name] for name in colours} == colours


def test_leaving_is_not_destroying(ada, bob):
    garden = add_calendar(ada)
    share(ada, garden, "bob@example.com", "reader")
    subscribe(bob, garden)
    bob.calendarList().delete(calendarId=garden).execute()
    assert garden not in listed(bob) and garden in listed(ada)
    assert bob.calendars().get(calendarId=garden).execute()["id"] == garden


def test_hidden_entries_are_shown_if_asked_for(ada):
    garden = add_calendar(ada)
    ada.calendarList().patch(calendarId=garden, body={"hidden": True}).execute()
    assert garden not in listed(ada) and garden in listed(ada, showHidden=True)


@pytest.mark.parametrize(("least", "seen"), [
    ("reader", True), ("writer", False), ("owner", False),
])
def test_the_list_by_least_role(ada, bob, least, seen):
    garden = add_calendar(ada)
    share(ada, garden, "bob@example.com", "reader")
    subscribe(bob, garden)
    assert (garden in listed(bob, minAccessRole=least)) == seen


def test_one_cannot_subscribe_to_what_one_cannot_see(ada, bob):
    request = bob.calendarList().insert(body={"id": add_calendar(ada)})
    assert refusal(request).status == 404


# Roles: none < freeBusyReader < reader < writerWithoutPrivateAccess < writer < owner.


@pytest.mark.parametrize(("role", "may_list", "may_write", "may_share"), [
    ("freeBusyReader", None, False, False),
    ("reader", True, False, False),
    ("writerWithoutPrivateAccess", True, True, False),
    ("writer", True, True, False),
    ("owner", True, True, True),
])
def test_what_a_role_allows(ada, bob, role, may_list, may_write, may_share):
    garden = add_calendar(ada)
    add(ada, calendar=garden)
    share(ada, garden, "bob@example.com", role)
    assert subscribe(bob, garden)["accessRole"] == role
    if may_list:
        assert summaries(everything(bob, garden)[0]) == ["Pump inspection"]
    assert allowed(bob.events().insert(calendarId=garden, body=timed())) == may_write
    assert allowed(bob.acl().insert(calendarId=garden, sendNotifications=False, body={
        "scope": {"type": "user", "value": "cleo@example.com"}, "role": "reader"})) == may_share


def allowed(request):
    """Whether a request is done; a refusal must be one of rights."""
    try:
        request.execute()
        return True
    except HttpError as error:
        assert read_error(error).status == 403
        return False


def test_a_reader_who_writes_is_told_what_is_missing(ada, bob):
    garden = add_calendar(ada)
    share(ada, garden, "bob@example.com", "reader")
    error = refusal(bob.events().insert(calendarId=garden, body=timed()))
    assert (error.status, error.domain, error.reason) == (403, "calendar", "requiredAccessLevel")
    assert error.message == "You need to have writer access to this calendar."


# Rules.


def test_the_owners_rule_is_there_from_the_start(ada):
    rules = ada.acl().list(calendarId=add_calendar(ada)).execute()
    assert rules["kind"] == "calendar#acl"
    assert ("user:ada@example.com", "owner") in [
        (rule["id"], rule["role"]) for rule in rules["items"]]


@pytest.mark.parametrize(("scope", "rule_id"), [
    ({"type": "user", "value": "bob@example.com"}, "user:bob@example.com"),
    ({"type": "group", "value": "beds@example.com"}, "group:beds@example.com"),
    ({"type": "domain", "value": "example.com"}, "domain:example.com"),
    ({"type": "default"}, "default"),
])
def test_a_rule_is_named_by_its_scope(ada, scope, rule_id):
    garden = add_calendar(ada)
    rule = ada.acl().insert(
        calendarId=garden, body={"scope": scope, "role": "reader"}).execute()
    assert (rule["kind"], rule["id"]) == ("calendar#aclRule", rule_id)
    assert rule["scope"] == scope and rule["etag"]
    assert ada.acl().get(calendarId=garden, ruleId=rule_id).execute() == rule


def test_a_second_rule_for_a_scope_replaces_the_first(ada):
    garden = add_calendar(ada)
    share(ada, garden, "bob@example.com", "reader")
    share(ada, garden, "bob@example.com", "writer")
    rules = ada.acl().list(calendarId=garden).execute()["items"]
    assert [r["role"] for r in rules if r["id"] == "user:bob@example.com"] == ["writer"]


def test_a_rule_is_changed_and_taken_away(ada, bob):
    garden = add_calendar(ada)
    rule = share(ada, garden, "bob@example.com", "reader")
    ada.acl().patch(calendarId=garden, ruleId=rule["id"], body={"role": "writer"},
                    sendNotifications=False).execute()
    add(bob, calendar=garden)
    ada.acl().delete(calendarId=garden, ruleId=rule["id"]).execute()
    assert refusal(bob.events().list(calendarId=garden)).status == 404


def test_everybody_may_read_what_is_public(ada, bob):
    garden = add_calendar(ada)
    ada.acl().insert(calendarId=garden, body={
        "scope": {"type": "default"}, "role": "reader"}).execute()
    assert everything(bob, garden)[0] == []


def test_the_last_owner_stays(ada):
    garden = add_calendar(ada)
    request = ada.acl().delete(calendarId=garden, ruleId="user:ada@example.com")
    assert refusal(request).status in (400, 403)


@pytest.mark.parametrize("body", [
    {"scope": {"type": "user", "value": "bob@example.com"}, "role": "king"},
    {"scope": {"type": "planet", "value": "earth"}, "role": "reader"},
    {"scope": {"type": "user"}, "role": "reader"},
    {"role": "reader"},
])
def test_a_rule_must_make_sense(ada, body):
    assert refusal(ada.acl().insert(calendarId=add_calendar(ada), body=body)).status == 400


@pytest.mark.parametrize(("choice", "mails"), [({}, 1), ({"sendNotifications": False}, 0)])
def test_sharing_is_told_by_mail_unless_said_otherwise(google, ada, choice, mails):
    ada.acl().insert(calendarId=add_calendar(ada), **choice, body={
        "scope": {"type": "user", "value": "bob@example.com"}, "role": "reader"}).execute()
    assert google.mails() == mails


# Settings and colours.


@pytest.mark.parametrize("setting", [
    "autoAddHangouts", "dateFieldOrder", "defaultEventLength", "format24HourTime",
    "hideInvitations", "hideWeekends", "locale", "remindOnRespondedEventsOnly",
    "showDeclinedEvents", "timezone", "useKeyboardShortcuts", "weekStart",
])
def test_a_setting_is_a_string(ada, setting):
    got = ada.settings().get(setting=setting).execute()
    assert (got["kind"], got["id"]) == ("calendar#setting", setting)
    assert isinstance(got["value"], str)


def test_settings_have_pages(ada):
    items, _ = all_pages(ada.settings().list, maxResults=5)
    assert len(items) >= 12
    assert len(ada.settings().list(maxResults=5).execute()["items"]) == 5


def test_an_unknown_setting(ada):
    assert refusal(ada.settings().get(setting="favouriteBird")).status == 404


def test_the_palettes(ada):
    colours = ada.colors().get().execute()
    assert colours["kind"] == "calendar#colors" and colours["updated"].endswith("Z")
    assert set(colours["calendar"]) == {str(number) for number in range(1, 25)}
    assert set(colours["event"]) == {str(number) for number in range(1, 12)}
    assert set(colours["event"]["1"]) == {"background", "foreground"}
