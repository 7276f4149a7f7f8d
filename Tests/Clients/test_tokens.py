"""What becomes of tokens: refresh, death, revocation, scopes, and who their user is."""

import base64
import datetime
import hashlib
import json

import jwt
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import id_token
from google.oauth2.credentials import Credentials

from browsing import api_session, redirect_of
from calls import refusal, timed
from local_google import INSTALLED, Hosts, fixed_token
from signing_in import (
    CALENDAR, EMAIL, authorization, exchange, flow_for, sign_in, signed_in,
)

PROFILE = "https://www.googleapis.com/auth/userinfo.profile"
SCOPES = "https://www.googleapis.com/auth/"
TRANSPORT = Request()


def refresh(hosts, token, **changes):
    """Asks for a new access token by hand."""
    return requests.post(hosts.oauth + "/token", timeout=30, data={
        "grant_type": "refresh_token", "refresh_token": token,
        "client_id": INSTALLED["client_id"], "client_secret": INSTALLED["client_secret"],
    } | changes)


def works(hosts, token):
    """Whether an access token opens the calendar."""
    with api_session(hosts, token) as session:
        return session.get("calendars/primary").status_code == 200


# Refresh.


def test_a_refresh_brings_another_access_token(google, hosts):
    credentials = signed_in(hosts)
    before, kept = credentials.token, credentials.refresh_token
    credentials.refresh(TRANSPORT)
    assert credentials.token != before and credentials.refresh_token == kept
    assert works(hosts, credentials.token)


def test_a_refresh_answer_holds_no_refresh_token(google, hosts):
    answer = refresh(hosts, sign_in(hosts)["refresh_token"])
    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "expires_in", "scope", "token_type"}


def test_a_refresh_may_ask_for_fewer_scopes(google, hosts, service_for):
    token = signed_in(hosts, ["openid", EMAIL, CALENDAR]).refresh_token
    answer = refresh(hosts, token, scope="openid " + EMAIL).json()
    assert set(answer["scope"].split()) == {"openid", EMAIL}
    assert not works(hosts, answer["access_token"])


def test_a_refresh_may_not_ask_for_more(google, hosts):
    answer = refresh(hosts, signed_in(hosts, [EMAIL]).refresh_token, scope=CALENDAR)
    assert answer.status_code in (400, 403)
    assert answer.json()["error"] == "invalid_scope"


def test_an_access_token_lives_for_an_hour(google, hosts):
    token = sign_in(hosts)["access_token"]
    google.advance(minutes=58)
    assert works(hosts, token)
    google.advance(minutes=2)
    assert not works(hosts, token)


def test_the_client_refreshes_by_itself_once_the_hour_is_over(google, hosts, service_for):
    credentials = signed_in(hosts)
    before = credentials.token
    credentials.expiry = datetime.datetime(2020, 1, 1)
    service_for(credentials).colors().get().execute()
    assert credentials.token != before


def test_the_client_refreshes_by_itself_when_it_is_refused(google, hosts, service_for):
    credentials = signed_in(hosts)
    before = credentials.token
    google.expire("access-tokens")
    service_for(credentials).colors().get().execute()
    assert credentials.token != before


def test_a_token_file_is_enough_to_go_on(google, hosts, fixed_hosts, service_for):
    # Reading its own file, google-auth ignores the token_uri in it and asks Google.
    content = json.loads(signed_in(hosts).to_json())
    restored = Credentials.from_authorized_user_info(content | {"token": None})
    service_for(restored).colors().get().execute()
    assert restored.token


# Death.


def dead(credentials):
    """The answer to a refresh that must fail."""
    with pytest.raises(RefreshError) as raised:
        credentials.refresh(TRANSPORT)
    assert not raised.value.retryable
    return raised.value.args[1]


def test_a_dead_refresh_token_says_so(google, hosts):
    credentials = signed_in(hosts)
    google.expire("refresh-tokens")
    assert dead(credentials) == {
        "error": "invalid_grant", "error_description": "Token has been expired or revoked."}


def test_a_refresh_token_unused_for_six_months_dies(google, hosts):
    credentials = signed_in(hosts)
    google.advance(days=170)
    credentials.refresh(TRANSPORT)
    google.advance(days=170)
    credentials.refresh(TRANSPORT)
    google.advance(days=190)
    assert dead(credentials)["error"] == "invalid_grant"


def test_the_oldest_of_more_than_a_hundred_refresh_tokens_dies(google):
    hosts, tokens = Hosts.loopback(google.url), []
    address = authorization(hosts, access_type="offline", prompt="consent")
    with requests.Session() as session:
        for _ in range(101):
            code = redirect_of(address, session)["code"]
            tokens.append(exchange(hosts, code, session).json()["refresh_token"])
    assert refresh(hosts, tokens[0]).json()["error"] == "invalid_grant"
    assert refresh(hosts, tokens[1]).status_code == 200


