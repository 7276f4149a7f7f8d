"""Signing in as a desktop program: a browser, a loopback redirect, PKCE, and a token at the end."""

import urllib.parse

import pytest
import requests
from google_auth_oauthlib.flow import InstalledAppFlow

from browsing import Person, redirect_of
from local_google import INSTALLED, WEB, Hosts
from signing_in import (
    CALENDAR, EMAIL, LOOPBACK, READONLY, authorization, exchange, flow_for, pkce, sign_in,
)


# The whole way, with a browser.


def test_a_desktop_program_signs_in(google, hosts, browser, service_for):
    flow = InstalledAppFlow.from_client_config(hosts.client_secrets(), [CALENDAR])
    credentials = flow.run_local_server(
        host="localhost", port=0, timeout_seconds=20, authorization_prompt_message="")
    assert credentials.valid and credentials.refresh_token
    assert credentials.granted_scopes == [CALENDAR]
    assert service_for(credentials).calendars().get(
        calendarId="primary").execute()["id"] == "ada@example.com"


def test_the_flow_proves_itself_by_pkce(google, hosts, browser):
    flow = InstalledAppFlow.from_client_config(hosts.client_secrets(), [CALENDAR])
    flow.run_local_server(port=0, timeout_seconds=20, authorization_prompt_message="")
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(browser.visits[0]).query)
    assert len(flow.code_verifier) == 128
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"][0].startswith("http://localhost:")


def test_the_browser_comes_back_with_code_state_and_scope(google, hosts):
    back = redirect_of(authorization(hosts))
    assert back["code"].startswith("4/")
    assert (back["state"], back["scope"]) == ("s-1", CALENDAR)


@pytest.mark.parametrize("path", ["/o/oauth2/v2/auth", "/o/oauth2/auth"])
def test_the_older_address_is_the_same(google, hosts, path):
    query = urllib.parse.urlsplit(authorization(hosts)).query
    assert redirect_of(hosts.accounts + path + "?" + query)["code"]


@pytest.mark.parametrize("path", ["/token", "/o/oauth2/token", "/oauth2/v4/token"])
def test_the_token_endpoint_has_older_addresses(google, hosts, path):
    host = {"/token": hosts.oauth, "/o/oauth2/token": hosts.accounts}.get(path, hosts.api)
    code = redirect_of(authorization(hosts))["code"]
    answer = requests.post(host + path, timeout=30, data={
        "grant_type": "authorization_code", "code": code, "redirect_uri": LOOPBACK,
        "client_id": INSTALLED["client_id"], "client_secret": INSTALLED["client_secret"]})
    assert answer.status_code == 200 and answer.json()["access_token"]


def test_a_hint_chooses_the_user(google, hosts, service_for):
    flow = flow_for(hosts)
    address, _ = flow.authorization_url(login_hint="bob@example.com")
    flow.fetch_token(code=redirect_of(address)["code"])
    assert service_for(flow.credentials).calendars().get(
        calendarId="primary").execute()["id"] == "bob@example.com"


# What comes back from the token endpoint.


def test_what_a_token_answer_holds(google, hosts):
    code = redirect_of(authorization(hosts, access_type="offline"))["code"]
    answer = exchange(hosts, code)
    assert answer.headers["Content-Type"].lower() == "application/json; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    token = answer.json()
    assert (token["expires_in"], token["token_type"], token["scope"]) == (3599, "Bearer", CALENDAR)
    assert token["refresh_token"] and "id_token" not in token


def test_an_identity_token_comes_with_openid_only(google, hosts):
    assert sign_in(hosts, ["openid", EMAIL])["id_token"]


def test_short_scope_names_come_back_long(google, hosts):
    flow = flow_for(hosts, ["openid", "email"])
    address, _ = flow.authorization_url()
    token = flow.fetch_token(code=redirect_of(address)["code"])
    assert set(token["scope"]) == {"openid", EMAIL}


def test_a_web_program_gets_a_refresh_token_only_for_offline_access(google, hosts):
    assert "refresh_token" not in sign_in(hosts, kind="web", access_type="online")
    google.reset()
    assert sign_in(hosts, kind="web", access_type="offline")["refresh_token"]


