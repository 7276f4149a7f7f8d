"""Programs with a key of their own: they sign their request for a token themselves."""

import base64
import json
import time

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import service_account

import local_google
from browsing import api_session
from local_google import Hosts
from signing_in import CALENDAR

TRANSPORT = Request()
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EMAIL = "robot@garden.iam.gserviceaccount.com"


def key_file(key=None):
    """The content of a service account's key file as Google's console hands it out."""
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()).decode()
    return {
        "type": "service_account", "project_id": "garden", "private_key_id": "key-1",
        "private_key": text, "client_email": EMAIL, "client_id": "113800000000000000001",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
    }


@pytest.fixture(scope="module")
def robot(tmp_path_factory):
    """A local Google that knows a service account, and the account's key file."""
    folder = tmp_path_factory.mktemp("robot")
    content = key_file()
    file = folder / "robot.json"
    file.write_text(json.dumps(content))
    with local_google.started(folder, "--auto-consent", "--client", str(file)) as running:
        yield running, content | {"token_uri": running.url + "/token"}


def credentials(content, scopes=(CALENDAR,), **more):
    return service_account.Credentials.from_service_account_info(
        content, scopes=list(scopes), **more)


def primary(google, token):
    with api_session(Hosts.loopback(google.url), token) as session:
        return session.get("calendars/primary").json()["id"]


def ask(google, content, **changes):
    """Asks for a token with an assertion made by hand."""
    now = int(time.time())
    claims = {
        "iss": EMAIL, "scope": CALENDAR, "aud": "https://oauth2.googleapis.com/token",
        "iat": now, "exp": now + 3600,
    } | changes
    signer = crypt.RSASigner.from_service_account_info(content)
    return requests.post(google.url + "/token", timeout=30, data={
        "grant_type": GRANT, "assertion": jwt.encode(signer, claims).decode()})


def test_a_service_account_has_a_calendar_of_its_own(robot):
    google, content = robot
    robots = credentials(content)
    robots.refresh(TRANSPORT)
    assert robots.valid and primary(google, robots.token) == EMAIL


def test_a_service_account_may_act_for_a_user(robot):
    google, content = robot
    robots = credentials(content, subject="bob@example.com")
    robots.refresh(TRANSPORT)
    assert primary(google, robots.token) == "bob@example.com"


def test_its_answer_holds_an_access_token_and_no_refresh_token(robot):
    answer = ask(*robot)
    assert answer.status_code == 200, answer.text
    assert answer.json()["token_type"] == "Bearer" and answer.json()["expires_in"] == 3599
    assert "refresh_token" not in answer.json()


def test_its_scopes_are_the_ones_it_signed_for(robot):
    google, content = robot
    reader = credentials(content, ["https://www.googleapis.com/auth/calendar.readonly"])
    reader.refresh(TRANSPORT)
    with api_session(Hosts.loopback(google.url), reader.token) as session:
        assert session.get("calendars/primary").status_code == 200
        assert session.post("calendars", json={"summary": "New"}).status_code == 403


def test_another_key_signs_for_nobody(robot):
    google, content = robot
    stranger = credentials(key_file() | {"token_uri": content["token_uri"]})
    with pytest.raises(RefreshError) as raised:
        stranger.refresh(TRANSPORT)
    assert raised.value.args[1]["error"] == "invalid_grant"


@pytest.mark.parametrize(("changes", "error"), [
    ({"iss": "nobody@garden.iam.gserviceaccount.com"}, "invalid_grant"),
    ({"iat": 1_700_000_000, "exp": 1_700_003_600}, "invalid_grant"),
    ({"aud": "https://example.com/token"}, "invalid_grant"),
    ({"scope": "https://www.googleapis.com/auth/calendar.everything"}, "invalid_scope"),
], ids=["unknown account", "expired", "for somebody else", "unknown scope"])
def test_a_wrong_assertion_is_refused(robot, changes, error):
    answer = ask(*robot, **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_an_assertion_must_be_a_token(robot):
    google, _ = robot
    text = base64.b64encode(b"nonsense").decode()
    answer = requests.post(
        google.url + "/token", data={"grant_type": GRANT, "assertion": text}, timeout=30)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
