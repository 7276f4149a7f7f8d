#!/usr/bin/env python3
"""A store of every released schema is opened, read and synced (P17).

    python3 Tests/Crashes/schemas.py --seed 1 --stores 1
    python3 Tests/Crashes/schemas.py --make

`Stores` has a folder for each schema, named by its number: a whole home as that release left it,
with edits that wait and a conflict; the local Google as it was then; and what the release showed.
Whoever makes a new schema adds its store with `--make`, and leaves the others as they are.
"""

import contextlib
import gzip
import io
import json
import pathlib
import shutil
import sqlite3
import sys
import tarfile

from machine import DONE, Home, Person, local_google, require
from proof import Proof, main
from settling import compare, settle

STORES = pathlib.Path(__file__).resolve().parent / "Stores"
LISTS = {
    "events": ("events", "list"), "calendars": ("calendars", "list"),
    "queue": ("queue", "list"), "conflicts": ("conflicts", "list"),
}
# What is counted from the present moment, or may be worded anew by a later release.
PASSING = ("since", "when", "reason", "choices", "parkedUntil")


def shown(home):
    """What a home shows, as programs read it."""
    return {name: [_lasting(item) for item in home.items(*words)] for name, words in LISTS.items()}


def _lasting(value):
    if isinstance(value, dict):
        return {key: _lasting(each) for key, each in value.items() if key not in PASSING}
    return [_lasting(each) for each in value] if isinstance(value, list) else value


def version(home):
    """The number of the schema of a home's store."""
    with contextlib.closing(sqlite3.connect(home.database)) as database:
        return database.execute("PRAGMA user_version").fetchone()[0]


def holds(old, new, path=""):
    """Everything that was shown is shown still; what a later release shows besides is its own."""
    if isinstance(old, dict):
        for key, value in old.items():
            require(isinstance(new, dict) and key in new, f"{path}/{key} is gone")
            holds(value, new[key], f"{path}/{key}")
    elif isinstance(old, list):
        require(len(old) == len(new), f"{path}: {len(new)} of {len(old)}")
        for index, (one_of_old, one_of_new) in enumerate(zip(old, new)):
            holds(one_of_old, one_of_new, f"{path}/{index}")
    else:
        require(old == new, f"{path}: {old} became {new}")


def check(store, folder, google, tally):
    """Opens, reads and syncs one store."""
    home = Home(folder / store.name, google.url, f"schema {store.name}")
    _unpack(store / "home.tar.gz", home.folder)
    require(version(home) == int(store.name), f"{store} holds schema {version(home)}")
    google.restore(json.loads(gzip.decompress((store / "google.json.gz").read_bytes())))
    # As after the hour that they are good for.
    google.control("POST", "expire", {"what": "access-tokens"})
    then = json.loads((store / "shown.json").read_text())
    holds(then, shown(home))
    waiting = {item["item"] for item in then["queue"]}
    require(waiting and then["conflicts"], f"{store} has nothing that waits")
    tally.most("rounds", settle(google, [home]))
    events = Person(google).events()
    titles = [event["summary"] for _, event in events if event["status"] != "cancelled"]
    require(len(titles) == len(set(titles)), f"{store}: something is there twice: {titles}")
    items = {item["id"]: item for item in compare(home, events)}
    for item in then["events"]:
        now = items.get(item["id"])
        require(now is not None, f"{store}: {item['id']} is gone")
        if item["id"] in waiting:
            for field in ("summary", "location", "description"):
                require(
                    now["data"].get(field) == item["data"].get(field),
                    f"{store}: the {field} of {item['id']} was not sent")
    tally["events"] += len(items)
    tally["edits"] += len(waiting)
    tally["stores"] += 1


def one(seed, folder, number, share, tally):
    """All stores; chance has no part in it."""
    with local_google(folder) as google:
        stores = sorted(path for path in STORES.iterdir() if path.is_dir())
        for store in stores:
            check(store, folder, google, tally)
        fresh = Home(folder / "fresh", google.url).sign_in()
        newest = version(fresh)
        require(
            str(newest) in [store.name for store in stores],
            f"this program makes schema {newest}, and {STORES} has no store of it: --make")


# How the store of a schema is made.

