"""Push: Google tells a web hook that something changed; what changed must be asked for."""

import email.utils
import time
import uuid

import pytest

from browsing import receiving
from calls import add, add_calendar, everything, refusal, timed


@pytest.fixture
def hook():
    with receiving() as receiver:
        yield receiver


def channel(hook, **more):
    return {"id": str(uuid.uuid4()), "type": "web_hook", "address": hook.address} | more


def watch(service, hook, calendar="primary", **more):
    """Watches a calendar's events: the channel, after its first message."""
    made = service.events().watch(calendarId=calendar, body=channel(hook, **more)).execute()
    hook.next(channel_id=made["id"], resource_state="sync")
    return made


def stop(service, made):
    return service.channels().stop(
        body={"id": made["id"], "resourceId": made["resourceId"]})


# Making a channel.


def test_a_channel_is_described(ada, hook):
    wanted = channel(hook, token="secret")
    made = ada.events().watch(calendarId="primary", body=wanted).execute()
    assert (made["kind"], made["id"], made["token"]) == ("api#channel", wanted["id"], "secret")
    assert made["resourceId"] and "/calendar/v3/calendars/" in made["resourceUri"]
    assert isinstance(made["expiration"], str) and int(made["expiration"]) > time.time() * 1000


def test_the_first_message_says_that_the_channel_works(ada, hook):
    made = ada.events().watch(calendarId="primary", body=channel(hook, token="secret")).execute()
    message = hook.next()
    assert message.body == b""
    assert message["resource-state"] == "sync" and message["message-number"] == "1"
    assert message["channel-id"] == made["id"] and message["channel-token"] == "secret"
    assert message["resource-id"] == made["resourceId"]
    assert message["resource-uri"] == made["resourceUri"]


def test_the_end_of_a_channel_is_told_in_each_message(ada, hook):
    made = ada.events().watch(calendarId="primary", body=channel(hook)).execute()
    told = email.utils.parsedate_to_datetime(hook.next()["channel-expiration"])
    assert abs(told.timestamp() - int(made["expiration"]) / 1000) < 2


def test_a_channel_without_a_token_sends_none(ada, hook):
    ada.events().watch(calendarId="primary", body=channel(hook)).execute()
    assert hook.next()["channel-token"] is None


@pytest.mark.parametrize("ask", ["ttl", "expiration"])
def test_a_program_may_ask_for_a_life(ada, hook, ask):
    wanted = {"ttl": {"params": {"ttl": "3600"}},
              "expiration": {"expiration": str(int((time.time() + 3600) * 1000))}}[ask]
    made = ada.events().watch(calendarId="primary", body=channel(hook, **wanted)).execute()
    assert abs(int(made["expiration"]) / 1000 - time.time() - 3600) < 30


def test_no_channel_lives_longer_than_a_week(ada, hook):
    made = ada.events().watch(calendarId="primary", body=channel(
        hook, params={"ttl": str(90 * 86400)})).execute()
    assert int(made["expiration"]) / 1000 < time.time() + 7 * 86400 + 60


def test_channels_of_one_resource_have_its_id_in_common(ada, hook):
    first, second = watch(ada, hook), watch(ada, hook)
    other = watch(ada, hook, add_calendar(ada))
    assert first["resourceId"] == second["resourceId"] != other["resourceId"]


# Messages.


def test_a_change_is_told(ada, hook):
    made = watch(ada, hook)
    add(ada)
    message = hook.next(channel_id=made["id"])
    assert message["resource-state"] == "exists"
    assert int(message["message-number"]) > 1 and message.body == b""


@pytest.mark.parametrize("method", ["patch", "delete", "import"])
def test_every_kind_of_change_is_told(ada, hook, method):
    event = add(ada)
    made = watch(ada, hook)
    if method == "patch":
        ada.events().patch(
            calendarId="primary", eventId=event["id"], body={"summary": "New"}).execute()
    elif method == "delete":
        ada.events().delete(calendarId="primary", eventId=event["id"]).execute()
    else:
        ada.events().import_(
            calendarId="primary", body=timed(iCalUID="fair-1@example.org")).execute()
    assert hook.next(channel_id=made["id"])["resource-state"] == "exists"


def test_message_numbers_grow(ada, hook):
    made = watch(ada, hook)
    numbers = []
    for _ in range(3):
        add(ada)
        numbers.append(int(hook.next(channel_id=made["id"])["message-number"]))
    assert numbers == sorted(set(numbers)) and numbers[0] > 1


def test_the_message_leads_to_a_delta(ada, hook):
    _, token = everything(ada)
    made = watch(ada, hook)
    event = add(ada)
    hook.next(channel_id=made["id"])
    assert [item["id"] for item in everything(ada, syncToken=token)[0]] == [event["id"]]


def test_a_guest_is_told_of_the_organizers_change(ada, bob, hook):
    event = add(ada, timed(attendees=[{"email": "bob@example.com"}]))
    made = watch(bob, hook)
    ada.events().patch(
        calendarId="primary", eventId=event["id"], body={"location": "Lake"}).execute()
    assert hook.next(channel_id=made["id"])["resource-state"] == "exists"