def test_a_second_consent_brings_a_refresh_token_only_if_forced(google, hosts):
    assert sign_in(hosts, kind="web", access_type="offline")["refresh_token"]
    assert "refresh_token" not in sign_in(hosts, kind="web", access_type="offline")
    again = sign_in(hosts, kind="web", access_type="offline", prompt="consent")
    assert again["refresh_token"]


@pytest.mark.parametrize("dash", ["-", "%2D"])
def test_the_client_may_prove_itself_in_the_header(google, hosts, dash):
    # Google's flow sends HTTP Basic as it is; RFC 6749 form-encodes both parts before.
    code = redirect_of(authorization(hosts))["code"]
    basic = (INSTALLED["client_id"], INSTALLED["client_secret"].replace("-", dash))
    answer = requests.post(hosts.oauth + "/token", auth=basic, timeout=30, data={
        "grant_type": "authorization_code", "code": code, "redirect_uri": LOOPBACK})
    assert answer.status_code == 200, answer.text


# Which redirects are allowed.


@pytest.mark.parametrize("redirect", [
    "http://127.0.0.1:1/", "http://127.0.0.1:54321/some/path", "http://localhost:8080",
    "http://localhost:8080/", "http://[::1]:4711/", "http://localhost/",
])
def test_a_desktop_program_may_use_any_loopback_port_and_path(google, hosts, redirect):
    answer = requests.get(
        authorization(hosts, redirect_uri=redirect), allow_redirects=False, timeout=30)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(redirect + "?")


@pytest.mark.parametrize("redirect", [
    "http://garden.example/", "https://localhost.garden.example:80/", "http://10.0.0.7:80/",
])
def test_a_desktop_program_may_use_no_other_host(google, hosts, redirect):
    answer = requests.get(
        authorization(hosts, redirect_uri=redirect), allow_redirects=False, timeout=30)
    assert answer.status_code == 400 and "redirect_uri_mismatch" in answer.text
    assert "Location" not in answer.headers


def test_the_copied_code_is_a_thing_of_the_past(google, hosts):
    answer = requests.get(
        authorization(hosts, redirect_uri="urn:ietf:wg:oauth:2.0:oob"), timeout=30)
    assert answer.status_code == 400 and "invalid_request" in answer.text


@pytest.mark.parametrize(("redirect", "status"), [
    (WEB["redirect_uris"][0], 302),
    (WEB["redirect_uris"][0] + "/", 400),
    (WEB["redirect_uris"][0] + "?more=1", 400),
    ("http://localhost:8080/", 400),
])
def test_a_web_program_may_use_its_very_redirect_only(google, hosts, redirect, status):
    answer = requests.get(
        authorization(hosts, client_id=WEB["client_id"], redirect_uri=redirect),
        allow_redirects=False, timeout=30)
    assert answer.status_code == status


@pytest.mark.parametrize(("changes", "status", "error"), [
    ({"client_id": "nobody.apps.googleusercontent.com"}, 401, "invalid_client"),
    ({"client_id": None}, 400, "invalid_request"),
    ({"response_type": None}, 400, "invalid_request"),
    ({"redirect_uri": None}, 400, "invalid_request"),
    ({"scope": "https://www.googleapis.com/auth/calendar.everything"}, 400, "invalid_scope"),
])
def test_a_wrong_request_shows_a_page_and_goes_nowhere(google, hosts, changes, status, error):
    answer = requests.get(authorization(hosts, **changes), allow_redirects=False, timeout=30)
    assert (answer.status_code, "Location" in answer.headers) == (status, False)
    assert answer.headers["Content-Type"].startswith("text/html") and error in answer.text


# The code is worth one exchange, soon, by who asked for it.


