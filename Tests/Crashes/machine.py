"""One machine: a local Google, homes of tandem, and a person who uses Google in another program.

Everything runs as real processes. What a command answered is what a person was told; what the
local Google holds is read over HTTP by the person, whom no fault hits.
"""

import contextlib
import dataclasses
import http.client
import json
import os
import pathlib
import signal
import subprocess
import threading
import time
import urllib.parse

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TANDEM_BINARY", str(REPOSITORY / ".build" / "release" / "tandem"))

ADA = "ada@example.com"
TOKEN = "token-of-ada"

# Exit codes of the command line that these proofs speak of.
DONE, OTHER, NOT_FOUND, BUSY, CONFLICTS, INTERRUPTED = 0, 1, 5, 9, 11, 130

# Signals by which a program ends that broke by itself.
CRASHES = (
    signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGSEGV)


class Broken(AssertionError):
    """A promise that was not kept."""


def require(condition, message):
    if not condition:
        raise Broken(message)


@dataclasses.dataclass(frozen=True)
class Run:
    """What a command came to; a status below 0 is the signal that ended it."""

    words: tuple
    status: int
    output: str
    errors: str
    seconds: float

    @property
    def answer(self):
        """The JSON that it printed; `None` where it printed none, or not all of it."""
        try:
            return json.loads(self.output)
        except json.JSONDecodeError:
            return None

    @property
    def error(self):
        """The error that it said with `--json`; empty where it said none."""
        for line in self.errors.splitlines():
            if line.startswith('{"error"'):
                return json.loads(line)["error"]
        return {}

    def told(self):
        return f"{' '.join(self.words)}: exit {self.status}: {self.errors or self.output}".strip()

    def expect(self, *statuses):
        require(self.status in (statuses or (DONE,)), self.told())
        return self


# Set once nothing more is to be started, since somebody wants to end all of it.
ENDING = threading.Event()


class Command:
    """A process of tandem that is under way."""

    def __init__(self, words, environment, under=()):
        require(not ENDING.is_set(), "interrupted")
        self.words = words
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            [*under, BINARY, *words], env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    @property
    def is_over(self):
        return self.process.poll() is not None

    def signal(self, number):
        """Sends a signal; whether the process was still there to get it."""
        if self.is_over:
            return False
        self.process.send_signal(number)
        return True

    def wait(self, seconds):
        """Waits for its end; whether it came in time."""
        try:
            self.process.wait(max(0, seconds))
        except subprocess.TimeoutExpired:
            return False
        return True

    def finish(self, seconds=180):
        try:
            output, errors = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            output, errors = self.process.communicate()
            raise Broken(f"{' '.join(self.words)} did not end in {seconds} s: {errors}") from None
        status = self.process.returncode
        require(-status not in CRASHES, f"{' '.join(self.words)} crashed ({status}): {errors}")
        return Run(self.words, status, output, errors, time.monotonic() - self.begun)

    def kill(self):
        """Ends it as `kill -9` does; whether it was still there, and what it had said."""
        hit = self.signal(signal.SIGKILL)
        run = self.finish()
        return hit and run.status == -signal.SIGKILL, run


