"""Measures Tandem beside other programs, in one run on one machine, and prints ratios.

    bench.py --tandem BINARY [--runs 5] [--events 10000] [--only cold,first,idle,agenda]

Everything goes against the local Google that the binary itself serves. Ours and the peer's runs
take turns, so that a slow moment of the machine hits both. Times are medians of whole processes, as
the kernel counts them (wait4); peak memory is the largest of all runs. Exits 1 when a bar is
missed, 2 when something could not be measured. A whole run of the usual size writes
Benchmarks/results.json and Benchmarks/RESULTS.md.
"""

import argparse
import collections
import contextlib
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from importlib import metadata

import report

HERE = pathlib.Path(__file__).resolve().parent
USER = "ada@example.com"
TOKEN = "benchmark-access-token"
RUNS = 5
EVENTS = 10_000
WORKS = {"cold", "first", "idle", "agenda"}

Run = collections.namedtuple("Run", "seconds cpu peak_mib output")


class Failure(Exception):
    """Something could not be measured; the text says what and why."""


# Measuring


def run(command, env=None):
    """Runs a whole process; raises `Failure` unless it exits 0.

    A child starts out with its parent's peak memory to its name, so this program loads nothing
    large: what a child is charged below about 20 MiB is ours.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            env=env,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output = out.read().decode(errors="replace")
        if process.returncode != 0:
            said = (err.read().decode(errors="replace") + output)[-600:]
            raise Failure(f"{' '.join(map(str, command))} exited {process.returncode}: {said}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def taking_turns(count, *works):
    """Runs each work `count` times, in turns and each time in the other order."""
    results = [[] for _ in works]
    for turn in range(count):
        order = range(len(works)) if turn % 2 == 0 else reversed(range(len(works)))
        for index in order:
            results[index].append(works[index]())
    return results


def median(runs, field="seconds"):
    return statistics.median(getattr(one, field) for one in runs)


def peak(runs):
    return max(one.peak_mib for one in runs)


# The local Google


class LocalGoogle:
    """`tandem emulator start` with an account of many events, until the block ends."""

    def __init__(self, tandem, events):
        command = [
            tandem, "emulator", "start", "--json", "--port", "0", "--user", USER,
            "--token", f"{USER}={TOKEN}", "--seed", "1", "--events", str(events), "--auto-consent",
        ]
        self._home = tempfile.TemporaryDirectory(prefix="tandem-bench-")
        env = dict(os.environ, TANDEM_HOME=self._home.name, TZ="UTC")
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

    def call(self, path, method="GET"):
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"Bearer {TOKEN}"}
        )
        # No proxy of the environment stands between us and loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as response:
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
def signed_in(tandem, google):
    """A fresh home with the account signed in; gives its environment."""
    home = tempfile.mkdtemp(prefix="tandem-bench-")
    env = dict(os.environ, TANDEM_HOME=home, TANDEM_GOOGLE_URL=google.url, TZ="UTC")
    try:
        run([tandem, "auth", "login", "--no-input"], env)
        yield env
    finally:
        shutil.rmtree(home)


# What is measured


def row(work, ours, peer_name, peer, bar, ok, unit="s", ratio=None, note=""):
    return {
        "work": work, "ours": ours, "peer": peer_name, "theirs": peer, "unit": unit,
        "ratio": ratio, "bar": bar, "ok": bool(ok), "note": note,
    }


def cold_start(options):
    """How long until a program has said its version."""
    count = max(options.runs * 3, 9)
    ours, rclone, gcalcli = taking_turns(
        count,
        lambda: run([options.tandem, "--version"]),
        lambda: run([options.rclone, "version"]),
        lambda: run([options.gcalcli, "--version"]),
    )
    mine = median(ours)
    for name, runs, limit, bar in (
        ("rclone version", rclone, 1, "< 1"),
        ("gcalcli --version", gcalcli, 1 / 10, "≤ 1/10"),
    ):
        theirs = median(runs)
        ratio = mine / theirs
        ok = ratio < 1 if limit == 1 else ratio <= limit
        yield row("cold start", mine, name, theirs, bar, ok, ratio=f"{ratio:.3f} of theirs")


def counted_events(tandem, env):
    """How many events the store has, page by page."""
    count, following = 0, None
    while True:
        onwards = ["--after", following] if following else []
        answer = json.loads(run([tandem, "events", "list", "--json"] + onwards, env).output)
        count += len(answer["items"])
        following = answer.get("next")
        if not following:
            return count


def first_and_idle(options, google):
    """A first full sync beside gcal_sync's, and at once a second one with nothing to do."""
    counts, idles, idle_requests = set(), [], []

    def ours():
        with signed_in(options.tandem, google) as env:
            command = [options.tandem, "sync", "--calendars", "--json"]
            first = run(command, env)
            if "idle" in options.only:
                google.clear()
                idles.append((first.seconds, run(command, env)))
                idle_requests.append(google.requests())
            if not counts:
                counts.add(("tandem", counted_events(options.tandem, env)))
            return first

    def peer():
        with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
            script = HERE / "peers" / "gcal_sync_first.py"
            store = os.path.join(folder, "store.json")
            result = run([sys.executable, script, google.url, TOKEN, store])
        counts.add(("gcal_sync", int(result.output.strip())))
        return result

    calendars = google.calendars()
    if "first" in options.only:
        mine, theirs = taking_turns(options.runs, ours, peer)
        note = "events read: " + ", ".join(f"{name} {count}" for name, count in sorted(counts))
        work = f"first full sync of {options.events} events"
        ratio = median(theirs) / median(mine)
        yield row(
            work, median(mine), "gcal_sync 8", median(theirs), "≥ 5 × faster",
            ratio >= 5 and max(count for _, count in counts) >= options.events,
            ratio=f"{ratio:.1f} × faster", note=note,
        )
        cpu = median(theirs, "cpu") / median(mine, "cpu")
        yield row(
            work + ", processor time", median(mine, "cpu"), "gcal_sync 8", median(theirs, "cpu"),
            "none", True, ratio=f"{cpu:.1f} × less",
        )
        yield row(
            work + ", peak memory", peak(mine), "gcal_sync 8", peak(theirs), "≤ 100 MiB",
            peak(mine) <= 100, unit="MiB", ratio=f"{peak(mine) / peak(theirs):.2f} of theirs",
        )
    else:
        taking_turns(options.runs, ours)
    if "idle" in options.only:
        yield from idle_rows(calendars, idles, idle_requests)


