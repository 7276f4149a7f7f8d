"""Short words for what most tests do with Google's client."""

import dataclasses
import json

import googleapiclient.errors
import pytest

PARIS = "Europe/Paris"


def timed(summary="Pump inspection", start="2026-11-09T10:00:00+01:00",
          end="2026-11-09T11:00:00+01:00", zone=PARIS, **more):
    """The body of an event with times."""
    return {
        "summary": summary,
        "start": {"dateTime": start, "timeZone": zone},
        "end": {"dateTime": end, "timeZone": zone},
    } | more


def all_day(summary="Fair", start="2026-11-09", end="2026-11-10", **more):
    """The body of an all-day event; its end is the day after the last."""
    return {"summary": summary, "start": {"date": start}, "end": {"date": end}} | more


def add(service, body=None, calendar="primary", **parameters):
    """Inserts an event."""
    return service.events().insert(
        calendarId=calendar, body=body or timed(), **parameters).execute()


def add_calendar(service, summary="Garden", **more):
    """Makes a secondary calendar and gives its id."""
    body = {"summary": summary, "timeZone": PARIS} | more
    return service.calendars().insert(body=body).execute()["id"]


def share(owner, calendar, user, role):
    """Gives somebody a role on a calendar, without mail."""
    return owner.acl().insert(
        calendarId=calendar, sendNotifications=False,
        body={"scope": {"type": "user", "value": user}, "role": role}).execute()


def everything(service, calendar="primary", **parameters):
    """Lists all pages, as every sync does: the events, and the token for the next time."""
    return all_pages(service.events().list, calendarId=calendar, **parameters)


def all_pages(method, **parameters):
    """Reads a list to its end: items, and the sync token if there is one."""
    items, token = [], None
    while True:
        page = method(pageToken=token, **parameters).execute()
        items += page.get("items", [])
        token = page.get("nextPageToken")
        if token is None:
            return items, page.get("nextSyncToken")


def summaries(items):
    return [item.get("summary") for item in items]


def only_if(request, etag):
    """Makes a write depend on the etag that was read."""
    request.headers["If-Match"] = etag
    return request


@dataclasses.dataclass(frozen=True)
class Refusal:
    """What is decided on when Google says no, and what people read."""

    status: int
    domain: str
    reason: str
    location: str
    location_type: str
    message: str
    headers: dict = dataclasses.field(compare=False)
    body: dict = dataclasses.field(compare=False)

    @classmethod
    def read(cls, status, text, headers):
        body = json.loads(text)
        assert body["error"]["code"] == status
        first = body["error"]["errors"][0]
        return cls(
            status, first.get("domain"), first.get("reason"), first.get("location"),
            first.get("locationType"), body["error"]["message"], dict(headers), body)


def refusal(request):
    """Sends a request of Google's client that must fail, and gives the error."""
    with pytest.raises(googleapiclient.errors.HttpError) as raised:
        request.execute()
    return read_error(raised.value)


def read_error(error):
    """The refusal in an exception of Google's client."""
    return Refusal.read(error.status_code, error.content, error.resp)
