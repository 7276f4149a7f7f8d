"""Faults on demand, and what Google's own clients make of them."""

import datetime
import http.client
import time

import httplib2
import pytest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from googleapiclient.errors import HttpError

from calls import add, everything, read_error, refusal, summaries, timed
from signing_in import signed_in


def quickly(request):
    """Makes the client's own back-off short; the stubs are its own, for tests."""
    request._rand = lambda: 0.001
    return request


def colours(service, retries=0):
    return quickly(service.colors().get()).execute(num_retries=retries)


def calls(google, method="colors"):
    """How the requests for a resource were answered, in order."""
    return [item["status"] for item in google.requests() if method in item["path"]]


# What the client tries again by itself.


@pytest.mark.parametrize(("status", "reason"), [
    (500, "backendError"), (500, "internalError"), (502, "backendError"), (503, "backendError"),
    (504, "backendError"), (429, "rateLimitExceeded"), (403, "rateLimitExceeded"),
    (403, "userRateLimitExceeded"),
])
def test_the_client_tries_again(google, ada, status, reason):
    google.fault(method="colors.get", status=status, reason=reason, times=2)
    google.forget_requests()
    assert colours(ada, retries=3)["kind"] == "calendar#colors"
    assert calls(google) == [status, status, 200]


@pytest.mark.parametrize(("status", "reason", "domain"), [
    (400, "badRequest", "global"), (403, "quotaExceeded", "usageLimits"),
    (403, "dailyLimitExceeded", "usageLimits"), (403, "forbidden", "global"),
    (404, "notFound", "global"), (409, "conflict", "global"),
    (410, "fullSyncRequired", "calendar"), (412, "conditionNotMet", "global"),
])
def test_the_client_gives_up_at_once(google, ada, status, reason, domain):
    google.fault(method="colors.get", status=status, reason=reason)
    google.forget_requests()
    with pytest.raises(HttpError) as raised:
        colours(ada, retries=3)
    error = read_error(raised.value)
    assert (error.status, error.reason, error.domain) == (status, reason, domain)
    assert calls(google) == [status]


@pytest.mark.parametrize(("status", "reason", "message"), [
    (403, "rateLimitExceeded", "Rate Limit Exceeded"),
    (403, "userRateLimitExceeded", "User Rate Limit Exceeded"),
    (403, "quotaExceeded", "Calendar usage limits exceeded."),
    (409, "conflict", "Conflict"), (412, "conditionNotMet", "Precondition Failed"),
    (500, "backendError", "Backend Error"), (503, "backendError", "Backend Error"),
])
def test_a_fault_speaks_as_google_does(google, ada, status, reason, message):
    google.fault(method="colors.get", status=status, reason=reason)
    error = refusal(ada.colors().get())
    assert (error.status, error.reason, error.message) == (status, reason, message)


def test_when_to_come_back_is_said(google, ada):
    google.fault(method="colors.get", status=429, reason="rateLimitExceeded", retryAfter=7)
    assert refusal(ada.colors().get()).headers["retry-after"] == "7"


# Which requests a fault hits.


def test_a_fault_waits_for_its_turn(google, ada):
    google.fault(method="colors.get", status=503, nth=2, times=1)
    google.forget_requests()
    colours(ada)
    assert refusal(ada.colors().get()).status == 503
    colours(ada)
    assert calls(google) == [200, 503, 200]


def test_a_fault_hits_one_method_or_one_path(google, ada):
    google.fault(method="events.insert", status=503)
    google.fault(path="/settings/locale$", status=500)
    assert everything(ada)[0] == [] and ada.settings().get(setting="timezone").execute()
    assert refusal(ada.settings().get(setting="locale")).status == 500
    assert refusal(ada.events().insert(calendarId="primary", body=timed())).status == 503


def test_a_fault_is_taken_back(google, ada):
    one = google.fault(method="colors.get", status=503, times=100)
    assert refusal(ada.colors().get()).status == 503
    google.control("DELETE", "faults/" + one)
    colours(ada)


# Answers that never arrive.


