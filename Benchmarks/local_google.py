"""The local Google that everything is measured against, and accounts signed in to it."""

import contextlib
import datetime
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

from measuring import Failure, environment, run

USER = "ada@example.com"
TOKEN = "benchmark-access-token"


class LocalGoogle:
    """`tandem emulator start` with an account of many events, until the block ends."""

    def __init__(self, tandem, events, calendars=1):
        command = [
            tandem, "emulator", "start", "--json", "--port", "0", "--user", USER,
            "--token", f"{USER}={TOKEN}", "--empty", "--auto-consent",
        ]
        self._home = tempfile.TemporaryDirectory(prefix="tandem-bench-")
        env = environment(TANDEM_HOME=self._home.name)
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log, env=env
        )
        line = self._process.stdout.readline()
        if not line:
            self._log.seek(0)
            said = self._log.read().decode(errors="replace")[-600:]
            self.close()
            raise Failure(f"{' '.join(command)} did not start: {said}")
        self.url = json.loads(line)["url"].rstrip("/")
        try:
            generate = {"seed": 1, "events": events, "calendars": calendars}
            self.call("/_emulator/seed", "POST", {"generate": generate})
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process.stdout.close()
        self._log.close()
        self._home.cleanup()

    def call(self, path, method="GET", body=None):
        request = urllib.request.Request(
            self.url + path, method=method, data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        # No proxy of the environment stands between us and loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        # A million events are made in one request.
        with opener.open(request, timeout=600) as response:
            body = response.read()
        return json.loads(body) if body.strip() else None

    def requests(self):
        """What came in since the last clearing, this program's own calls left out."""
        items = self.call("/_emulator/requests")["items"]
        return [item for item in items if not item["path"].startswith("/_emulator")]

    def clear(self):
        self.call("/_emulator/requests", "DELETE")

    def calendars(self):
        return [item["id"] for item in self.call("/calendar/v3/users/me/calendarList")["items"]]

    def busy_week(self):
        """The Monday of the week in the middle of the account's single events."""
        days = []
        for calendar in self.calendars():
            place = urllib.parse.quote(calendar, safe="")
            page = self.call(f"/calendar/v3/calendars/{place}/events?maxResults=2500")
            for item in page["items"]:
                start = item.get("start", {})
                day = (start.get("dateTime") or start.get("date") or "")[:10]
                if day and "recurrence" not in item:
                    days.append(datetime.date.fromisoformat(day))
        if not days:
            raise Failure("the local Google has no events to make an agenda of")
        middle = sorted(days)[len(days) // 2]
        return middle - datetime.timedelta(days=middle.weekday())


@contextlib.contextmanager
def gcalcli(google, folder):
    """How gcalcli is started, signed in: its command and its environment."""
    place = tempfile.mkdtemp(dir=folder)
    keeping = pathlib.Path(place, "gcalcli")
    keeping.mkdir()
    # The form of its older releases, which it still reads and keeps as its own.
    (keeping / "oauth").write_text(json.dumps({"access_token": TOKEN}))
    script = pathlib.Path(__file__).resolve().parent / "peers" / "gcalcli_local.py"
    env = environment(
        XDG_DATA_HOME=place, XDG_CONFIG_HOME=place, TANDEM_GOOGLE_URL=google.url)
    try:
        yield [sys.executable, script], env
    finally:
        shutil.rmtree(place)


@contextlib.contextmanager
def signed_in(tandem, google):
    """A fresh home with the account signed in; gives its environment."""
    home = tempfile.mkdtemp(prefix="tandem-bench-")
    env = environment(TANDEM_HOME=home, TANDEM_GOOGLE_URL=google.url)
    try:
        run([tandem, "auth", "login", "--no-input"], env)
        yield env
    finally:
        shutil.rmtree(home)