def idle_rows(calendars, idles, idle_requests):
    shares = [idle.seconds / first for first, idle in idles]
    share = statistics.median(shares)
    yield row(
        "sync with nothing to do", median([idle for _, idle in idles]), "our own first sync",
        statistics.median(first for first, _ in idles), "≤ 1/10", share <= 1 / 10,
        ratio=f"{share:.3f} of the first",
    )
    expected = {"/calendar/v3/users/me/calendarList"}
    expected |= {f"/calendar/v3/calendars/{name}/events" for name in calendars}
    worst = max(idle_requests, key=len)
    paths = [urllib.parse.unquote(item["path"]).split("?")[0] for item in worst]
    writes = [item for requests in idle_requests for item in requests if item["method"] != "GET"]
    strays = sorted(set(paths) - expected)
    ok = not writes and not strays and len(paths) == len(set(paths)) == len(expected)
    yield row(
        "sync with nothing to do, requests", len(paths), "one a collection", len(expected),
        "exactly, 0 writes", ok, unit="", ratio=f"{len(writes)} writes",
        note=("also asked: " + ", ".join(strays)) if strays else "",
    )


def week_agenda(options, google):
    """One week out of everything, from our store and from gcalcli's own requests."""
    monday = google.busy_week()
    sunday = monday + datetime.timedelta(days=7)
    with signed_in(options.tandem, google) as env, tempfile.TemporaryDirectory() as data:
        run([options.tandem, "sync", "--calendars"], env)
        folder = pathlib.Path(data, "gcalcli")
        folder.mkdir()
        # The form of its older releases, which it still reads and keeps as its own.
        (folder / "oauth").write_text(json.dumps({"access_token": TOKEN}))
        theirs_env = dict(
            os.environ, XDG_DATA_HOME=data, XDG_CONFIG_HOME=data, TZ="UTC",
            TANDEM_GOOGLE_URL=google.url,
        )
        script = HERE / "peers" / "gcalcli_local.py"
        theirs_command = [sys.executable, script, "agenda", monday, sunday, "--tsv"]
        ours_command = [
            options.tandem, "agenda", "--from", monday, "--to", sunday, "--json",
        ]
        run(theirs_command, theirs_env)
        google.clear()
        warm = run(ours_command, env)
        if google.requests():
            raise Failure("our agenda sent requests: it is not read from the store")
        ours, theirs = taking_turns(
            max(options.runs, 5), lambda: run(ours_command, env),
            lambda: run(theirs_command, theirs_env),
        )
    ratio = median(ours) / median(theirs)
    shown = len(json.loads(warm.output)["items"])
    listed = len(theirs[0].output.splitlines()) - 1
    yield row(
        f"agenda of a week out of {options.events} events", median(ours), "gcalcli agenda",
        median(theirs), "≤ 1/20", ratio <= 1 / 20 and shown > 0, ratio=f"1/{1 / ratio:.0f}",
        note=f"week of {monday}; instances shown: tandem {shown}, gcalcli {listed}",
    )


