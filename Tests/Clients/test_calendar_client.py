"""Google's own Python clients against a local Google: sign-in, Calendar, batch.

Needs a running local Google with automatic consent whose address is in TANDEM_GOOGLE_URL, and the
packages google-api-python-client, google-auth-oauthlib and requests. See README.md beside.
"""

import json
import os
import pathlib
import unittest
import urllib.error
import urllib.parse
import urllib.request
import uuid

os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")
os.environ.setdefault("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")

import googleapiclient.discovery_cache
import google.auth.transport.requests
import google.oauth2.id_token
import google_auth_oauthlib.flow
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

BASE = os.environ.get("TANDEM_GOOGLE_URL", "").rstrip("/")
SCOPES = [
    "openid",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/calendar",
]
CLIENT = {
    "installed": {
        "client_id": "tandem-local",
        "client_secret": "tandem-local-secret",
        "auth_uri": BASE + "/o/oauth2/auth",
        "token_uri": BASE + "/token",
        "redirect_uris": ["http://localhost"],
    }
}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Stops at a redirect, so that its address can be read."""

    def redirect_request(self, *_):
        return None


def control(method, path, body=None):
    """Calls the control API."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{BASE}/_emulator/{path}", data=data, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def sign_in():
    """Goes through the installed-app flow with PKCE, as a browser would."""
    flow = google_auth_oauthlib.flow.InstalledAppFlow.from_client_config(CLIENT, SCOPES)
    flow.redirect_uri = "http://localhost:59999/"
    address, _ = flow.authorization_url()
    try:
        urllib.request.build_opener(NoRedirect).open(address)
        raise AssertionError("no redirect; is automatic consent on?")
    except urllib.error.HTTPError as error:
        assert error.code == 302, error.read()
        location = error.headers["Location"]
    flow.fetch_token(authorization_response=location)
    return flow.credentials


def service(credentials):
    """The bundled discovery document with its addresses turned to the local Google."""
    folder = pathlib.Path(googleapiclient.discovery_cache.__file__).parent / "documents"
    document = json.loads((folder / "calendar.v3.json").read_text())
    for name in ("rootUrl", "mtlsRootUrl"):
        document[name] = BASE + "/"
    document["baseUrl"] = BASE + "/calendar/v3/"
    return build_from_document(document, credentials=credentials)


