"""gcsa, a library that people like for its Python objects, as it is: its hosts are built in."""

import datetime
import json
import pickle

import pytest
from beautiful_date import Nov, hours
from google.oauth2.credentials import Credentials
from gcsa.acl import AccessControlRule, ACLRole, ACLScopeType
from gcsa.attendee import Attendee, ResponseStatus
from gcsa.calendar import Calendar
from gcsa.conference import ConferenceSolutionCreateRequest, SolutionType
from gcsa.event import Event
from gcsa.google_calendar import GoogleCalendar, SendUpdatesMode
from gcsa.recurrence import DAILY, Recurrence
from gcsa.reminders import PopupReminder
from googleapiclient.errors import HttpError

from local_google import fixed_token

MORNING = (9 / Nov / 2026)[10:00]
WEEK = {"time_min": datetime.date(2026, 11, 8), "time_max": datetime.date(2026, 11, 16)}
PARIS = {"timezone": "Europe/Paris"}


@pytest.fixture
def calendar(fixed_hosts):
    return GoogleCalendar(credentials=Credentials(fixed_token("ada@example.com")))


def picnic(**more):
    return Event("Picnic", start=MORNING, end=MORNING + 1 * hours, **PARIS, **more)


def week(calendar, **more):
    return list(calendar.get_events(**WEEK, **PARIS, **more))


def test_it_signs_in_with_a_browser_and_keeps_the_token(fixed_hosts, browser, tmp_path):
    secrets = tmp_path / "credentials.json"
    secrets.write_text(json.dumps(fixed_hosts.client_secrets()))
    calendar = GoogleCalendar(credentials_path=str(secrets), authentication_flow_port=0)
    assert week(calendar) == []
    kept = pickle.loads((tmp_path / "token.pickle").read_bytes())
    assert kept.refresh_token and GoogleCalendar(credentials_path=str(secrets))


def test_an_event_goes_there_and_back(calendar):
    made = calendar.add_event(picnic(
        location="Lake", description="Bring cake", color_id="5",
        reminders=PopupReminder(minutes_before_start=15)))
    read = calendar.get_event(made.id)
    assert (read.summary, read.location, read.color_id) == ("Picnic", "Lake", "5")
    assert read.start == made.start and read.end - read.start == datetime.timedelta(hours=1)
    assert read.reminders == [PopupReminder(minutes_before_start=15)]


def test_an_event_is_changed_and_deleted(calendar):
    event = calendar.add_event(picnic())
    event.summary = "Grand picnic"
    assert calendar.update_event(event).summary == "Grand picnic"
    calendar.delete_event(event)
    assert week(calendar) == []


def test_events_by_words_and_in_order(calendar):
    calendar.add_event(Event("Late pump", start=MORNING + 5 * hours, **PARIS))
    calendar.add_event(Event("Early pump", start=MORNING, **PARIS))
    calendar.add_event(Event("Board", start=MORNING + 2 * hours, **PARIS))
    found = week(calendar, query="pump", single_events=True, order_by="startTime")
    assert [event.summary for event in found] == ["Early pump", "Late pump"]


def test_pages_are_read_to_the_end(google, calendar):
    body = {"start": {"date": "2026-11-09"}, "end": {"date": "2026-11-10"}}
    google.plant("ada@example.com", [body | {"summary": str(n)} for n in range(30)])
    assert len(week(calendar, maxResults=7)) == 30


def test_a_series_and_its_instances(calendar):
    master = calendar.add_event(picnic(recurrence=Recurrence.rule(freq=DAILY, count=4)))
    days = list(calendar.get_instances(master, **WEEK, **PARIS))
    assert [event.start.day for event in days] == [9, 10, 11, 12]
    assert {event.recurring_event_id for event in days} == {master.id}
    calendar.delete_event(days[1])
    assert len(list(calendar.get_instances(master, **WEEK, **PARIS))) == 3


def test_an_all_day_event(calendar):
    calendar.add_event(Event("Fair", start=9 / Nov / 2026, end=11 / Nov / 2026))
    (read,) = week(calendar)
    assert (read.start, read.end) == (datetime.date(2026, 11, 9), datetime.date(2026, 11, 11))


def test_guests_and_mail(google, calendar):
    event = calendar.add_event(
        picnic(attendees=[Attendee("bob@example.com"), "visitor@elsewhere.example"]),
        send_updates=SendUpdatesMode.ALL)
    assert [guest.response_status for guest in event.attendees] == [ResponseStatus.NEEDS_ACTION] * 2
    assert google.mails() == 2


def test_a_meeting_is_asked_for(calendar):
    event = calendar.add_event(picnic(conference_solution=ConferenceSolutionCreateRequest(
        solution_type=SolutionType.HANGOUTS_MEET)))
    assert event.conference_solution.solution_type == SolutionType.HANGOUTS_MEET
    assert event.conference_solution.entry_points[0].uri.startswith("https://meet.google.com/")


def test_a_quick_event_a_move_and_an_import(calendar):
    garden = calendar.add_calendar(Calendar("Garden"))
    event = calendar.add_quick_event("Lunch on November 9 2026 12:30")
    moved = calendar.move_event(event, destination_calendar_id=garden.calendar_id)
    assert moved.event_id == event.event_id
    taken = calendar.import_event(picnic(iCalUID="picnic-1@example.org"))
    assert taken.other["iCalUID"] == "picnic-1@example.org"


def test_calendars_and_their_list(calendar):
    garden = calendar.add_calendar(Calendar("Garden", timezone="Europe/Paris"))
    assert "Garden" in [entry.summary for entry in calendar.get_calendar_list()]
    garden.description = "Beds"
    assert calendar.update_calendar(garden).description == "Beds"
    calendar.delete_calendar(garden)
    with pytest.raises(HttpError, match="404"):
        calendar.get_calendar(garden.calendar_id)


def test_rules(calendar):
    garden = calendar.add_calendar(Calendar("Garden")).calendar_id
    rule = calendar.add_acl_rule(AccessControlRule(
        role=ACLRole.READER, scope_type=ACLScopeType.USER, scope_value="bob@example.com"),
        calendar_id=garden)
    assert rule.acl_id == "user:bob@example.com"
    rule.role = ACLRole.WRITER
    assert calendar.update_acl_rule(rule, calendar_id=garden).role == ACLRole.WRITER
    calendar.delete_acl_rule(rule, calendar_id=garden)
    rules = [rule.acl_id for rule in calendar.get_acl_rules(calendar_id=garden)]
    assert rules == ["user:ada@example.com"]


def test_free_and_busy(calendar):
    calendar.add_event(picnic())
    (period,) = calendar.get_free_busy(**WEEK, **PARIS)
    assert (period.start.hour, period.end.hour) == (10, 11)


def test_settings_and_colours(calendar):
    assert calendar.get_settings().timezone
    assert len(calendar.list_event_colors()) == 11 and len(calendar.list_calendar_colors()) == 24