# The command


def versions(options):
    def first_line(command):
        return run(command).output.splitlines()[0].strip()

    return {
        "tandem": first_line([options.tandem, "--version"]),
        "rclone": first_line([options.rclone, "version"]),
        "gcalcli": first_line([options.gcalcli, "--version"]),
        "gcal_sync": metadata.version("gcal-sync"),
        "python": platform.python_version(),
    }


def parsed():
    parser = argparse.ArgumentParser(description="Measures Tandem beside other programs.")
    parser.add_argument("--tandem", required=True, help="the release binary")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--only", default=",".join(WORKS))
    parser.add_argument("--output", type=pathlib.Path, help="a folder for the results")
    options = parser.parse_args()
    options.only = set(options.only.split(","))
    unknown = options.only - WORKS
    if unknown or options.runs < 1 or options.events < 1:
        parser.error(f"--only takes {', '.join(sorted(WORKS))}; --runs and --events at least 1")
    # What is kept beside this program is a whole run of the usual size, or nothing.
    usual = options.only == WORKS and options.events == EVENTS and options.runs >= RUNS
    options.output = options.output or (HERE if usual else None)
    options.tandem = os.path.abspath(options.tandem)
    options.rclone = shutil.which("rclone") or "rclone"
    options.gcalcli = os.path.join(os.path.dirname(sys.executable), "gcalcli")
    return options


def main():
    options = parsed()
    rows = []
    try:
        facts = {
            "date": datetime.datetime.now().astimezone().isoformat(timespec="minutes"),
            "machine": report.machine(), "versions": versions(options), "runs": options.runs,
            "command": "make bench",
        }
        if "cold" in options.only:
            rows += cold_start(options)
        if options.only & {"first", "idle", "agenda"}:
            with LocalGoogle(options.tandem, options.events) as google:
                if options.only & {"first", "idle"}:
                    rows += first_and_idle(options, google)
                if "agenda" in options.only:
                    rows += week_agenda(options, google)
    except (Failure, OSError) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 2
    report.show(rows)
    if options.output:
        report.write(rows, facts, options.output)
    return 0 if all(one["ok"] for one in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
