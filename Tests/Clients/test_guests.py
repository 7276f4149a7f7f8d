"""Guests: each has a copy of the event with an answer of their own; Google would send mail."""

import pytest

from calls import add, add_calendar, everything, refusal, summaries, timed

BOB = {"email": "bob@example.com"}
ADA = {"email": "ada@example.com"}


def invite(service, *guests, **more):
    return add(service, timed("Picnic", attendees=list(guests) or [BOB], **more))


def get(service, event):
    return service.events().get(calendarId="primary", eventId=event["id"]).execute()


def patch(service, event, parameters=None, /, **members):
    return service.events().patch(
        calendarId="primary", eventId=event["id"], body=members, **parameters or {})


def own(event):
    return next(guest for guest in event["attendees"] if guest.get("self"))


def answer(service, event, response):
    """What a guest's program sends: the list as it was read, with the own entry changed."""
    mine = get(service, event)
    guests = [
        guest | {"responseStatus": response} if guest.get("self") else guest
        for guest in mine["attendees"]
    ]
    return patch(service, event, attendees=guests).execute()


def responses(event):
    return {guest["email"]: guest["responseStatus"] for guest in event["attendees"]}


# Copies.


def test_a_guest_has_a_copy_with_the_same_ids(ada, bob):
    event = invite(ada)
    copy = get(bob, event)
    assert (copy["id"], copy["iCalUID"]) == (event["id"], event["iCalUID"])
    assert (copy["summary"], copy["start"]) == (event["summary"], event["start"])
    assert [item["id"] for item in everything(bob)[0]] == [event["id"]]


def test_each_copy_marks_its_owner(ada, bob):
    event = invite(ada, ADA, BOB)
    copy = get(bob, event)
    assert own(event)["email"] == "ada@example.com"
    assert own(copy)["email"] == "bob@example.com"
    assert event["organizer"].get("self") is True and "self" not in copy["organizer"]


def test_guests_have_not_answered_and_the_organizer_comes(ada):
    event = invite(ada, ADA, BOB)
    assert responses(event) == {"ada@example.com": "accepted", "bob@example.com": "needsAction"}
    assert own(event)["organizer"] is True


@pytest.mark.parametrize("response", ["accepted", "declined", "tentative"])
def test_an_answer_reaches_the_organizer(ada, bob, response):
    event = invite(ada)
    assert own(answer(bob, event, response))["responseStatus"] == response
    assert responses(get(ada, event))["bob@example.com"] == response


def test_an_answer_reaches_the_other_guests(ada, bob, cleo):
    event = invite(ada, BOB, {"email": "cleo@example.com"})
    answer(bob, event, "accepted")
    assert responses(get(cleo, event))["bob@example.com"] == "accepted"


def test_a_guest_may_send_the_own_entry_alone(ada, bob, cleo):
    event = invite(ada, BOB, {"email": "cleo@example.com"})
    patch(bob, event, attendeesOmitted=True,
          attendees=[BOB | {"responseStatus": "accepted", "comment": "With cake"}]).execute()
    guests = get(ada, event)["attendees"]
    assert {guest["email"] for guest in guests} == {"bob@example.com", "cleo@example.com"}
    assert [guest.get("comment") for guest in guests] == ["With cake", None]


def test_the_organizers_change_reaches_the_guests(ada, bob):
    event = invite(ada)
    _, token = everything(bob)
    patch(ada, event, location="Lake").execute()
    assert get(bob, event)["location"] == "Lake"
    assert [item["location"] for item in everything(bob, syncToken=token)[0]] == ["Lake"]


def test_an_answer_survives_a_change_of_the_title(ada, bob):
    event = invite(ada)
    answer(bob, event, "accepted")
    patch(ada, event, summary="Grand picnic").execute()
    assert own(get(bob, event))["responseStatus"] == "accepted"


def test_what_is_everybodys_own_stays_with_each(ada, bob):
    event = invite(ada, colorId="1", extendedProperties={"private": {"whose": "ada"}})
    patch(bob, event, colorId="7", extendedProperties={"private": {"whose": "bob"}},
          reminders={"useDefault": False, "overrides": [{"method": "popup", "minutes": 1}]}
          ).execute()
    mine, his = get(ada, event), get(bob, event)
    assert (mine["colorId"], his["colorId"]) == ("1", "7")
    assert mine["extendedProperties"]["private"] == {"whose": "ada"}
    assert his["extendedProperties"]["private"] == {"whose": "bob"}
    assert mine["reminders"] == {"useDefault": True}


def test_shared_properties_are_shared(ada, bob):
    event = invite(ada, extendedProperties={"shared": {"room": "7"}})
    assert get(bob, event)["extendedProperties"] == {"shared": {"room": "7"}}


