"""Measures Tandem beside other programs, in one run on one machine, and prints ratios.

    bench.py --tandem BINARY --load BINARY --floor BINARY [--runs 5] [--events 10000]
        [--only cold,first,idle,agenda,change,push,abreast,serve,start]
    bench.py --tandem BINARY --growth 1000,10000,100000,1000000

Everything goes against the local Google that the binary itself serves. Ours and the peer's runs
take turns, so that a slow moment of the machine hits both. Times are medians of whole processes, as
the kernel counts them (wait4); peak memory is the largest of all runs. Who reads less than the
other, or shows other events, was not measured. Exits 1 when a bar is missed, 2 when something could
not be measured. A whole run of the usual size writes Benchmarks/results.json and
Benchmarks/RESULTS.md. With --growth it measures something else: our own costs at each of the sizes,
without a bar; the usual ones are kept in Benchmarks/growth.json and in the same page.
"""

import argparse
import contextlib
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
from abreast import abreast
from changing import one_change
from floor import Floor
from growth import SIZES, growth
from local_google import TOKEN, LocalGoogle, gcalcli, signed_in
from measuring import Failure, agreed, median, peak, run, taking_turns
from pushing import push
from report import row
from serving import serve, start

HERE = pathlib.Path(__file__).resolve().parent
RUNS = 5
EVENTS = 10_000
# Over how many calendars the events are spread where requests are counted.
CALENDARS = 5
WORKS = {
    "cold", "first", "idle", "agenda", "change", "push", "abreast", "serve", "start",
}
# Lino's plugin for Google (lino-xl 26.10.5) is not run here. These figures were stated of it: its
# processor time for one event of a first pull, and its memory as soon as it has started.
LINO_SECONDS_AN_EVENT = 0.011
LINO_MIB = 163


# What is measured


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
    """A first full sync beside gcal_sync's and the floor's, and at once more with nothing to do."""
    counts, firsts, idles = {}, [], []
    command = [options.tandem, "sync", "--calendars", "--json"]

    def ours():
        with signed_in(options.tandem, google) as env:
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
        with signed_in(options.tandem, google) as env:
            run(command, env)
            floor = Floor(options.floor, google, env)
        with floor:
            mine, theirs, bare = taking_turns(options.runs, ours, peer, floor.fill)
        counts["floor"] = int(bare[0].output)
        note = agreed("events read", counts, options.events)
        yield from first_rows(options, mine, theirs, bare, note)
    else:
        taking_turns(options.runs, ours)
    if "idle" in options.only:
        first, second = median(firsts), median(idles)
        yield row(
            "sync with nothing to do", second, "our own first sync", first, "≤ 1/10",
            second * 10 <= first,
        )


