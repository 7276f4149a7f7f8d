"""Measures Tandem beside other programs, in one run on one machine, and prints ratios.

    bench.py --tandem BINARY --load BINARY [--runs 5] [--events 10000]
        [--only cold,first,idle,agenda,serve,start]

Everything goes against the local Google that the binary itself serves. Ours and the peer's runs
take turns, so that a slow moment of the machine hits both. Times are medians of whole processes, as
the kernel counts them (wait4); peak memory is the largest of all runs. Who reads less than the
other, or shows other events, was not measured. Exits 1 when a bar is missed, 2 when something could
not be measured. A whole run of the usual size writes Benchmarks/results.json and
Benchmarks/RESULTS.md.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import sys
import tempfile
import urllib.parse
from importlib import metadata

import report
from local_google import TOKEN, LocalGoogle, signed_in
from serving import serve, start
from measuring import Failure, environment, median, peak, run, taking_turns

HERE = pathlib.Path(__file__).resolve().parent
RUNS = 5
EVENTS = 10_000
# Over how many calendars the events are spread where requests are counted.
CALENDARS = 5
WORKS = {"cold", "first", "idle", "agenda", "serve", "start"}


# What is measured


def row(work, ours, peer_name, theirs, bar, ok, unit="s", note=""):
    """One line of the results; `ratio` is ours by theirs, as a number."""
    return {
        "work": work, "ours": ours, "peer": peer_name, "theirs": theirs, "unit": unit,
        "ratio": ours / theirs, "bar": bar, "ok": bool(ok), "note": note,
    }


def agreed(what, counts, least):
    """Says what both counted; raises `Failure` unless it is the same, and enough."""
    said = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    if len(set(counts.values())) != 1 or min(counts.values()) < least:
        raise Failure(f"{what}: {said}; at least {least} and the same number were expected")
    return f"{what}: {said}"


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
    for name, runs, bar, is_met in (
        ("rclone version", rclone, "< 1", lambda ratio: ratio < 1),
        ("gcalcli --version", gcalcli, "≤ 1/10", lambda ratio: ratio <= 1 / 10),
    ):
        theirs = median(runs)
        yield row("cold start", mine, name, theirs, bar, is_met(mine / theirs))


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
    """A first full sync beside gcal_sync's, and at once three more with nothing to do."""
    counts, firsts, idles = {}, [], []

    def ours():
        with signed_in(options.tandem, google) as env:
            command = [options.tandem, "sync", "--calendars", "--json"]
            first = run(command, env)
            if "idle" in options.only:
                firsts.append(first)
                idles.extend(run(command, env) for _ in range(3))
            if "tandem" not in counts:
                counts["tandem"] = counted_events(options.tandem, env)
            return first

    def peer():
        with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
            script = HERE / "peers" / "gcal_sync_first.py"
            store = os.path.join(folder, "store.json")
            result = run([sys.executable, script, google.url, TOKEN, store])
        counts["gcal_sync"] = int(result.output.strip())
        return result

    if "first" in options.only:
        mine, theirs = taking_turns(options.runs, ours, peer)
        yield from first_rows(
            options, mine, theirs, agreed("events read", counts, options.events))
    else:
        taking_turns(options.runs, ours)
    if "idle" in options.only:
        first, second = median(firsts), median(idles)
        yield row(
            "sync with nothing to do", second, "our own first sync", first, "≤ 1/10",
            second * 10 <= first,
        )


def first_rows(options, mine, theirs, note):
    work, peer = f"first full sync of {options.events} events", "gcal_sync 8"
    yield row(
        work, median(mine), peer, median(theirs), "≤ 1/5",
        median(mine) * 5 <= median(theirs), note=note,
    )
    yield row(
        work + ", processor time", median(mine, "cpu"), peer, median(theirs, "cpu"), "none", True,
    )
    yield row(
        work + ", peak memory", peak(mine), peer, peak(theirs), "≤ 100 MiB", peak(mine) <= 100,
        unit="MiB",
    )


def idle_requests(options):
    """What a sync with nothing to do asks for, on an account of several calendars."""
    with LocalGoogle(options.tandem, options.events, CALENDARS) as google:
        names = google.calendars()
        if len(names) != CALENDARS:
            raise Failure(f"the local Google has {len(names)} calendars and not {CALENDARS}")
        with signed_in(options.tandem, google) as env:
            command = [options.tandem, "sync", "--calendars", "--json"]
            run(command, env)
            google.clear()
            run(command, env)
            items = google.requests()
    expected = {"/calendar/v3/users/me/calendarList"}
    expected |= {f"/calendar/v3/calendars/{name}/events" for name in names}
    paths = [urllib.parse.unquote(item["path"]).split("?")[0] for item in items]
    writes = [item for item in items if item["method"] != "GET"]
    strays = sorted(set(paths) - expected)
    ok = not writes and not strays and len(paths) == len(set(paths)) == len(expected)
    note = f"{CALENDARS} calendars and their list; {len(writes)} writes"
    yield row(
        "sync with nothing to do, requests", len(paths), "one a collection", len(expected),
        "exactly, 0 writes", ok, unit="",
        note=note + (("; also asked: " + ", ".join(strays)) if strays else ""),
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
        theirs_env = environment(
            XDG_DATA_HOME=data, XDG_CONFIG_HOME=data, TANDEM_GOOGLE_URL=google.url,
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
            max(options.runs * 2, 9), lambda: run(ours_command, env),
            lambda: run(theirs_command, theirs_env),
        )
    shown = len(json.loads(warm.output)["items"])
    # One line an instance, below the titles.
    listed = len(theirs[0].output.splitlines()) - 1
    note = agreed("instances shown", {"tandem": shown, "gcalcli": listed}, 1)
    yield row(
        f"agenda of a week out of {options.events} events", median(ours), "gcalcli agenda",
        median(theirs), "≤ 1/20", median(ours) * 20 <= median(theirs),
        note=f"week of {monday}; {note}",
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
    parser.add_argument("--load", help="the program that loads the local Google")
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
    options.command = "make bench" if usual else (
        f"bench.py --runs {options.runs} --events {options.events} "
        f"--only {','.join(sorted(options.only))}"
    )
    options.output = options.output or (HERE if usual else None)
    if "serve" in options.only and not options.load:
        parser.error("serve needs --load")
    options.tandem = os.path.abspath(options.tandem)
    options.load = os.path.abspath(options.load) if options.load else None
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
            "command": options.command,
        }
        if "cold" in options.only:
            rows += cold_start(options)
        if options.only & {"first", "idle", "agenda"}:
            with LocalGoogle(options.tandem, options.events) as google:
                if options.only & {"first", "idle"}:
                    rows += first_and_idle(options, google)
                if "agenda" in options.only:
                    rows += week_agenda(options, google)
        if "idle" in options.only:
            rows += idle_requests(options)
        if "start" in options.only:
            rows += start(options, row)
        if "serve" in options.only:
            rows += serve(options, row)
    except (Failure, OSError) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 2
    report.show(rows)
    if options.output:
        report.write(rows, facts, options.output)
    return 0 if all(one["ok"] for one in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
