"""Signing in on a television: a code on the screen, a page elsewhere, and polling meanwhile."""

import pytest
import requests

from browsing import Person
from local_google import INSTALLED
from signing_in import EMAIL

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CLIENT = {"client_id": INSTALLED["client_id"], "client_secret": INSTALLED["client_secret"]}


@pytest.fixture
def google(asking):
    """The local Google that asks people."""
    asking.reset()
    return asking


def begin(google, scope="openid " + EMAIL, **changes):
    return requests.post(google.url + "/device/code", timeout=30, data={
        "client_id": INSTALLED["client_id"], "scope": scope} | changes)


def poll(google, code, **changes):
    """Asks whether the person has answered; the clock is moved by the interval before."""
    google.advance(seconds=6)
    return requests.post(google.url + "/token", timeout=30, data={
        "grant_type": GRANT, "device_code": code} | CLIENT | changes)


def answer_page(google, user_code, button):
    """What a person does elsewhere: types the code, then presses a button."""
    person = Person().open(google.url + "/device")
    if "user_code" in person.page.text and button.lower() not in person.page.text.lower():
        person = person.press("", user_code=user_code)
        return person.press(button)
    return person.press(button, user_code=user_code)


def test_what_the_screen_shows(google):
    answer = begin(google)
    assert answer.status_code == 200
    shown = answer.json()
    assert shown["device_code"] and shown["verification_url"].endswith("/device")
    assert len(shown["user_code"].replace("-", "")) == 8
    assert (shown["expires_in"], shown["interval"]) == (1800, 5)


def test_waiting_is_an_error_of_its_own(google):
    answer = poll(google, begin(google).json()["device_code"])
    assert (answer.status_code, answer.json()) == (428, {
        "error": "authorization_pending", "error_description": "Precondition Required"})


def test_asking_too_often(google):
    code = begin(google).json()["device_code"]
    poll(google, code)
    answer = requests.post(google.url + "/token", timeout=30, data={
        "grant_type": GRANT, "device_code": code} | CLIENT)
    assert (answer.status_code, answer.json()) == (403, {
        "error": "slow_down", "error_description": "Forbidden"})


def test_the_person_allows(google):
    shown = begin(google).json()
    answer_page(google, shown["user_code"], "Allow")
    answer = poll(google, shown["device_code"])
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    assert tokens["refresh_token"] and tokens["id_token"] and tokens["token_type"] == "Bearer"
    assert set(tokens["scope"].split()) == {"openid", EMAIL}


def test_the_person_denies(google):
    shown = begin(google).json()
    answer_page(google, shown["user_code"], "Deny")
    answer = poll(google, shown["device_code"])
    assert (answer.status_code, answer.json()) == (403, {
        "error": "access_denied", "error_description": "Forbidden"})


def test_a_code_works_once(google):
    shown = begin(google).json()
    answer_page(google, shown["user_code"], "Allow")
    assert poll(google, shown["device_code"]).status_code == 200
    assert poll(google, shown["device_code"]).status_code == 400


def test_nobody_came_in_half_an_hour(google):
    code = begin(google).json()["device_code"]
    google.advance(minutes=31)
    answer = poll(google, code)
    assert (answer.status_code, answer.json()["error"]) == (400, "expired_token")


def test_a_made_up_code(google):
    answer = poll(google, "AH-1Nothing")
    assert (answer.status_code, answer.json()) == (400, {
        "error": "invalid_grant", "error_description": "Malformed device code."})


@pytest.mark.parametrize(("changes", "status", "error"), [
    ({"client_id": "nobody"}, 401, "invalid_client"),
    ({"client_secret": "wrong"}, 401, "invalid_client"),
    ({"grant_type": "urn:none"}, 400, "unsupported_grant_type"),
])
def test_a_wrong_poll(google, changes, status, error):
    answer = poll(google, begin(google).json()["device_code"], **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_an_unknown_program_gets_no_code(google):
    answer = begin(google, client_id="nobody")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("scope", ["calendar", "calendar.readonly", "contacts"])
def test_calendars_and_contacts_are_not_for_televisions(google, scope):
    answer = begin(google, "https://www.googleapis.com/auth/" + scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
