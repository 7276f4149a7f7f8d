"""The steps of signing in, for the tests that begin with a token."""

import base64
import hashlib
import secrets
import urllib.parse

import requests
from google_auth_oauthlib.flow import Flow, InstalledAppFlow

from browsing import redirect_of
from local_google import INSTALLED, WEB

EMAIL = "https://www.googleapis.com/auth/userinfo.email"
CALENDAR = "https://www.googleapis.com/auth/calendar"
READONLY = "https://www.googleapis.com/auth/calendar.readonly"
LOOPBACK = "http://127.0.0.1:59999/"


def flow_for(hosts, scopes=(CALENDAR,), kind="installed", redirect=LOOPBACK, **more):
    """Google's flow at the point where its redirect is read by the test."""
    make = InstalledAppFlow if kind == "installed" else Flow
    flow = make.from_client_config(hosts.client_secrets(kind), list(scopes), **more)
    flow.redirect_uri = redirect if kind == "installed" else WEB["redirect_uris"][0]
    return flow


def sign_in(hosts, scopes=(CALENDAR,), kind="installed", **parameters):
    """The token answer of a whole sign-in."""
    flow = flow_for(hosts, scopes, kind)
    address, _ = flow.authorization_url(**parameters)
    return flow.fetch_token(code=redirect_of(address)["code"])


def signed_in(hosts, scopes=(CALENDAR,), **parameters):
    """google-auth's credentials after a whole sign-in as a desktop program."""
    flow = flow_for(hosts, scopes)
    address, _ = flow.authorization_url(**parameters)
    flow.fetch_token(code=redirect_of(address)["code"])
    return flow.credentials


def pkce():
    """A verifier and its S256 challenge."""
    verifier = secrets.token_urlsafe(64)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).decode().rstrip("=")


def authorization(hosts, **changes):
    """An authorization address by hand; `None` leaves a parameter out."""
    query = {
        "client_id": INSTALLED["client_id"], "redirect_uri": LOOPBACK, "response_type": "code",
        "scope": CALENDAR, "state": "s-1",
    } | changes
    query = {name: value for name, value in query.items() if value is not None}
    return hosts.accounts + "/o/oauth2/v2/auth?" + urllib.parse.urlencode(query)


def exchange(hosts, code, session=requests, /, **changes):
    """Asks the token endpoint by hand, with the client's secret in the body."""
    body = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": LOOPBACK,
        "client_id": INSTALLED["client_id"], "client_secret": INSTALLED["client_secret"],
    } | changes
    body = {name: value for name, value in body.items() if value is not None}
    return session.post(hosts.oauth + "/token", data=body, timeout=30)
