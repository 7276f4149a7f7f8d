"""What has to be true when faults have ended: both sides equal, nothing waits, nothing is lost."""

import json

from machine import CONFLICTS, DONE, Broken, require

# P3: everything is equal within so many rounds of syncing.
MOST_ROUNDS = 5

# What Google gives anew with each answer, or shows to one side only.
PASSING = ("etag", "updated", "htmlLink", "kind")


def settle(google, homes, *words):
    """Syncs until nothing moves any more.

    - Returns: How many rounds that took, without the one that found nothing to do.
    """
    google.calm()
    for rounds in range(MOST_ROUNDS + 1):
        google.forget_requests()
        runs = [home.sync(*words) for home in homes]
        moved = [number for run in runs for number in movements(run)]
        if not any(moved) and all(run.status in (DONE, CONFLICTS) for run in runs):
            require(not google.writes(), f"a sync without news wrote: {google.writes()}")
            return rounds
        words = ()
    told = [run.told() for run in runs] + [run.output for run in runs]
    raise Broken(f"no rest after {MOST_ROUNDS} rounds: {told}")


def movements(run):
    """How many things a sync received and sent, calendar by calendar."""
    require(run.answer is not None, f"{run.told()}: no JSON")
    for collection in run.answer["collections"]:
        for way in ("pulled", "pushed"):
            yield sum(collection[way].values())


def content(event):
    return {key: value for key, value in event.items() if key not in PASSING}


def compare(home, events):
    """Holds what a home shows against what Google has."""
    items = home.items("events", "list")
    here = {item["remoteId"]: item for item in items}
    require(len(here) == len(items), f"{home.name}: one event under two ids")
    # A list has no instances that were taken out of their series.
    there = {event["id"]: event for _, event in events if event["status"] != "cancelled"}
    # What somebody deleted there and a person edited here stays for the person to decide on.
    asked = [
        item for item in items if item["state"] == "conflict" and item["remoteId"] not in there]
    found = set(here) - {item["remoteId"] for item in asked}
    if found != set(there):
        raise Broken(
            f"{home.name}: only here {sorted(found - set(there), key=str)}, "
            f"only at Google {sorted(set(there) - found)}")
    for name, event in there.items():
        mine, theirs = content(here[name]["data"]), content(event)
        require(mine == theirs, f"{home.name}: {differences(mine, theirs)}")
    for account in home.ask("status")["accounts"]:
        for collection in account["collections"]:
            waiting = [collection[kind] for kind in ("dirty", "quarantined", "held")]
            require(not any(waiting), f"{home.name}: something waits: {collection}")
            require(collection["state"] == "fresh", f"{home.name}: at rest and {collection}")
    return items


def placed(events):
    """Events as the ledger follows them: with the calendar where each lies, and without instances
    that were taken out of their series."""
    return [
        event | {"calendar": calendar} for calendar, event in events
        if event["status"] != "cancelled"]


def told(home, titles):
    """What the feed of a home tells, as (mark, calendar, text)."""
    lines = home.run("feed", "--json").expect(DONE).output.splitlines()
    for line, entry in ((line, json.loads(line)) for line in lines):
        mark = (entry["title"] or "?").split(" ")[0]
        yield mark, titles.get((entry["collection"] or {}).get("name")), line


def differences(mine, theirs):
    keys = sorted(key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key))
    return "; ".join(f"{key}: {mine.get(key)} here, {theirs.get(key)} at Google" for key in keys)


def at_rest(google, person, homes, ledger, *words):
    """Settles, compares, judges, and begins the ledger anew.

    - Returns: The rounds that it took, and what each home then shows: events and conflicts.
    """
    rounds = settle(google, homes, *words)
    events = person.events()
    shown = []
    for home in homes:
        conflicts = home.items("conflicts", "list", "--all")
        shown.append((compare(home, events), conflicts))
        if len(homes) > 1:
            ledger.told(told(home, person.titles()), home.name)
    live = placed(events)
    problems = ledger.judge(live, json.dumps([conflicts for _, conflicts in shown]))
    require(not problems, "; ".join(problems))
    ledger.rest(live)
    return rounds, shown
