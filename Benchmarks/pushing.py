"""How long it takes to bring many new events to Google, beside programs that send them singly."""

import datetime
import json
import os
import pathlib
import shutil
import sys
import tempfile

from changing import counted
from dav_peer import first_push
from local_google import TOKEN, USER, LocalGoogle, gcalcli, signed_in
from measuring import Failure, environment, median, run, taking_turns
from report import row

CREATIONS = 500
# Google's guide allows so many calls in one request.
BATCH = 50
# vdirsyncer takes about as long as all others together.
DAV_RUNS = 3
HERE = pathlib.Path(__file__).resolve().parent


def titles():
    return [f"Creation {number}" for number in range(CREATIONS)]


def starts():
    begin = datetime.datetime(2026, 11, 2, 8)
    return [begin + datetime.timedelta(hours=number) for number in range(CREATIONS)]


def calendar_events():
    """The lines of each of the same events in a calendar file."""
    for number, (title, start) in enumerate(zip(titles(), starts())):
        end = start + datetime.timedelta(minutes=30)
        yield [
            "BEGIN:VEVENT", f"UID:creation-{number}@example.com", "DTSTAMP:20261101T000000Z",
            f"SUMMARY:{title}", f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{end:%Y%m%dT%H%M%SZ}", "END:VEVENT",
        ]


def calendar_file(events):
    """A calendar file's text."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN"]
    return "\r\n".join([*head, *sum(events, []), "END:VCALENDAR", ""])


class Pushes:
    """Every run begins with the same Google, and ours with the same store of unsent events."""

    def __init__(self, options, google, env, folder):
        self._options = options
        self._google = google
        self._env = env
        self._folder = folder
        self._file = pathlib.Path(folder, "events.ics")
        self._file.write_text(calendar_file(calendar_events()))
        run([options.tandem, "sync", "--calendars"], env)
        for title, start in zip(titles(), starts()):
            when = f"{start:%Y-%m-%dT%H:%M:%SZ}"
            run(
                [options.tandem, "events", "add", "--title", title, "--when", when,
                 "--duration", "30m"], env)
        self._before = google.call("/_emulator/snapshot")
        self.requests = {}

    def _fresh(self, name, work):
        """Puts Google back, and checks what the work left there."""
        self._google.call("/_emulator/snapshot", "PUT", self._before)
        self._google.clear()
        result = work()
        items = self._google.requests()
        self.requests[name] = sum(1 for one in items if not one.get("batch"))
        found = sum(one["apiMethod"] in ("events.insert", "events.import")
                    and one["status"] == 200 for one in items)
        if found != CREATIONS:
            raise Failure(f"{name} created {found} events and not {CREATIONS}")
        return result

    def ours(self):
        home = tempfile.mkdtemp(dir=self._folder)
        shutil.copytree(self._env["TANDEM_HOME"], home, dirs_exist_ok=True)
        env = dict(self._env, TANDEM_HOME=home)
        command = [self._options.tandem, "sync", "--calendars", "--json"]
        try:
            result = self._fresh("tandem", lambda: run(command, env))
        finally:
            shutil.rmtree(home)
        if counted(json.loads(result.output), "pushed") != {"created": CREATIONS}:
            raise Failure("our sync says that it pushed something else")
        return result

    def gcalcli(self):
        with gcalcli(self._google, self._folder) as (command, env):
            # Its other way of importing begins with a second's pause.
            arguments = ["import", "--use-legacy-import", "--calendar", USER, self._file]
            return self._fresh("gcalcli", lambda: run(command + arguments, env))

    def client(self, batch):
        """Google's own client for Python, one call a request or several."""
        script = HERE / "peers" / "insert_events.py"
        command = [sys.executable, script, self._google.url, TOKEN, self._file, batch]
        name = "Google's client" if batch == 1 else "Google's client, batched"
        return self._fresh(name, lambda: run(command, environment()))


def push(options):
    """Ours beside gcalcli's import, Google's client, and vdirsyncer, which has another server.

    Google's client keeps nothing of what it sent; it shows what sending alone costs in Python.
    """
    with LocalGoogle(options.tandem, 1) as google, signed_in(options.tandem, google) as env, \
            tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        pushes = Pushes(options, google, env, folder)
        ours, imported, singly, batched = taking_turns(
            options.runs, pushes.ours, pushes.gcalcli, lambda: pushes.client(1),
            lambda: pushes.client(BATCH))
    single = [calendar_file([event]) for event in calendar_events()]
    dav = [first_push(single) for _ in range(min(options.runs, DAV_RUNS))]
    work = f"push of {CREATIONS} creations"
    for field, more in (("seconds", ""), ("cpu", ", processor time")):
        mine = median(ours, field)
        for peer, runs in (("vdirsyncer to Radicale", dav), ("gcalcli import", imported)):
            theirs = median(runs, field)
            yield row(work + more, mine, peer, theirs, "≤ 1/10", mine * 10 <= theirs)
        for peer, runs in (("singly", singly), (f"{BATCH} a batch", batched)):
            yield row(
                work + more, mine, f"Google's client, {peer}", median(runs, field), "none", True)
    sent = pushes.requests
    least = CREATIONS // BATCH
    note = ", ".join(f"{name} {count}" for name, count in sorted(sent.items()))
    # The list of calendars and the events of the one there is are read first.
    yield row(
        work + ", requests", sent["tandem"], f"{BATCH} a batch, and two to read", least + 2,
        "exactly", sent["tandem"] == least + 2, unit="", note="requests: " + note,
    )