@pytest.mark.parametrize(("cut", "applied"), [("before", False), ("after", True)])
def test_a_lost_answer_leaves_it_open_whether_the_write_was_done(google, ada, cut, applied):
    # The client's transport sends again what was cut, writes too, so more than one is cut.
    google.fault(method="events.insert", cut=cut, times=9)
    with pytest.raises((OSError, http.client.HTTPException, httplib2.HttpLib2Error)):
        ada.events().insert(calendarId="primary", body=timed(id="lost1")).execute()
    google.control("DELETE", "faults")
    # A chosen id makes the second try safe: either it is done now, or it had been done.
    second = ada.events().insert(calendarId="primary", body=timed(id="lost1"))
    if applied:
        assert refusal(second).reason == "duplicate"
    else:
        second.execute()
    assert len(everything(ada)[0]) == 1


def test_a_cut_connection_is_tried_again_by_the_client(google, ada):
    google.fault(method="colors.get", cut="before")
    assert colours(ada, retries=2)["kind"] == "calendar#colors"


def test_an_answer_may_be_slow(google, ada):
    google.fault(method="colors.get", delayMs=300)
    begun = time.monotonic()
    colours(ada)
    assert time.monotonic() - begun >= 0.3


def test_an_answer_may_be_cut_short(google, ada):
    google.fault(method="colors.get", status=200, body='{"kind": "calendar#col')
    # Google's client hands on as text what it cannot read.
    assert colours(ada) == '{"kind": "calendar#col'


def test_an_error_may_be_a_page(google, ada):
    google.fault(method="colors.get", status=502, body="<html>Bad Gateway</html>")
    with pytest.raises(HttpError) as raised:
        colours(ada)
    assert raised.value.status_code == 502 and b"Bad Gateway" in raised.value.content


# Listing in bad weather.


def test_a_listing_goes_on_after_a_throttled_page(google, ada):
    for number in range(4):
        add(ada, timed(f"N{number}"))
    google.fault(method="events.list", status=403, reason="rateLimitExceeded", nth=2)
    items, token = [], None
    while True:
        page = quickly(ada.events().list(
            calendarId="primary", maxResults=2, pageToken=token)).execute(num_retries=2)
        items += page["items"]
        token = page.get("nextPageToken")
        if not token:
            break
    assert sorted(summaries(items)) == ["N0", "N1", "N2", "N3"]


def test_a_full_sync_may_be_demanded_at_any_page(google, ada):
    _, token = everything(ada)
    google.fault(method="events.list", status=410, reason="fullSyncRequired")
    request = ada.events().list(calendarId="primary", syncToken=token)
    assert refusal(request).reason == "fullSyncRequired"
    assert everything(ada)[1]


# Signing in during bad weather.


def test_a_refused_request_is_sent_again_after_a_refresh(google, hosts, service_for):
    credentials = signed_in(hosts)
    before = credentials.token
    google.fault(method="colors.get", status=401, reason="authError")
    google.forget_requests()
    service_for(credentials).colors().get().execute()
    assert calls(google) == [401, 200] and credentials.token != before


def test_who_stays_refused_is_told_so(google, hosts, service_for):
    google.fault(method="colors.get", status=401, reason="authError", times=10)
    assert refusal(service_for(signed_in(hosts)).colors().get()).status == 401


def test_a_refresh_is_tried_again_when_the_token_endpoint_is_ill(google, hosts):
    credentials = signed_in(hosts)
    google.fault(api="oauth", path="/token$", status=503)
    google.forget_requests()
    credentials.refresh(Request())
    assert calls(google, "/token") == [503, 200]


def test_a_dead_grant_is_not_tried_again(google, hosts):
    credentials = signed_in(hosts)
    google.expire("refresh-tokens")
    google.forget_requests()
    with pytest.raises(RefreshError):
        credentials.refresh(Request())
    assert calls(google, "/token") == [400]


def test_many_calls_with_an_old_token_refresh_once(google, hosts, service_for):
    credentials = signed_in(hosts)
    credentials.expiry = datetime.datetime(2020, 1, 1)
    service = service_for(credentials)
    google.forget_requests()
    for _ in range(3):
        service.colors().get().execute()
    assert calls(google, "/token") == [200]


# What is counted.


def test_every_request_is_logged(google, ada):
    google.forget_requests()
    colours(ada)
    (one,) = google.requests()
    assert {"at", "api", "method", "path", "query", "status", "bytes"} <= set(one)
    assert (one["api"], one["method"], one["status"]) == ("calendar", "GET", 200)
    assert one["path"] == "/calendar/v3/colors" and one["bytes"] > 100