def first_rows(options, mine, theirs, bare, note):
    work, peer = f"first full sync of {options.events} events", "gcal_sync 8"
    yield row(
        work, median(mine), peer, median(theirs), "≤ 1/5",
        median(mine) * 5 <= median(theirs), note=note,
    )
    yield row(
        work, median(mine), "bare floor", median(bare), "≤ 2", median(mine) <= 2 * median(bare))
    cpu = median(mine, "cpu")
    for name, other in ((peer, theirs), ("bare floor", bare)):
        yield row(work + ", processor time", cpu, name, median(other, "cpu"), "none", True)
    yield row(
        work + ", processor time an event", cpu / options.events, "Lino's plugin, as stated",
        LINO_SECONDS_AN_EVENT, "≤ 1/100", cpu * 100 <= LINO_SECONDS_AN_EVENT * options.events,
        note="a figure of lino-xl 26.10.5 from another run, against another stand-in for Google",
    )
    for name, other in ((peer, peak(theirs)), ("Lino's plugin at its start, as stated", LINO_MIB)):
        yield row(
            work + ", peak memory", peak(mine), name, other, "≤ 100 MiB", peak(mine) <= 100,
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
    with contextlib.ExitStack() as stack:
        env = stack.enter_context(signed_in(options.tandem, google))
        run([options.tandem, "sync", "--calendars"], env)
        program, theirs_env = stack.enter_context(
            gcalcli(google, stack.enter_context(tempfile.TemporaryDirectory())))
        theirs_command = [*program, "agenda", monday, sunday, "--tsv"]
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

    found = {"tandem": first_line([options.tandem, "--version"])}
    if "cold" in options.only:
        found["rclone"] = first_line([options.rclone, "version"])
    if options.only & {"cold", "agenda", "push"}:
        found["gcalcli"] = first_line([options.gcalcli, "--version"])
    if "first" in options.only:
        found["gcal_sync"] = metadata.version("gcal-sync")
    if "push" in options.only:
        found["Google's client"] = metadata.version("google-api-python-client")
        found["vdirsyncer"] = metadata.version("vdirsyncer")
        found["Radicale"] = metadata.version("radicale")
    found["python"] = platform.python_version()
    return found


def parsed():
    parser = argparse.ArgumentParser(description="Measures Tandem beside other programs.")
    parser.add_argument("--tandem", required=True, help="the release binary")
    parser.add_argument("--load", help="the program that loads the local Google")
    parser.add_argument("--floor", help="the program that does the least of a first sync")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--only", default=",".join(WORKS))
    parser.add_argument("--growth", help="measure our own costs at these sizes instead")
    parser.add_argument("--output", type=pathlib.Path, help="a folder for the results")
    options = parser.parse_args()
    options.only = set(options.only.split(","))
    unknown = options.only - WORKS
    if unknown or options.runs < 1 or options.events < 1:
        parser.error(f"--only takes {', '.join(sorted(WORKS))}; --runs and --events at least 1")
    if options.growth:
        options.only = set()
        options.growth = [int(size) for size in options.growth.split(",")]
    for work, program in (("serve", "load"), ("first", "floor")):
        if work in options.only and not getattr(options, program):
            parser.error(f"{work} needs --{program}")
    settle(options)
    return options


def settle(options):
    """Whole paths, and where the results go."""
    # What is kept beside this program is a whole run of the usual size, or nothing.
    if options.growth:
        usual = options.growth == SIZES and options.runs >= RUNS
        options.command = "make bench-growth" if usual else (
            f"bench.py --growth {','.join(map(str, options.growth))} --runs {options.runs}")
    else:
        usual = options.only == WORKS and options.events == EVENTS and options.runs >= RUNS
        options.command = "make bench" if usual else (
            f"bench.py --runs {options.runs} --events {options.events} "
            f"--only {','.join(sorted(options.only))}"
        )
    options.output = options.output or (HERE if usual else None)
    for program in ("tandem", "load", "floor"):
        path = getattr(options, program)
        setattr(options, program, os.path.abspath(path) if path else None)
    options.rclone = shutil.which("rclone") or "rclone"
    options.gcalcli = os.path.join(os.path.dirname(sys.executable), "gcalcli")


def measured(options):
    """Every row, in the order of the page."""
    only = options.only
    if "cold" in only:
        yield from cold_start(options)
    if only & {"first", "idle", "agenda"}:
        with LocalGoogle(options.tandem, options.events) as google:
            if only & {"first", "idle"}:
                yield from first_and_idle(options, google)
            if "agenda" in only:
                yield from week_agenda(options, google)
    if "idle" in only:
        yield from idle_requests(options)
    for name, work in (("change", one_change), ("push", push), ("abreast", abreast)):
        if name in only:
            yield from work(options)
    if "start" in only:
        yield from start(options, row)
    if "serve" in only:
        yield from serve(options, row)


def main():
    options = parsed()
    rows = []
    try:
        facts = {
            "date": datetime.datetime.now().astimezone().isoformat(timespec="minutes"),
            "machine": report.machine(), "versions": versions(options), "runs": options.runs,
            "command": options.command,
        }
        if options.growth:
            sizes = list(growth(options))
        else:
            rows = list(measured(options))
    except (Failure, OSError) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 2
    if options.growth:
        report.show_growth(sizes)
    else:
        report.show(rows)
    if options.output:
        name, content = ("growth", {"sizes": sizes}) if options.growth else (
            "results", {"rows": rows})
        report.write(options.output, name, dict(facts, **content))
    return 0 if all(one["ok"] for one in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
