"""gcal_sync, with which Home Assistant mirrors calendars, as it is: an asynchronous client with a
sync loop, a store and an expansion of series of its own."""

import asyncio
import datetime

import aiohttp
import pytest
from gcal_sync.api import GoogleCalendarService, ListEventsRequest, SyncEventsRequest
from gcal_sync.auth import AbstractAuth
from gcal_sync.exceptions import ApiException, ApiForbiddenException, AuthException
from gcal_sync.model import DateOrDatetime, Event
from gcal_sync.store import InMemoryCalendarStore
from gcal_sync.sync import CalendarEventSyncManager, CalendarListSyncManager

from calls import add, add_calendar, everything, share, summaries, timed
from local_google import fixed_token

UTC = datetime.timezone.utc
MONDAY = datetime.datetime(2026, 11, 9, tzinfo=UTC)


class Auth(AbstractAuth):
    """What the library asks its users to write: where tokens come from."""

    def __init__(self, session, token):
        super().__init__(session)
        self.token = token

    async def async_get_access_token(self):
        return self.token


class Mirror:
    """Ada's calendar as Home Assistant keeps it."""

    def __init__(self, token, calendar="ada@example.com", **template):
        self.store = InMemoryCalendarStore()
        self.token, self.calendar, self.template = token, calendar, template

    def run(self, work):
        """Runs something with the library's service."""

        async def whole():
            # With `trust_env` the session takes the proxy from the environment.
            async with aiohttp.ClientSession(trust_env=True) as session:
                return await work(GoogleCalendarService(Auth(session, self.token)))

        return asyncio.run(whole())

    def manager(self, service):
        request = SyncEventsRequest(calendar_id=self.calendar, **self.template)
        return CalendarEventSyncManager(service, store=self.store, request_template=request)

    def sync(self):
        self.run(lambda service: self.manager(service).run())

    def events(self, days=7):
        """The events of some days, from the store alone, series expanded."""

        async def read(service):
            timeline = await self.manager(service).store_service.async_get_timeline()
            return list(timeline.overlapping(MONDAY, MONDAY + datetime.timedelta(days=days)))

        return self.run(read)

    def titles(self, days=7):
        return [event.summary for event in self.events(days)]


@pytest.fixture
def mirror(fixed_hosts):
    return Mirror(fixed_token("ada@example.com"))


def test_the_first_sync_reads_everything(ada, mirror):
    add(ada, timed("One"))
    add(ada, timed("Two"))
    mirror.sync()
    assert sorted(mirror.titles()) == ["One", "Two"]


def test_the_next_sync_asks_for_changes_only(google, ada, mirror):
    kept, doomed = add(ada, timed("Kept")), add(ada, timed("Doomed"))
    mirror.sync()
    ada.events().patch(
        calendarId="primary", eventId=kept["id"], body={"summary": "Changed"}).execute()
    ada.events().delete(calendarId="primary", eventId=doomed["id"]).execute()
    add(ada, timed("New"))
    google.forget_requests()
    mirror.sync()
    assert sorted(mirror.titles()) == ["Changed", "New"]
    (one,) = google.requests()
    assert "syncToken=" in one["query"]


def test_many_pages(google, mirror):
    google.plant("ada@example.com", [timed(f"Event {number}") for number in range(1200)])
    google.forget_requests()
    mirror.sync()
    assert len(mirror.events()) == 1200 and len(google.requests()) == 2


def test_an_ended_token_leads_to_a_full_sync(google, ada, mirror):
    lost = add(ada, timed("Lost"))
    mirror.sync()
    ada.events().delete(calendarId="primary", eventId=lost["id"]).execute()
    add(ada, timed("New"))
    google.expire("calendar-cursors")
    google.forget_requests()
    mirror.sync()
    assert mirror.titles() == ["New"]
    assert [item["status"] for item in google.requests()] == [410, 200]


def test_a_series_with_exceptions_is_expanded_as_google_does(ada, mirror):
    series = add(ada, timed("Watering", recurrence=["RRULE:FREQ=DAILY;COUNT=5"]))
    slots = [f"{series['id']}_202611{day:02}T090000Z" for day in (10, 11)]
    ada.events().patch(
        calendarId="primary", eventId=slots[0], body={"summary": "Pruning"}).execute()
    ada.events().delete(calendarId="primary", eventId=slots[1]).execute()
    mirror.sync()
    expanded, _ = everything(ada, singleEvents=True, orderBy="startTime")
    assert mirror.titles() == summaries(expanded) == [
        "Watering", "Pruning", "Watering", "Watering"]
    assert [event.start.value for event in mirror.events()] == [
        datetime.datetime.fromisoformat(item["start"]["dateTime"]) for item in expanded]