def make():
    """Makes the store of the schema that the program has now."""
    folder = STORES / "making"
    folder.mkdir(parents=True)
    try:
        with local_google(folder / "machine") as google:
            home = Home(folder / "home", google.url)
            _live(home, google)
            target = STORES / str(version(home))
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            document = json.dumps(shown(home), indent=1, ensure_ascii=False, sort_keys=True)
            (target / "shown.json").write_text(document + "\n")
            snapshot = json.dumps(google.snapshot()).encode()
            (target / "google.json.gz").write_bytes(gzip.compress(snapshot, mtime=0))
            _pack(home.folder, target / "home.tar.gz")
            sizes = {path.name: path.stat().st_size for path in sorted(target.iterdir())}
            print(f"{target}: {sizes}")
    finally:
        shutil.rmtree(folder)


def _unpack(source, folder):
    with tarfile.open(source) as archive:
        for entry in archive:
            place = folder / entry.name
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            place.write_bytes(archive.extractfile(entry).read())


def _pack(folder, target):
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "emulator" not in path.name:
                entry = archive.gettarinfo(path, str(path.relative_to(folder)))
                entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, 0, "", ""
                with path.open("rb") as file:
                    archive.addfile(entry, file)
    target.write_bytes(gzip.compress(memory.getvalue(), mtime=0))


def _live(home, google):
    """A life in small: calendars, series, exceptions, guests, conflicts, edits that wait."""
    person = Person(google)
    zone = {"timeZone": "Europe/Paris"}
    second = person.add_calendar("Garden")
    (own,) = [calendar for calendar in person.calendars() if calendar != second]
    ids = {}
    for number in range(6):
        ids[number] = person.add(own, {
            "summary": f"Inspection {number}", "location": f"Hall {number}",
            "start": {"dateTime": f"2027-02-0{number + 1}T10:00:00+01:00", **zone},
            "end": {"dateTime": f"2027-02-0{number + 1}T11:00:00+01:00", **zone}})["id"]
    person.add(second, {
        "summary": "Harvest", "start": {"date": "2027-09-01"}, "end": {"date": "2027-09-04"}})
    person.add(own, {
        "summary": "Meeting", "attendees": [{"email": "bob@example.com"}],
        "start": {"dateTime": "2027-02-10T10:00:00+01:00", **zone},
        "end": {"dateTime": "2027-02-10T11:00:00+01:00", **zone}})
    series = person.add(own, {
        "summary": "Weekly round", "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=8"],
        "start": {"dateTime": "2027-03-01T09:00:00+01:00", **zone},
        "end": {"dateTime": "2027-03-01T09:30:00+01:00", **zone}})["id"]
    person.edit(own, f"{series}_20270308T080000Z", {"summary": "Weekly round, late"})
    person.delete(own, f"{series}_20270315T080000Z")
    home.sign_in()
    settle(google, [home])

    def edit(*words):
        home.run("events", *words).expect(DONE)

    # A conflict that stays open, and one that is settled.
    for number, where in ((0, "Hall mine"), (1, "Hall ours")):
        edit("edit", ids[number], "--where", where)
        person.edit(own, ids[number], {"location": f"Hall theirs {number}"})
    settle(google, [home])
    settled = [item for item in home.items("conflicts", "list") if item["mine"] == "Hall ours"]
    home.run("conflicts", "resolve", settled[0]["id"], "--use", "mine").expect(DONE)
    edit("delete", ids[5])
    settle(google, [home])
    # What waits: a creation, an edit, a move, an edit of an instance.
    edit("add", "--title", "Fresh", "--when", "2027-04-01 10:00", "--where", "Shed")
    edit("edit", ids[2], "--where", "Hall waiting", "--description", "Not sent yet")
    edit("move", ids[3], "Garden")
    edit("edit", f"{series}_20270322T080000Z", "--title", "Weekly round, short")


PROOF = Proof(
    "schemas", one, unit="stores", usual=1, long=1, workers=1,
    line="{stores} stores of released schemas with {events} events and {edits} edits that waited, "
    "at rest in at most {rounds} rounds")

if __name__ == "__main__":
    if sys.argv[1:] == ["--make"]:
        make()
    else:
        main(PROOF, __doc__)
