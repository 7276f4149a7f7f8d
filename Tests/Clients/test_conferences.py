"""Conferences on events: asked for, made later, copied, kept by programs that do not know them."""

import pytest

from calls import add, everything, refusal, timed


def request_of(name="request-1", kind="hangoutsMeet"):
    return {"createRequest": {
        "requestId": name, "conferenceSolutionKey": {"type": kind}}}


def insert(service, conference, version=1, **more):
    return service.events().insert(
        calendarId="primary", conferenceDataVersion=version,
        body=timed(conferenceData=conference, **more))


def patch(service, event, body, version=1):
    return service.events().patch(calendarId="primary", eventId=event["id"], body=body,
                                  conferenceDataVersion=version)


def get(service, event):
    return service.events().get(calendarId="primary", eventId=event["id"]).execute()


def state(event):
    return event["conferenceData"]["createRequest"]["status"]["statusCode"]


ROOMS = {
    "conferenceId": "qzx-wvut-srp",
    "conferenceSolution": {
        "key": {"type": "addOn"}, "name": "Orbit Rooms", "iconUri": "https://orbit.example/i.png"},
    "entryPoints": [
        {"entryPointType": "video", "uri": "https://orbit.example/r/77", "label": "orbit.example"},
        {"entryPointType": "phone", "uri": "tel:+33-1-23-45-67-89", "pin": "4711"},
    ],
    "parameters": {"addOnParameters": {"parameters": {"room": "77"}}},
    "notes": "Bring a lamp",
}


# Asking Google for one.


def test_a_meeting_is_made_at_once(ada):
    event = insert(ada, request_of()).execute()
    conference = event["conferenceData"]
    assert state(event) == "success"
    assert conference["createRequest"]["requestId"] == "request-1"
    assert conference["conferenceSolution"]["key"] == {"type": "hangoutsMeet"}
    letters = conference["conferenceId"].split("-")
    assert [len(part) for part in letters] == [3, 4, 3]
    video = [e for e in conference["entryPoints"] if e["entryPointType"] == "video"]
    assert len(video) == 1 and video[0]["uri"] == event["hangoutLink"]
    assert event["hangoutLink"].startswith("https://meet.google.com/")


def test_a_meeting_may_take_a_while(google, ada):
    google.switch(conferenceCreation="pending", conferencePendingSeconds=None)
    event = insert(ada, request_of()).execute()
    assert state(event) == "pending"
    assert "entryPoints" not in event["conferenceData"] and "hangoutLink" not in event
    google.finish_conferences("success")
    ready = get(ada, event)
    assert state(ready) == "success" and ready["hangoutLink"]


def test_the_end_of_waiting_is_a_change(google, ada):
    google.switch(conferenceCreation="pending", conferencePendingSeconds=None)
    event = insert(ada, request_of()).execute()
    _, token = everything(ada)
    google.finish_conferences("success")
    told, _ = everything(ada, syncToken=token)
    assert [item["id"] for item in told] == [event["id"]]
    assert told[0]["etag"] != event["etag"] and state(told[0]) == "success"


def test_a_meeting_may_fail(google, ada):
    google.switch(conferenceCreation="pending", conferencePendingSeconds=None)
    event = insert(ada, request_of()).execute()
    google.finish_conferences("failure")
    failed = get(ada, event)
    assert state(failed) == "failure"
    assert not {"conferenceSolution", "entryPoints"} & set(failed["conferenceData"])
    assert "hangoutLink" not in failed


def test_a_meeting_may_fail_at_once(google, ada):
    google.switch(conferenceCreation="failure")
    assert state(insert(ada, request_of()).execute()) == "failure"


def test_the_same_request_again_is_ignored(ada):
    event = insert(ada, request_of()).execute()
    again = patch(ada, event, {"conferenceData": request_of()}).execute()
    assert again["hangoutLink"] == event["hangoutLink"]


def test_another_request_makes_another_meeting(ada):
    event = insert(ada, request_of()).execute()
    other = patch(ada, event, {"conferenceData": request_of("request-2")}).execute()
    assert other["hangoutLink"] != event["hangoutLink"]


@pytest.mark.parametrize("kind", ["eventHangout", "eventNamedHangout"])
def test_the_old_kinds_are_no_longer_made(ada, kind):
    error = refusal(insert(ada, request_of(kind=kind)))
    assert (error.status, error.message) == (400, "Invalid conference type value.")


# Versions: who does not say that conferences are known does not touch them.


def test_without_the_version_a_conference_is_ignored(ada):
    assert "conferenceData" not in insert(ada, request_of(), version=0).execute()