class Home:
    """A folder with a store and what belongs to it."""

    def __init__(self, folder, url, name="home"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.url = url
        self.name = name
        # How long commands take that nobody ends, in seconds, by their first two words.
        self.lives = {}

    @property
    def database(self):
        return self.folder / "data" / "tandem.sqlite"

    @property
    def log(self):
        return self.folder / "data" / "tandem.sqlite-wal"

    @property
    def environment(self):
        return {
            "TANDEM_HOME": str(self.folder), "HOME": str(self.folder), "PATH": "/usr/bin:/bin",
            "TANDEM_GOOGLE_URL": self.url, "TZ": "Europe/Paris", "LANG": "C.UTF-8",
        }

    def start(self, *words, under=()):
        """Starts a command, by another program if one is named."""
        return Command(words, self.environment, under)

    def run(self, *words, under=(), seconds=180):
        run = self.start(*words, under=under).finish(seconds)
        known = self.lives.get(words[:2], run.seconds)
        self.lives[words[:2]] = 0.7 * known + 0.3 * run.seconds
        return run

    def ask(self, *words):
        """The JSON of a command that must succeed."""
        run = self.run(*words, "--json").expect(DONE)
        require(run.answer is not None, f"{run.told()}: no JSON")
        return run.answer

    def items(self, *words):
        return self.ask(*words)["items"]

    def sign_in(self):
        self.run("auth", "login", "--no-input").expect(DONE)
        return self

    def sync(self, *words):
        return self.run("sync", "--now", "--json", *words)


class LocalGoogle:
    """One running local Google and its control API."""

    def __init__(self, url, process):
        self.url = url
        self.process = process

    def control(self, method, path, body=None):
        status, answer = call(self.url, method, f"/_emulator/{path}", body)
        require(status < 300, f"{method} {path}: {status} {answer}")
        return answer

    def fault(self, **what):
        return self.control("POST", "faults", what)["id"]

    def calm(self):
        """Takes every fault back."""
        self.control("DELETE", "faults")

    def forget_requests(self):
        self.control("DELETE", "requests")

    def requests(self):
        return self.control("GET", "requests")["items"]

    def writes(self):
        """The requests since the last clearing that changed something or tried to."""
        reading = ("list", "get", "batch", "query", "instances", "token", "userinfo", "auth")
        return [
            item for item in self.requests()
            if item["api"] == "calendar" and item["apiMethod"].split(".")[-1] not in reading]

    def snapshot(self):
        return self.control("GET", "snapshot")

    def restore(self, snapshot):
        self.control("PUT", "snapshot", snapshot)


@contextlib.contextmanager
def local_google(folder, *flags, port=0):
    """A local Google that knows ada and nothing else; it ends with the block."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if k != "TANDEM_GOOGLE_URL"}
    words = [
        BINARY, "emulator", "start", "--json", "--port", str(port), "--auto-consent",
        "--user", ADA, "--token", f"{ADA}={TOKEN}", *(flags or ["--empty"])]
    with (folder / "google.log").open("w") as errors:
        process = subprocess.Popen(
            words, env=environment | {"TANDEM_HOME": str(folder / "google")},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        line = process.stdout.readline()
        require(line, f"the local Google did not start: {(folder / 'google.log').read_text()}")
        yield LocalGoogle(json.loads(line)["url"], process)
    finally:
        # One that was paused could not end.
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def call(url, method, path, body=None, headers=None):
    """One request past every proxy: the status, and the JSON of the answer."""
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    try:
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, path, data, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        try:
            return answer.status, json.loads(text) if text else None
        except json.JSONDecodeError:
            return answer.status, text.decode(errors="replace")
    finally:
        connection.close()


class Person:
    """Somebody who edits ada's calendars in another program.

    Faults are armed for paths as tandem writes them. The person's paths name the same calendars
    with another spelling, so that no fault hits them.
    """

    def __init__(self, google):
        self.google = google

    def request(self, method, path, body=None, version=None):
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        if version is not None:
            headers["If-Match"] = version
        return call(self.google.url, method, f"/calendar/v3/{path}", body, headers)

    def call(self, method, path, body=None, allowing=(), version=None):
        status, answer = self.request(method, path, body, version)
        require(status < 300 or status in allowing, f"{method} {path}: {status} {answer}")
        return answer if status < 300 else None

    @staticmethod
    def path(calendar, event=None):
        spelled = "".join(f"%{byte:02X}" for byte in calendar.encode())
        return f"calendars/{spelled}/events" + (f"/{event}" if event else "")

    def titles(self):
        """The ids of the calendars by their titles."""
        listed = self.call("GET", "users/me/calendarList")["items"]
        return {item["summary"]: item["id"] for item in listed}

    def calendars(self):
        return list(self.titles().values())

    def add_calendar(self, title):
        return self.call("POST", "calendars", {"summary": title})["id"]

    def add(self, calendar, event):
        return self.call("POST", self.path(calendar), event)

    def get(self, calendar, event):
        """The event; `None` where it is deleted or was never there."""
        found = self.call("GET", self.path(calendar, event), allowing=(404, 410))
        return None if found is None or found.get("status") == "cancelled" else found

    def edit(self, calendar, event, patch, version=None):
        """Changes an event, if need be only while it is the version that was looked at.

        - Returns: The event as it then is; `None` where it is deleted, which Google lets anybody
          edit, or another version.
        """
        found = self.call(
            "PATCH", self.path(calendar, event), patch, allowing=(404, 410, 412), version=version)
        return None if found is None or found.get("status") == "cancelled" else found

    def delete(self, calendar, event, version=None):
        """Deletes an event, if need be only while it is the version that was looked at.

        - Returns: Whether that deleted it.
        """
        path = self.path(calendar, event)
        status, answer = self.request("DELETE", path, version=version)
        require(status < 300 or status in (404, 410, 412), f"DELETE {path}: {status} {answer}")
        return status < 300

    def events(self):
        """Every live event as (calendar, event), by calendar and page."""
        found = []
        for calendar in self.calendars():
            page = ""
            while page is not None:
                listed = self.call("GET", f"{self.path(calendar)}?maxResults=2500{page}")
                found += [(calendar, event) for event in listed["items"]]
                mark = listed.get("nextPageToken")
                page = f"&pageToken={urllib.parse.quote(mark, safe='')}" if mark else None
        return found
