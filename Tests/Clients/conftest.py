"""What the tests begin with: a local Google, put back to its start before each test, and people.

`ada`, `bob` and `cleo` are three users' calendar services, built by Google's own client. See
local_google.py for how clients reach the local Google.
"""

import contextlib
import json
import os
import pathlib
import threading
import webbrowser

import local_google

# Before the clients are imported, since some read their environment then: httplib2 where its
# certificates are, oauthlib that a plain loopback address is fine and that a user may grant less
# than was asked.
GOOGLE, HOSTS = local_google.begin()
os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")
os.environ.setdefault("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")

import googleapiclient.discovery
import googleapiclient.discovery_cache
import pytest
from google.oauth2.credentials import Credentials

import browsing


@pytest.fixture(scope="session")
def hosts():
    """By which addresses clients find Google."""
    return HOSTS


@pytest.fixture
def google():
    """The local Google, as it was at its start: three users and no events."""
    GOOGLE.reset()
    return GOOGLE


@pytest.fixture
def fixed_hosts(google):
    """For clients that know Google by its own names only."""
    if not HOSTS.fixed:
        pytest.skip("this client has Google's hosts built in, and tandem has no `emulator exec`")
    return HOSTS


@pytest.fixture(scope="session")
def asking(tmp_path_factory):
    """A second local Google, on a plain address, which asks people before it lets clients in."""
    with local_google.started(tmp_path_factory.mktemp("asking")) as running:
        yield running


def calendar_service(hosts, credentials):
    """Google's client for the Calendar API, made from the discovery document that it brings."""
    if hosts.fixed:
        return googleapiclient.discovery.build("calendar", "v3", credentials=credentials)
    folder = pathlib.Path(googleapiclient.discovery_cache.__file__).parent / "documents"
    document = json.loads((folder / "calendar.v3.json").read_text())
    document["rootUrl"] = document["mtlsRootUrl"] = hosts.api + "/"
    document["baseUrl"] = hosts.api + "/calendar/v3/"
    return googleapiclient.discovery.build_from_document(document, credentials=credentials)


@pytest.fixture
def service_for(google, hosts):
    """Makes services for credentials, and closes them."""
    with contextlib.ExitStack() as stack:

        def make(credentials):
            return stack.enter_context(contextlib.closing(calendar_service(hosts, credentials)))

        yield make


@pytest.fixture(scope="session")
def people(hosts):
    """The users' services; their tokens never expire."""
    with contextlib.ExitStack() as stack:
        yield {
            user: stack.enter_context(contextlib.closing(calendar_service(
                hosts, Credentials(local_google.fixed_token(user)))))
            for user in local_google.USERS
        }


@pytest.fixture
def ada(google, people):
    return people["ada@example.com"]


@pytest.fixture
def bob(google, people):
    return people["bob@example.com"]


@pytest.fixture
def cleo(google, people):
    return people["cleo@example.com"]


@pytest.fixture
def api(google, hosts):
    """Ada's plain HTTP session, for what Google's client would not send."""
    with browsing.api_session(hosts, local_google.fixed_token("ada@example.com")) as session:
        yield session


class Browser(webbrowser.BaseBrowser):
    """Opens an address as a person's browser would, beside the program that waits for it."""

    def __init__(self):
        super().__init__("tests")
        self.visits = []

    def open(self, url, new=0, autoraise=True):
        visit = threading.Thread(target=browsing.visit, args=(url, self.visits), daemon=True)
        visit.start()
        return True


@pytest.fixture
def browser(monkeypatch):
    """Makes the tests' own browser the one that programs open."""
    one = Browser()
    monkeypatch.setattr(webbrowser, "get", lambda using=None: one)
    return one
