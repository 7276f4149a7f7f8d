"""HTTP as Google speaks it: compression, long addresses, errors, and what is no request at all."""

import json

import pytest
from googleapiclient.errors import HttpError

from browsing import api_session
from calls import add, refusal, timed


def first_error(answer):
    error = answer.json()["error"]
    assert error["code"] == answer.status_code and error["message"]
    return error["errors"][0]


# Compression, for those who ask for it twice.


def headers_of(request):
    seen = {}
    request.add_response_callback(seen.update)
    request.execute()
    return seen


def test_googles_client_gets_compressed_answers(google, ada):
    google.plant("ada@example.com", [timed(f"Event {number}") for number in range(50)])
    seen = headers_of(ada.events().list(calendarId="primary"))
    assert seen["-content-encoding"] == "gzip"  # What httplib2 makes of it once it is unpacked.


@pytest.mark.parametrize(("agent", "encoding", "packed"), [
    ("garden (gzip)", "gzip", True), ("garden (gzip)", "deflate, gzip;q=0.5", True),
    ("garden", "gzip", False), ("garden (gzip)", "identity", False),
])
def test_compression_needs_both_headers(google, api, agent, encoding, packed):
    google.plant("ada@example.com", [timed(f"Event {number}") for number in range(50)])
    answer = api.get("calendars/primary/events", headers={
        "User-Agent": agent, "Accept-Encoding": encoding})
    assert (answer.headers.get("Content-Encoding") == "gzip") == packed
    assert len(answer.json()["items"]) == 50


# Form.


def test_answers_are_json_in_utf_8(ada, api):
    event = add(ada, timed("Déjeuner 🍲"))
    answer = api.get("calendars/primary/events/" + event["id"])
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert json.loads(answer.content.decode())["summary"] == "Déjeuner 🍲"


@pytest.mark.parametrize(("pretty", "lines"), [(None, True), ("true", True), ("false", False)])
def test_answers_are_indented_unless_said_otherwise(api, pretty, lines):
    answer = api.get("colors", params={"prettyPrint": pretty} if pretty else {})
    assert ("\n" in answer.text.strip()) == lines


@pytest.mark.parametrize("parameter", ["alt=json", "quotaUser=u", "userIp=127.0.0.1", "key=k",
                                       "colour=blue"])
def test_parameters_of_every_method_and_unknown_ones(api, parameter):
    assert api.get("colors?" + parameter).status_code == 200


def test_a_long_query_travels_as_a_body(google, ada):
    # Google's client does this by itself when an address is longer than 2048 characters.
    event = add(ada, timed(extendedProperties={"private": {"k": "v" * 900}}))
    google.forget_requests()
    items = ada.events().list(
        calendarId="primary", privateExtendedProperty=["k=" + "v" * 900] * 3).execute()["items"]
    assert [item["id"] for item in items] == [event["id"]]
    (asked,) = google.requests()
    assert asked["apiMethod"] == "events.list" and len(asked["query"]) > 2048


@pytest.mark.parametrize(("method", "status"), [("PATCH", 200), ("DELETE", 204), ("PUT", 200)])
def test_the_method_may_stand_in_a_header(ada, api, method, status):
    event = add(ada)
    body = None if method == "DELETE" else timed("New")
    answer = api.post("calendars/primary/events/" + event["id"], json=body,
                      headers={"X-HTTP-Method-Override": method})
    assert answer.status_code == status
    now = api.get("calendars/primary/events/" + event["id"]).json()
    assert now["status"] == "cancelled" if method == "DELETE" else now["summary"] == "New"


# What is wrong with a request.


@pytest.mark.parametrize("body", ["{", "[1]", "nonsense", '"text"', '{"summary": "\\ud800'])
def test_a_body_that_is_no_object_is_a_parse_error(api, body):
    answer = api.post("calendars/primary/events", data=body,
                      headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert first_error(answer)["reason"] in ("parseError", "badRequest", "invalid")


@pytest.mark.parametrize(("path", "parameter"), [
    ("calendars/primary/events?maxResults=many", "maxResults"),
    ("calendars/primary/events?maxResults=-1", "maxResults"),
    ("calendars/primary/events?singleEvents=perhaps", "singleEvents"),
    ("calendars/primary/events?orderBy=colour", "orderBy"),
    ("users/me/calendarList?minAccessRole=king", "minAccessRole"),
])
def test_a_parameter_of_the_wrong_kind(api, path, parameter):
    answer = api.get(path)
    assert answer.status_code == 400
    assert first_error(answer)["location"] == parameter


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "nowhere", 404), ("GET", "calendars/primary/nowhere", 404),
    ("GET", "users/you/calendarList", 404),
])
def test_an_address_that_leads_nowhere(api, method, path, status):
    assert api.request(method, path).status_code == status


def test_every_error_has_one_shape(ada):
    error = refusal(ada.events().get(calendarId="primary", eventId="nothere"))
    assert error.body["error"]["errors"] == [
        {"domain": "global", "reason": "notFound", "message": "Not Found"}]


def test_the_client_tells_people_the_message(ada):
    request = ada.events().get(calendarId="primary", eventId="nothere")
    with pytest.raises(HttpError, match="404.*Not Found"):
        request.execute()


def test_the_control_api_is_not_googles(hosts, api):
    # It answers under a loopback name only: a program that was led here cannot reach it by mistake.
    if not hosts.fixed:
        pytest.skip("every name is a loopback name here: tandem has no `emulator exec`")
    assert api.get("/_emulator/requests").status_code in (403, 404)


# Limits of size.


def test_a_large_event_is_kept(ada):
    text = "All about pumps. " * 480
    assert add(ada, timed(description=text))["description"] == text


def test_an_enormous_body_does_not_stop_the_server(google, hosts, ada):
    with api_session(hosts, "token-of-ada@example.com") as session:
        try:
            answer = session.post("calendars/primary/events", data=b"x" * 70_000_000)
            assert answer.status_code in (400, 413)
        except OSError:
            pass  # Refused while it was still being sent.
    assert ada.colors().get().execute()["kind"] == "calendar#colors"