def test_grants_of_a_program_under_test_end_after_a_week(google, hosts):
    google.switch(testingGrants=True)
    flow = flow_for(hosts)
    address, _ = flow.authorization_url()
    token = flow.fetch_token(code=redirect_of(address)["code"])
    assert token["refresh_token_expires_in"] in range(604_700, 604_801)
    google.advance(days=6)
    flow.credentials.refresh(TRANSPORT)
    google.advance(days=1)
    assert dead(flow.credentials)["error"] == "invalid_grant"


def test_a_program_under_test_may_know_who_one_is_for_longer(google, hosts):
    google.switch(testingGrants=True)
    credentials = signed_in(hosts, ["openid", EMAIL])
    google.advance(days=8)
    credentials.refresh(TRANSPORT)


def test_other_grants_do_not_say_when_they_end(google, hosts):
    assert "refresh_token_expires_in" not in sign_in(hosts)


def test_a_refresh_token_belongs_to_its_client(google, hosts):
    answer = refresh(hosts, sign_in(hosts)["refresh_token"], client_secret="wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_revoking_either_token_ends_the_grant(google, hosts, which, method):
    tokens = sign_in(hosts)
    answer = requests.request(
        method, hosts.oauth + "/revoke", timeout=30,
        **{"data" if method == "POST" else "params": {"token": tokens[which]}})
    assert (answer.status_code, answer.json()) == (200, {})
    assert not works(hosts, tokens["access_token"])
    assert refresh(hosts, tokens["refresh_token"]).json() == {
        "error": "invalid_grant", "error_description": "Token has been expired or revoked."}


def test_an_unknown_token_cannot_be_revoked(google, hosts):
    answer = requests.post(hosts.oauth + "/revoke", data={"token": "nothing"}, timeout=30)
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "invalid_token", "error_description": "Token expired or revoked"}


# Scopes.


@pytest.mark.parametrize(("scope", "allowed", "refused"), [
    ("calendar.readonly", ("GET", "calendars/primary/events"), ("POST", "calendars")),
    ("calendar.readonly", ("GET", "users/me/settings"), ("DELETE", "calendars/primary/events/x")),
    ("calendar.events", ("GET", "calendars/primary/events"), ("GET", "users/me/calendarList")),
    ("calendar.events.readonly", ("GET", "calendars/primary/events"),
     ("POST", "calendars/primary/events")),
    ("calendar.calendarlist.readonly", ("GET", "users/me/calendarList"),
     ("GET", "calendars/primary/events")),
    ("calendar.calendars.readonly", ("GET", "calendars/primary"), ("POST", "calendars")),
    ("calendar.settings.readonly", ("GET", "users/me/settings"), ("GET", "calendars/primary")),
    ("calendar.acls.readonly", ("GET", "calendars/primary/acl"),
     ("POST", "calendars/primary/acl")),
])
def test_a_scope_opens_what_it_names_and_nothing_else(google, hosts, scope, allowed, refused):
    token = sign_in(hosts, [SCOPES + scope])["access_token"]
    with api_session(hosts, token) as session:
        assert session.request(*allowed).status_code == 200
        answer = session.request(*refused, json={} if refused[0] == "POST" else None)
    assert answer.status_code == 403
    assert answer.json()["error"]["errors"][0]["reason"] == "insufficientPermissions"


def test_a_missing_scope_is_named(google, hosts, service_for):
    error = refusal(service_for(signed_in(hosts, [SCOPES + "calendar.readonly"])).events().insert(
        calendarId="primary", body=timed()))
    assert (error.status, error.reason) == (403, "insufficientPermissions")
    assert error.message == "Request had insufficient authentication scopes."
    assert 'error="insufficient_scope"' in error.headers["www-authenticate"]
    assert error.body["error"]["status"] == "PERMISSION_DENIED"
    assert "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in [
        detail.get("reason") for detail in error.body["error"]["details"]]


def test_a_bad_token_is_refused_in_all_words(google, hosts):
    with api_session(hosts, "ya29.nothing") as session:
        answer = session.get("calendars/primary")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="https://accounts.google.com/", error="invalid_token"')
    error = answer.json()["error"]
    assert (error["code"], error["status"]) == (401, "UNAUTHENTICATED")
    assert error["errors"] == [{
        "message": "Invalid Credentials", "domain": "global", "reason": "authError",
        "location": "Authorization", "locationType": "header"}]


def test_a_caller_without_any_token_is_not_signed_in(google, hosts):
    with api_session(hosts) as session:
        answer = session.get("calendars/primary")
    assert answer.status_code in (401, 403)
    assert answer.json()["error"]["status"] in ("UNAUTHENTICATED", "PERMISSION_DENIED")


def test_a_token_may_stand_in_the_address(google, hosts):
    with api_session(hosts) as session:
        answer = session.get(
            "calendars/primary", params={"access_token": fixed_token("bob@example.com")})
    assert answer.json()["id"] == "bob@example.com"


# Who the user is.


@pytest.fixture
def identity(google, hosts):
    """The tokens of somebody who told a program who they are."""
    return sign_in(hosts, ["openid", EMAIL, PROFILE, CALENDAR], nonce="n-7")