@unittest.skipUnless(BASE, "TANDEM_GOOGLE_URL is not set")
class CalendarClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        control("DELETE", "faults")
        cls.credentials = sign_in()
        cls.service = service(cls.credentials)
        cls.calendar = cls.service.calendars().insert(
            body={"summary": "Test " + uuid.uuid4().hex, "timeZone": "Europe/Paris"}
        ).execute()["id"]

    @classmethod
    def tearDownClass(cls):
        cls.service.calendars().delete(calendarId=cls.calendar).execute()
        cls.service.close()

    def event(self, summary, **more):
        body = {
            "summary": summary,
            "start": {"dateTime": "2026-11-10T10:00:00+01:00", "timeZone": "Europe/Paris"},
            "end": {"dateTime": "2026-11-10T11:00:00+01:00", "timeZone": "Europe/Paris"},
        } | more
        return self.service.events().insert(calendarId=self.calendar, body=body).execute()

    def everything(self, **parameters):
        items, token = [], None
        while True:
            page = self.service.events().list(
                calendarId=self.calendar, pageToken=token, **parameters
            ).execute()
            items += page["items"]
            token = page.get("nextPageToken")
            if not token:
                return items, page.get("nextSyncToken")

    def test_identity_token_is_signed_with_the_published_key(self):
        transport = google.auth.transport.requests.Request()
        claims = google.oauth2.id_token.verify_token(
            self.credentials.id_token,
            transport,
            audience="tandem-local",
            certs_url=BASE + "/oauth2/v1/certs",
            clock_skew_in_seconds=60,
        )
        self.assertEqual(claims["iss"], "https://accounts.google.com")
        self.assertIn("@", claims["email"])

    def test_refresh(self):
        before = self.credentials.token
        self.credentials.refresh(google.auth.transport.requests.Request())
        self.assertNotEqual(self.credentials.token, before)
        self.service.calendarList().list().execute()

    def test_a_401_is_refreshed_by_the_client(self):
        control("POST", "expire", {"what": "access-tokens"})
        self.service.calendarList().list().execute()

    def test_calendar_list(self):
        found = [
            entry
            for entry in self.service.calendarList().list().execute()["items"]
            if entry["id"] == self.calendar
        ]
        self.assertEqual([entry["accessRole"] for entry in found], ["owner"])

    def test_insert_get_patch_update_delete(self):
        made = self.event("Déjeuner 🍲")
        event_id = made["id"]
        events = self.service.events()
        read = events.get(calendarId=self.calendar, eventId=event_id).execute()
        self.assertEqual(read, made)
        patched = events.patch(
            calendarId=self.calendar, eventId=event_id, body={"location": "Lab"}
        ).execute()
        self.assertEqual((patched["summary"], patched["location"]), ("Déjeuner 🍲", "Lab"))
        stale = events.update(calendarId=self.calendar, eventId=event_id, body=patched)
        stale.headers["If-Match"] = made["etag"]
        with self.assertRaises(HttpError) as refused:
            stale.execute()
        self.assertEqual(refused.exception.status_code, 412)
        fresh = events.update(
            calendarId=self.calendar, eventId=event_id, body=patched | {"summary": "New"}
        )
        fresh.headers["If-Match"] = patched["etag"]
        self.assertEqual(fresh.execute()["summary"], "New")
        self.assertEqual(
            events.delete(calendarId=self.calendar, eventId=event_id).execute(), ""
        )
        with self.assertRaises(HttpError) as gone:
            events.delete(calendarId=self.calendar, eventId=event_id).execute()
        self.assertEqual(gone.exception.status_code, 410)
        self.assertEqual(gone.exception.error_details[0]["reason"], "deleted")

    def test_instances_and_exceptions(self):
        series = self.event("Series", recurrence=["RRULE:FREQ=DAILY;COUNT=4"])
        events = self.service.events()
        instances = events.instances(
            calendarId=self.calendar, eventId=series["id"]
        ).execute()["items"]
        self.assertEqual(len(instances), 4)
        self.assertEqual(instances[1]["id"], series["id"] + "_20261111T090000Z")
        events.patch(
            calendarId=self.calendar, eventId=instances[1]["id"], body={"summary": "Other"}
        ).execute()
        events.delete(calendarId=self.calendar, eventId=instances[2]["id"]).execute()
        left = events.instances(
            calendarId=self.calendar, eventId=series["id"]
        ).execute()["items"]
        self.assertEqual([item["summary"] for item in left], ["Series", "Other", "Series"])
        events.delete(calendarId=self.calendar, eventId=series["id"]).execute()

    def test_incremental_sync(self):
        kept = self.event("Kept")
        _, token = self.everything(maxResults=2)
        made = self.event("Made")
        changed = self.service.events().patch(
            calendarId=self.calendar, eventId=kept["id"], body={"summary": "Changed"}
        ).execute()
        items, token = self.everything(syncToken=token, maxResults=1)
        self.assertEqual([item["id"] for item in items], [made["id"], changed["id"]])
        self.service.events().delete(calendarId=self.calendar, eventId=made["id"]).execute()
        items, token = self.everything(syncToken=token)
        self.assertEqual([item["status"] for item in items], ["cancelled"])
        control("POST", "expire", {"what": "calendar-cursors", "calendar": self.calendar})
        with self.assertRaises(HttpError) as expired:
            self.everything(syncToken=token)
        self.assertEqual(expired.exception.status_code, 410)
        self.assertEqual(expired.exception.error_details[0]["reason"], "fullSyncRequired")

    def test_a_query_too_long_for_an_address(self):
        event = self.event("Long", extendedProperties={"private": {"k": "v" * 900}})
        wanted = ["k=" + "v" * 900] * 3
        items = self.service.events().list(
            calendarId=self.calendar, privateExtendedProperty=wanted
        ).execute()["items"]
        self.assertEqual([item["id"] for item in items], [event["id"]])

    def test_batch(self):
        answers, failures = {}, {}

        def noted(request_id, answer, error):
            answers[request_id] = answer
            if error:
                failures[request_id] = error.status_code

        batch = self.service.new_batch_http_request(callback=noted)
        body = {"start": {"date": "2026-11-10"}, "end": {"date": "2026-11-11"}}
        long_id = "an-id-that-is-so-long-that-its-header-is-folded-" + "x" * 60
        events = self.service.events()
        batch.add(
            events.insert(calendarId=self.calendar, body=body | {"summary": "A"}),
            request_id=long_id,
        )
        batch.add(events.get(calendarId=self.calendar, eventId="nothere"), request_id="missing")
        batch.add(self.service.colors().get(), request_id="colours")
        batch.execute()
        self.assertEqual(answers[long_id]["summary"], "A")
        self.assertEqual(failures, {"missing": 404})
        self.assertEqual(len(answers["colours"]["event"]), 11)
        removal = self.service.new_batch_http_request(callback=noted)
        removal.add(
            events.delete(calendarId=self.calendar, eventId=answers[long_id]["id"]),
            request_id="removal",
        )
        removal.execute()
        self.assertNotIn("removal", failures)

    def test_a_batch_part_with_a_dead_token_is_sent_again(self):
        answers = {}
        control("POST", "expire", {"what": "access-tokens"})
        batch = self.service.new_batch_http_request(
            callback=lambda request_id, answer, error: answers.update({request_id: answer or error})
        )
        batch.add(self.service.colors().get(), request_id="1")
        batch.execute()
        self.assertEqual(answers["1"]["kind"], "calendar#colors")

    def test_retries_of_the_client(self):
        control(
            "POST", "faults",
            {"api": "calendar", "method": "colors.get", "times": 2, "status": 503},
        )
        self.service.colors().get().execute(num_retries=3)
        control("POST", "faults", {"api": "calendar", "method": "colors.get", "status": 403,
                                   "reason": "rateLimitExceeded"})
        self.service.colors().get().execute(num_retries=2)

    def test_free_busy_settings_and_access_rules(self):
        event = self.event("Busy")
        answer = self.service.freebusy().query(
            body={
                "timeMin": "2026-11-10T00:00:00Z", "timeMax": "2026-11-11T00:00:00Z",
                "items": [{"id": self.calendar}],
            }
        ).execute()
        self.assertTrue(answer["calendars"][self.calendar]["busy"])
        self.service.events().delete(calendarId=self.calendar, eventId=event["id"]).execute()
        self.assertEqual(
            self.service.settings().get(setting="timezone").execute()["value"], "Europe/Paris"
        )
        rule = self.service.acl().insert(
            calendarId=self.calendar,
            body={"scope": {"type": "user", "value": "guest@example.net"}, "role": "reader"},
        ).execute()
        self.assertEqual(rule["id"], "user:guest@example.net")
        self.service.acl().delete(calendarId=self.calendar, ruleId=rule["id"]).execute()


if __name__ == "__main__":
    unittest.main()