def test_an_exception_arrives_with_a_later_sync(ada, mirror):
    series = add(ada, timed("Watering", recurrence=["RRULE:FREQ=DAILY;COUNT=3"]))
    mirror.sync()
    ada.events().delete(
        calendarId="primary", eventId=series["id"] + "_20261110T090000Z").execute()
    mirror.sync()
    assert [event.start.value.day for event in mirror.events()] == [9, 11]


def test_the_list_of_calendars(ada, mirror):
    garden = add_calendar(ada, "Garden")
    store = InMemoryCalendarStore()

    async def synced(service):
        manager = CalendarListSyncManager(service, store=store)
        await manager.run()
        return (await manager.store_service.async_list_calendars()).calendars

    assert {entry.id: entry.summary for entry in mirror.run(synced)}[garden] == "Garden"
    other = add_calendar(ada, "Other")
    assert other in [entry.id for entry in mirror.run(synced)]


def test_an_event_is_added_and_read(ada, mirror):
    event = Event(
        summary="Picnic", start=DateOrDatetime(date_time=MONDAY.replace(hour=12)),
        end=DateOrDatetime(date_time=MONDAY.replace(hour=13)))
    mirror.run(lambda service: service.async_create_event(mirror.calendar, event))
    (made,) = everything(ada)[0]
    read = mirror.run(lambda service: service.async_get_event(mirror.calendar, made["id"]))
    assert read.summary == "Picnic" and read.start.value == MONDAY.replace(hour=12)


def test_an_event_is_changed_and_deleted(ada, mirror):
    event = add(ada)
    mirror.run(lambda service: service.async_patch_event(
        mirror.calendar, event["id"], {"summary": "New"}))
    assert summaries(everything(ada)[0]) == ["New"]
    mirror.run(lambda service: service.async_delete_event(mirror.calendar, event["id"]))
    assert everything(ada)[0] == []


def test_one_day_of_a_series_is_deleted_through_the_store(ada, mirror):
    series = add(ada, timed("Watering", recurrence=["RRULE:FREQ=DAILY;COUNT=3"]))
    mirror.sync()

    async def delete(service):
        await mirror.manager(service).store_service.async_delete_event(
            series["iCalUID"], series["id"] + "_20261110T090000Z")

    mirror.run(delete)
    mirror.sync()
    assert [event.start.value.day for event in mirror.events()] == [9, 11]


def test_a_listing_of_upcoming_events_in_order(ada, mirror):
    for hour in (15, 9, 12):
        add(ada, timed(
            f"At {hour}", f"2026-11-09T{hour:02}:00:00Z", f"2026-11-09T{hour:02}:30:00Z"))

    async def titles(service):
        pages = await service.async_list_events(ListEventsRequest(
            calendar_id=mirror.calendar, start_time=MONDAY,
            end_time=MONDAY + datetime.timedelta(days=1)))
        return [event.summary async for page in pages for event in page.items]

    assert mirror.run(titles) == ["At 9", "At 12", "At 15"]


def test_a_shared_calendar_is_mirrored_too(ada, bob, mirror):
    garden = add_calendar(ada)
    share(ada, garden, "bob@example.com", "reader")
    add(ada, calendar=garden)
    bobs = Mirror(fixed_token("bob@example.com"), garden)
    bobs.sync()
    assert bobs.titles() == ["Pump inspection"]


@pytest.mark.parametrize(("status", "reason", "error"), [
    (401, "authError", AuthException), (403, "forbidden", ApiForbiddenException),
    (500, "backendError", ApiException),
])
def test_errors_become_its_own(google, mirror, status, reason, error):
    google.fault(method="events.list", status=status, reason=reason)
    with pytest.raises(error):
        mirror.sync()


def test_an_unknown_token_is_a_matter_of_signing_in(fixed_hosts):
    with pytest.raises(AuthException):
        Mirror("ya29.nothing").sync()