def claims_of(hosts, token, audience=INSTALLED["client_id"]):
    if hosts.fixed:
        return id_token.verify_oauth2_token(
            token, TRANSPORT, audience, clock_skew_in_seconds=10)
    return id_token.verify_token(
        token, TRANSPORT, audience, hosts.api + "/oauth2/v1/certs", clock_skew_in_seconds=10)


def test_an_identity_token_is_signed_with_a_published_key(hosts, identity):
    claims = claims_of(hosts, identity["id_token"])
    assert claims["iss"] == "https://accounts.google.com"
    assert claims["aud"] == claims["azp"] == INSTALLED["client_id"]
    assert claims["email"] == "ada@example.com" and claims["sub"].isdigit()
    assert claims["nonce"] == "n-7" and claims["exp"] - claims["iat"] in (3599, 3600)


def test_an_identity_token_names_the_access_token(hosts, identity):
    digest = hashlib.sha256(identity["access_token"].encode()).digest()
    half = base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
    assert claims_of(hosts, identity["id_token"])["at_hash"] == half


def test_an_identity_token_is_for_one_program(hosts, identity):
    with pytest.raises(ValueError, match="audience"):
        claims_of(hosts, identity["id_token"], "another-program")


def test_a_changed_identity_token_is_no_longer_signed(hosts, identity):
    head, body, signature = identity["id_token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["email"] = "eve@example.com"
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    with pytest.raises(ValueError, match="signature"):
        claims_of(hosts, f"{head}.{body}.{signature}")


def test_the_keys_are_published_as_jwk_too(hosts, identity):
    keys = jwt.PyJWKClient(hosts.api + "/oauth2/v3/certs")
    keys.fetch_data = lambda: requests.get(keys.uri, timeout=30).json()
    claims = jwt.decode(
        identity["id_token"], keys.get_signing_key_from_jwt(identity["id_token"]),
        algorithms=["RS256"], audience=INSTALLED["client_id"], leeway=10)
    assert claims["email"] == "ada@example.com"


def test_where_everything_is_can_be_discovered(google, hosts):
    found = requests.get(
        hosts.accounts + "/.well-known/openid-configuration", timeout=30).json()
    assert found["issuer"] == "https://accounts.google.com"
    for name in ("authorization_endpoint", "token_endpoint", "revocation_endpoint",
                 "userinfo_endpoint", "device_authorization_endpoint", "jwks_uri"):
        assert found[name].startswith("http")
    assert "S256" in found["code_challenge_methods_supported"]


@pytest.mark.parametrize("where", ["openid /v1/userinfo", "api /oauth2/v3/userinfo"])
def test_who_the_user_is(hosts, identity, where):
    host, path = where.split()
    answer = requests.get(getattr(hosts, host) + path, timeout=30,
                          headers={"Authorization": "Bearer " + identity["access_token"]}).json()
    assert (answer["email"], answer["email_verified"]) == ("ada@example.com", True)
    assert answer["sub"] == claims_of(hosts, identity["id_token"])["sub"]
    assert {"name", "given_name", "picture"} <= set(answer)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_who_the_user_is_in_older_words(hosts, identity, version):
    answer = requests.get(f"{hosts.api}/oauth2/{version}/userinfo", timeout=30,
                          headers={"Authorization": "Bearer " + identity["access_token"]}).json()
    assert (answer["email"], answer["verified_email"]) == ("ada@example.com", True)
    assert answer["id"] == claims_of(hosts, identity["id_token"])["sub"]
    assert "sub" not in answer


def test_who_the_user_is_stays_hidden_without_the_scope(google, hosts):
    token = sign_in(hosts, [CALENDAR])["access_token"]
    answer = requests.get(hosts.openid + "/v1/userinfo", timeout=30,
                          headers={"Authorization": "Bearer " + token})
    assert answer.status_code in (401, 403)


def test_a_bad_token_tells_nobody(google, hosts):
    answer = requests.get(hosts.openid + "/v1/userinfo", timeout=30,
                          headers={"Authorization": "Bearer nothing"})
    assert (answer.status_code, answer.json()) == (
        401, {"error": "invalid_request", "error_description": "Invalid Credentials"})


@pytest.mark.parametrize("where", ["oauth /tokeninfo", "api /oauth2/v3/tokeninfo"])
def test_what_a_token_is_worth_is_told_in_strings(hosts, identity, where):
    host, path = where.split()
    answer = requests.get(getattr(hosts, host) + path, timeout=30,
                          params={"access_token": identity["access_token"]}).json()
    assert all(isinstance(value, str) for value in answer.values())
    assert answer["aud"] == answer["azp"] == INSTALLED["client_id"]
    assert (answer["email"], answer["email_verified"]) == ("ada@example.com", "true")
    assert set(answer["scope"].split()) == {"openid", EMAIL, PROFILE, CALENDAR}
    assert answer["access_type"] == "offline" and 3500 < int(answer["expires_in"]) < 3600
    assert int(answer["exp"]) > 0


def test_a_bad_token_is_worth_nothing(google, hosts):
    answer = requests.get(hosts.oauth + "/tokeninfo", timeout=30,
                          params={"access_token": "nothing"})
    assert answer.status_code == 400
    assert answer.json()["error_description"] == "Invalid Value"
