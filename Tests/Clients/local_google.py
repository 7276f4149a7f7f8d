"""The local Google that the tests run against: starting it, commanding it, reaching it.

What is decided here and nowhere else is by which addresses a client finds Google. Programs that
others wrote have `https://www.googleapis.com` and its sisters written into them. Under
`tandem emulator exec` they are left as they are: its environment leads those names to the local
Google, through a proxy and a certificate authority of its own. Where that command is missing, the
clients that can be told another address are told the loopback one, and the rest is skipped.
"""

import atexit
import contextlib
import dataclasses
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import uuid

import requests

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TANDEM_BINARY", str(REPOSITORY / ".build" / "release" / "tandem"))

# The control API is reached past every proxy.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# Everybody in these tests; the first is the one who signs in when nobody is named.
USERS = ["ada@example.com", "bob@example.com", "cleo@example.com"]

INSTALLED = {
    "client_id": "garden.apps.googleusercontent.com",
    "client_secret": "GOCSPX-garden_secret",
    "redirect_uris": ["http://localhost"],
}
WEB = {
    "client_id": "garden-web.apps.googleusercontent.com",
    "client_secret": "GOCSPX-garden_web_secret",
    "redirect_uris": ["https://garden.example/oauth2/callback"],
}


def fixed_token(user):
    """The bearer token of a user that never expires and holds every scope."""
    return "token-of-" + user


@dataclasses.dataclass(frozen=True)
class Hosts:
    """Where clients look for Google, without a slash at the end."""

    api: str = "https://www.googleapis.com"
    oauth: str = "https://oauth2.googleapis.com"
    accounts: str = "https://accounts.google.com"
    openid: str = "https://openidconnect.googleapis.com"

    @classmethod
    def loopback(cls, url):
        return cls(url, url, url, url)

    @property
    def fixed(self):
        """Whether they are Google's own names, as they stand in every client."""
        return self == Hosts()

    def client_secrets(self, kind="installed"):
        """The content of a `client_secret*.json` as Google's console hands it out."""
        client = INSTALLED if kind == "installed" else WEB
        return {kind: client | {
            "project_id": "garden",
            "auth_uri": self.accounts + "/o/oauth2/auth",
            "token_uri": self.oauth + "/token",
            "auth_provider_x509_cert_url": self.api + "/oauth2/v1/certs",
        }}


class LocalGoogle:
    """One running local Google and its control API."""

    def __init__(self, url):
        self.url = url.rstrip("/")

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}/_emulator/{path}", data=data, method=method)
        try:
            with DIRECT.open(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None
        return json.loads(text) if text else None

    def reset(self):
        """Back to the start: content, tokens, faults, clock."""
        self.control("POST", "reset")

    def requests(self):
        """Every request since the start or the last clearing, oldest first."""
        return self.control("GET", "requests")["items"]

    def forget_requests(self):
        self.control("DELETE", "requests")

    def mails(self):
        """How many mails Google would have sent since the reset."""
        return self.control("GET", "counters")["mails"]

    def plant(self, user, events):
        """Puts many events on a user's own calendar at once."""
        self.control("POST", "seed", {"calendars": [{"owner": user, "events": events}]})

    def fault(self, api="calendar", **what):
        """Arms a failure; see the control API for its members."""
        return self.control("POST", "faults", {"api": api, **what})["id"]

    def expire(self, what, **where):
        self.control("POST", "expire", {"what": what, **where})

    def churn(self, **where):
        """New etags, same content: Google does so now and then."""
        self.control("POST", "churn", where)

    def advance(self, **duration):
        """Moves Google's clock, and nobody else's."""
        seconds = datetime.timedelta(**duration).total_seconds()
        self.control("POST", "clock", {"advance": seconds})

    def switch(self, **choices):
        """Chooses where Google has several ways, until the next reset; `tandem emulator switches`
        lists them.

        - conferenceCreation: what becomes of conferences asked for: success, pending or failure.
        - conferencePendingSeconds: how long they are pending; None waits for finish_conferences.
        - testingGrants: whether grants end after a week, as those of programs under test do.
        """
        self.control("POST", "switches", choices)

    def finish_conferences(self, outcome):
        """Ends what is pending with success or failure."""
        self.control("POST", "conferences", {"outcome": outcome})


@contextlib.contextmanager
def started(folder, *flags):
    """A local Google on a free port, with a home of its own, that ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [BINARY, "emulator", "start", "--json", "--port", "0", "--empty"]
    for user in USERS:
        command += ["--user", user, "--token", f"{user}={fixed_token(user)}"]
    for kind in ("installed", "web"):
        file = folder / f"client_secret_{kind}.json"
        file.write_text(json.dumps(Hosts().client_secrets(kind)))
        command += ["--client", str(file)]
    environment = {k: v for k, v in os.environ.items() if k != "TANDEM_GOOGLE_URL"}
    log = folder / "emulator.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            command + list(flags), env=environment | {"TANDEM_HOME": str(folder / "home")},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        line = process.stdout.readline()
        assert line, f"the local Google did not start: {log.read_text()}"
        yield LocalGoogle(json.loads(line)["url"])
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


# What `emulator exec` runs for us: it hands its environment back and stays until we end.
LENDER = """
import json, os, sys
print(json.dumps(dict(os.environ)), flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def lent_environment(google):
    """What `tandem emulator exec` gives to a program, put into our own environment.

    - Yields whether there is such an environment: `python -m pytest` may itself have been started
      by `emulator exec`, and an old program may lack the command.
    """
    if "HTTPS_PROXY" in os.environ and "HTTPLIB2_CA_CERTS" in os.environ:
        yield True
        return
    answer = subprocess.run([BINARY, "emulator", "--help"], capture_output=True, text=True)
    if not re.search(r"^\s+exec\b", answer.stdout, re.MULTILINE):
        yield False
        return
    process = subprocess.Popen(
        [BINARY, "emulator", "exec", "--url", google.url, "--", sys.executable, "-c", LENDER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    before = dict(os.environ)
    try:
        os.environ.update(json.loads(process.stdout.readline()))
        yield True
    finally:
        os.environ.clear()
        os.environ.update(before)
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


def assert_local(google):
    """Ends the run unless Google's names lead to the local Google: nobody tests on a live account.

    The question carries no token, so that it can do no harm where it goes astray.
    """
    mark = "mark-" + uuid.uuid4().hex
    for host in dataclasses.astuple(Hosts()):
        requests.get(f"{host}/calendar/v3/colors", params={"quotaUser": mark}, timeout=30)
    arrived = [item for item in google.requests() if mark in item["query"]]
    assert len(arrived) == 4, "Google's names do not lead to the local Google"


def begin():
    """Starts a local Google that ends with this program, unless TANDEM_GOOGLE_URL names one.

    - Returns: It, and the addresses by which clients find it.
    """
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    url = os.environ.get("TANDEM_GOOGLE_URL")
    if url:
        google = LocalGoogle(url)
    else:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        google = stack.enter_context(started(folder, "--auto-consent"))
    if stack.enter_context(lent_environment(google)):
        assert_local(google)
        return google, Hosts()
    return google, Hosts.loopback(google.url)