@pytest.mark.parametrize("method", ["patch", "update"])
def test_programs_that_know_no_conferences_keep_them(ada, method):
    event = insert(ada, request_of()).execute()
    body = {name: event[name] for name in ("start", "end")} | {"summary": "New"}
    changed = getattr(ada.events(), method)(
        calendarId="primary", eventId=event["id"], body=body).execute()
    assert changed["summary"] == "New"
    assert changed["conferenceData"] == event["conferenceData"]


def test_a_conference_is_cleared_with_null(ada):
    event = insert(ada, request_of()).execute()
    changed = patch(ada, event, {"conferenceData": None}).execute()
    assert "conferenceData" not in changed and "hangoutLink" not in changed


def test_clearing_needs_the_version_too(ada):
    event = insert(ada, request_of()).execute()
    changed = patch(ada, event, {"conferenceData": None}, version=0).execute()
    assert changed["conferenceData"] == event["conferenceData"]


# Conferences of other systems.


def test_a_conference_of_another_system_is_kept_whole(ada):
    event = insert(ada, ROOMS).execute()
    kept = event["conferenceData"]
    for name in ("conferenceId", "entryPoints", "parameters", "notes"):
        assert kept[name] == ROOMS[name]
    assert kept["conferenceSolution"]["name"] == "Orbit Rooms"


@pytest.mark.parametrize("without", [(), ("createRequest",)], ids=["as it was read", "bare"])
def test_a_conference_is_copied_to_another_event(ada, without):
    event = insert(ada, request_of()).execute()
    copy = insert(ada, {
        name: value for name, value in event["conferenceData"].items() if name not in without
    }).execute()
    assert copy["id"] != event["id"]
    assert copy["conferenceData"]["conferenceId"] == event["conferenceData"]["conferenceId"]
    assert copy["conferenceData"]["entryPoints"] == event["conferenceData"]["entryPoints"]


def test_a_signature_comes_back_unchanged(ada):
    event = insert(ada, ROOMS).execute()
    conference = event["conferenceData"]
    again = patch(ada, event, {"conferenceData": conference}).execute()
    assert again["conferenceData"].get("signature") == conference.get("signature")


def entry(kind="video", **more):
    uris = {"video": "https://o.example/1", "phone": "tel:+33123456789", "sip": "sip:1@o.example",
            "more": "https://o.example/more"}
    return {"entryPointType": kind, "uri": uris[kind]} | more


@pytest.mark.parametrize("points", [
    [],
    [entry(), entry(uri="https://o.example/2")],
    [entry("sip"), entry("sip", uri="sip:2@o.example")],
    [entry("more")],
    [entry(), entry("more"), entry("more")],
    [entry(uri="ftp://o.example/1")],
    [entry("phone", uri="https://o.example/1")],
    [entry("sip", uri="https://o.example/1")],
    [entry(uri="https://o.example/" + "x" * 1300)],
    [entry(label="x" * 513)],
    [entry(pin="1" * 129)],
    [entry(meetingCode="1" * 129)],
], ids=["none", "two videos", "two sips", "more alone", "two mores", "video by ftp",
        "phone by https", "sip by https", "long uri", "long label", "long pin", "long code"])
def test_entry_points_have_limits(ada, points):
    assert refusal(insert(ada, ROOMS | {"entryPoints": points})).status == 400


def test_every_kind_of_entry_point_together(ada):
    points = [entry(), entry("phone"), entry("phone", uri="tel:+4930123"), entry("sip"),
              entry("more")]
    event = insert(ada, ROOMS | {"entryPoints": points}).execute()
    assert len(event["conferenceData"]["entryPoints"]) == 5


def test_notes_have_a_limit(ada):
    assert refusal(insert(ada, ROOMS | {"notes": "x" * 2049})).status == 400


def test_entry_points_need_a_solution(ada):
    assert refusal(insert(ada, {"entryPoints": [entry()]})).status == 400


# What a system's own sync does: look for its conferences in a delta, write back if nobody else did.


def test_a_conference_is_found_in_a_delta(ada):
    _, token = everything(ada)
    add(ada)
    event = insert(ada, ROOMS).execute()
    told, _ = everything(ada, syncToken=token)
    ours = [item["id"] for item in told if item.get("conferenceData", {}).get(
        "conferenceSolution", {}).get("name") == "Orbit Rooms"]
    assert ours == [event["id"]]


def test_every_guest_sees_the_conference(ada, bob):
    event = insert(ada, ROOMS, attendees=[{"email": "bob@example.com"}]).execute()
    assert get(bob, event)["conferenceData"]["conferenceId"] == ROOMS["conferenceId"]