# What a guest may not do.


@pytest.mark.parametrize("members", [
    {"summary": "Mine now"}, {"location": "Elsewhere"},
    {"start": {"dateTime": "2026-11-09T09:00:00+01:00"}},
    {"extendedProperties": {"shared": {"a": "b"}}},
], ids=lambda members: next(iter(members)))
def test_a_guest_may_not_change_what_is_shared(ada, bob, members):
    event = invite(ada)
    error = refusal(patch(bob, event, **members))
    assert (error.status, error.domain, error.reason) == (
        403, "calendar", "forbiddenForNonOrganizer")
    assert error.message == (
        "Shared properties can only be changed by the organizer of the event.")


def test_a_guest_may_where_the_organizer_allows_it(ada, bob):
    event = invite(ada, guestsCanModify=True)
    patch(bob, event, location="Lake").execute()
    assert get(ada, event)["location"] == "Lake"


# Coming and going.


def test_somebody_who_is_no_longer_invited_sees_it_cancelled(ada, bob):
    event = invite(ada)
    _, token = everything(bob)
    patch(ada, event, attendees=[]).execute()
    told, _ = everything(bob, syncToken=token)
    assert [(item["id"], item["status"]) for item in told] == [(event["id"], "cancelled")]
    assert everything(bob)[0] == []


def test_somebody_who_is_invited_later_gets_a_copy(ada, cleo):
    event = invite(ada)
    patch(ada, event, attendees=[BOB, {"email": "cleo@example.com"}]).execute()
    assert summaries(everything(cleo)[0]) == ["Picnic"]


def test_the_organizers_deletion_cancels_every_copy(ada, bob):
    event = invite(ada)
    ada.events().delete(calendarId="primary", eventId=event["id"]).execute()
    assert get(bob, event)["status"] == "cancelled"
    assert everything(bob)[0] == []


def test_a_guests_deletion_is_a_refusal_to_come(ada, bob):
    event = invite(ada)
    bob.events().delete(calendarId="primary", eventId=event["id"]).execute()
    assert responses(get(ada, event))["bob@example.com"] == "declined"
    assert get(ada, event)["status"] == "confirmed"


def test_a_guest_of_a_series_answers_for_one_day(ada, bob):
    event = invite(ada, recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
    slot = {"id": event["id"] + "_20261110T090000Z"}
    answer(bob, slot, "declined")
    assert responses(get(ada, slot))["bob@example.com"] == "declined"
    assert responses(get(ada, event))["bob@example.com"] == "needsAction"


def test_a_move_away_leaves_the_former_organizer_a_copy_if_invited(ada):
    garden = add_calendar(ada)
    event = invite(ada, ADA, BOB)
    ada.events().move(calendarId="primary", eventId=event["id"], destination=garden).execute()
    assert get(ada, event)["status"] == "confirmed"
    assert get(ada, event)["organizer"]["email"] == garden


# Mail is never sent, but counted.


@pytest.mark.parametrize(("choice", "mails"), [
    ({}, 0), ({"sendUpdates": "none"}, 0), ({"sendUpdates": "all"}, 2),
    ({"sendUpdates": "externalOnly"}, 1), ({"sendNotifications": True}, 2),
], ids=["unsaid", "none", "all", "external", "old word"])
def test_who_would_get_mail(google, ada, choice, mails):
    # One guest has a calendar of Google's, the other does not.
    ada.events().insert(calendarId="primary", **choice, body=timed(
        attendees=[BOB, {"email": "visitor@elsewhere.example"}])).execute()
    assert google.mails() == mails


def test_a_change_and_a_deletion_are_told_if_asked_for(google, ada):
    event = invite(ada)
    patch(ada, event, {"sendUpdates": "all"}, location="Lake").execute()
    ada.events().delete(
        calendarId="primary", eventId=event["id"], sendUpdates="all").execute()
    assert google.mails() == 2


def test_an_unknown_choice_of_mail(ada):
    request = ada.events().insert(calendarId="primary", body=timed(), sendUpdates="none")
    request.uri = request.uri.replace("sendUpdates=none", "sendUpdates=some")
    assert refusal(request).status == 400


def test_the_guest_list_may_be_cut_to_oneself(ada, bob):
    event = invite(ada, BOB, *[{"email": f"g{number}@example.org"} for number in range(5)])
    copy = bob.events().get(
        calendarId="primary", eventId=event["id"], maxAttendees=1).execute()
    assert copy["attendeesOmitted"] is True
    assert [guest["email"] for guest in copy["attendees"]] == ["bob@example.com"]