def test_other_calendars_changes_are_not_told(ada, hook):
    garden = add_calendar(ada)
    of_garden, of_primary = watch(ada, hook, garden), watch(ada, hook)
    add(ada)
    assert hook.next()["channel-id"] == of_primary["id"]
    add(ada, calendar=garden)
    assert hook.next()["channel-id"] == of_garden["id"]


@pytest.mark.parametrize("what", ["calendarList", "acl", "settings"])
def test_other_lists_can_be_watched(google, ada, hook, what):
    garden = add_calendar(ada)
    lists = {"calendarList": ada.calendarList(), "acl": ada.acl(), "settings": ada.settings()}
    where = {"calendarId": garden} if what == "acl" else {}
    made = lists[what].watch(body=channel(hook), **where).execute()
    assert hook.next(channel_id=made["id"])["resource-state"] == "sync"
    if what == "calendarList":
        add_calendar(ada)
    elif what == "acl":
        ada.acl().insert(calendarId=garden, sendNotifications=False, body={
            "scope": {"type": "user", "value": "bob@example.com"}, "role": "reader"}).execute()
    else:
        # The API changes no settings; a seed stands for the user in the web page.
        google.control("POST", "seed", {"accounts": [
            {"email": "ada@example.com", "settings": [{"id": "locale", "value": "fr"}]}]})
    assert hook.next(channel_id=made["id"])["resource-state"] == "exists"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_hook_in_trouble_is_told_again(ada, hook, status):
    made = watch(ada, hook)
    hook.answers = [status]
    add(ada)
    refused = hook.next(channel_id=made["id"])
    again = hook.next(channel_id=made["id"], seconds=20)
    assert refused["resource-state"] == again["resource-state"] == "exists"


@pytest.mark.parametrize("status", [201, 202, 204, 400, 404, 410])
def test_other_answers_end_the_matter(ada, hook, status):
    made = watch(ada, hook)
    hook.answers = [status]
    add(ada)
    first = hook.next(channel_id=made["id"])
    add(ada, timed("Second"))
    second = hook.next(channel_id=made["id"])
    assert int(second["message-number"]) > int(first["message-number"])


# The end of a channel.


def test_a_stopped_channel_is_silent(ada, hook):
    stopped, living = watch(ada, hook), watch(ada, hook)
    assert stop(ada, stopped).execute() == ""
    for _ in range(2):
        add(ada)
        assert hook.next()["channel-id"] == living["id"]


def test_a_channel_stops_at_its_time(google, ada, hook):
    short = watch(ada, hook, params={"ttl": "60"})
    living = watch(ada, hook, params={"ttl": "7200"})
    google.advance(minutes=5)
    for _ in range(2):
        add(ada)
        assert hook.next()["channel-id"] == living["id"]
    assert refusal(stop(ada, short)).status == 404


@pytest.mark.parametrize("wrong", ["id", "resourceId"])
def test_an_unknown_channel_cannot_be_stopped(ada, hook, wrong):
    made = watch(ada, hook) | {wrong: "unknown"}
    error = refusal(stop(ada, made))
    assert (error.status, error.reason) == (404, "notFound")
    assert error.message.startswith(f"Channel '{made['id']}' not found for project '")


# What is no channel.


def test_an_id_is_used_once(ada, hook):
    made = watch(ada, hook)
    error = refusal(ada.events().watch(
        calendarId="primary", body=channel(hook, id=made["id"])))
    assert (error.status, error.reason) == (400, "channelIdNotUnique")
    assert error.message == f"Channel id {made['id']} not unique"


@pytest.mark.parametrize("changes", [
    {"id": ""}, {"id": "x" * 65}, {"id": "with space"}, {"id": None},
    {"type": "pigeon"}, {"type": None}, {"address": None}, {"address": "nonsense"},
    {"token": "x" * 257},
], ids=["empty id", "long id", "id of blanks", "no id", "type", "no type", "no address",
        "address", "long token"])
def test_a_channel_must_make_sense(ada, hook, changes):
    body = {k: v for k, v in channel(hook, **changes).items() if v is not None}
    assert refusal(ada.events().watch(calendarId="primary", body=body)).status == 400


def test_ids_and_tokens_may_be_this_long(ada, hook):
    made = watch(ada, hook, id="A-z_0+9/=" + "x" * 55, token="t" * 256)
    assert len(made["id"]) == 64


@pytest.mark.parametrize("address", [
    "https://hooks.garden.example/push", "http://192.0.2.7/push", "http://garden.example/push",
])
def test_nothing_outside_this_machine_is_ever_called(ada, hook, address):
    error = refusal(ada.events().watch(
        calendarId="primary", body=channel(hook, address=address)))
    assert error.status in (400, 401, 403)


def test_a_hook_that_is_not_on_this_machine_must_be_https(ada, hook):
    address = "http://garden.example/push"
    error = refusal(ada.events().watch(
        calendarId="primary", body=channel(hook, address=address)))
    assert (error.status, error.reason) == (400, "push.webhookUrlNotHttps")
    assert error.message == "WebHook callback must be HTTPS: " + address


def test_what_cannot_be_seen_cannot_be_watched(ada, hook):
    assert refusal(ada.events().watch(
        calendarId="bob@example.com", body=channel(hook))).status == 404