@pytest.mark.parametrize(("wrong", "description"), [
    (None, "Missing code verifier."),
    ("w" * 64, "Invalid code verifier."),
])
def test_a_challenged_code_needs_its_verifier(google, hosts, wrong, description):
    _, challenge = pkce()
    code = redirect_of(authorization(
        hosts, code_challenge=challenge, code_challenge_method="S256"))["code"]
    answer = exchange(hosts, code, code_verifier=wrong)
    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_grant", "error_description": description}


@pytest.mark.parametrize("method", ["S256", "plain", None])
def test_both_ways_of_pkce_work_and_plain_is_the_default(google, hosts, method):
    verifier, challenge = pkce()
    code = redirect_of(authorization(
        hosts, code_challenge=challenge if method == "S256" else verifier,
        code_challenge_method=method))["code"]
    assert exchange(hosts, code, code_verifier=verifier).status_code == 200


def test_a_code_works_once(google, hosts):
    code = redirect_of(authorization(hosts))["code"]
    assert exchange(hosts, code).status_code == 200
    again = exchange(hosts, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_works_for_about_ten_minutes(google, hosts):
    code = redirect_of(authorization(hosts))["code"]
    google.advance(minutes=11)
    late = exchange(hosts, code)
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")


def test_a_code_belongs_to_its_client(google, hosts):
    code = redirect_of(authorization(hosts))["code"]
    answer = exchange(
        hosts, code, client_id=WEB["client_id"], client_secret=WEB["client_secret"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_code_belongs_to_its_redirect(google, hosts):
    code = redirect_of(authorization(hosts))["code"]
    answer = exchange(hosts, code, redirect_uri="http://127.0.0.1:1/")
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_grant", "redirect_uri_mismatch")


@pytest.mark.parametrize(("changes", "status", "error"), [
    ({"client_secret": "wrong"}, 401, "invalid_client"),
    ({"client_id": "nobody.apps.googleusercontent.com"}, 401, "invalid_client"),
    ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ({"code": None}, 400, "invalid_request"),
    ({"code": "4/0Nothing"}, 400, "invalid_grant"),
])
def test_a_wrong_exchange_is_refused_in_plain_words(google, hosts, changes, status, error):
    code = redirect_of(authorization(hosts))["code"]
    answer = exchange(hosts, code, **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert isinstance(answer.json()["error_description"], str)


@pytest.mark.parametrize(("changes", "description"), [
    ({"code": None}, "Missing required parameter: code"),
    ({"grant_type": "password"}, "Invalid grant_type: password"),
    ({"client_id": "nobody.apps.googleusercontent.com"}, "The OAuth client was not found."),
    ({"client_secret": "wrong"}, "The provided client secret is invalid."),
])
def test_the_token_endpoint_says_what_is_wrong(google, hosts, changes, description):
    code = redirect_of(authorization(hosts))["code"]
    assert exchange(hosts, code, **changes).json()["error_description"] == description


# People decide. A local Google that asks them shows a form.


@pytest.fixture
def asked(asking):
    """A flow whose authorization address is open in a browser."""
    asking.reset()
    flow = flow_for(Hosts.loopback(asking.url), ["openid", EMAIL, CALENDAR, READONLY])
    address, _ = flow.authorization_url(state="s-2")
    return flow, Person().open(address)


def test_the_person_is_asked_and_allows(asked):
    flow, person = asked
    assert person.page.status_code == 200
    back = person.press("Allow").redirect
    assert back["state"] == "s-2"
    assert set(flow.fetch_token(code=back["code"])["scope"]) == {
        "openid", EMAIL, CALENDAR, READONLY}


def test_the_person_denies(asked):
    _, person = asked
    assert person.press("Deny").redirect == {"error": "access_denied", "state": "s-2"}


def test_the_person_grants_less_than_was_asked(asked):
    flow, person = asked
    back = person.press("Allow", without=["auth/calendar"]).redirect
    flow.fetch_token(code=back["code"])
    assert set(flow.credentials.granted_scopes) == {"openid", EMAIL}


def test_without_a_person_nothing_is_granted(asking):
    asking.reset()
    address = authorization(Hosts.loopback(asking.url), prompt="none")
    error = redirect_of(address)["error"]
    assert error in ("interaction_required", "login_required", "consent_required")
