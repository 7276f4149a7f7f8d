#!/usr/bin/env python3
"""A write-ahead log that was cut or damaged anywhere: P1 and P4, as a power cut leaves a store.

    python3 Tests/Crashes/cuts.py --seed 1 --cuts 1000

A second connection keeps the log from being folded into the file while edits are made. Then, again
and again, the files are copied, and the log's end is cut off or garbled at a random byte. The store
has to open; its edits have to be a prefix of those that were acknowledged, with every one whose
commit lay before that byte; and the file has to be whole. Each twentieth copy is synced, too.
"""

import contextlib
import random
import shutil
import sqlite3

from editing import Desk, Other
from ledger import Ledger
from machine import Home, Person, local_google, require
from proof import Proof, main
from settling import at_rest, compare, settle

EDITS = 60
# So few that they are no mass deletion (P6) when all of them are sent at once.
DELETIONS = 6
CUTS_BETWEEN_SYNCS = 20


class Recording:
    """A home whose log holds many edits, and what each commit made of it."""

    def __init__(self, google, folder, seed, name):
        self.google = google
        self.person = Person(google)
        self.chance = random.Random(f"{seed}/{name}")
        self.home = Home(folder / "home", google.url, name)
        self.ledger = Ledger(name)
        self.desk = Desk(self.home, self.ledger, self.chance)
        # After each edit: how long the log was, and what was to be seen.
        self.states = []

    def make(self):
        other = Other(self.person, self.ledger, self.chance)
        other.plant(20, self.person.calendars())
        self.home.sign_in()
        _, shown = at_rest(self.google, self.person, [self.home], self.ledger)
        self.desk.rest(shown[0])
        with contextlib.closing(sqlite3.connect(self.home.database)) as reader:
            # Whoever has read once stays in the store's list of readers until it is closed.
            reader.execute("SELECT count(*) FROM runs").fetchall()
            self._note()
            kinds = ["add", "edit"] * (EDITS // 2 - DELETIONS // 2) + ["delete"] * DELETIONS
            self.chance.shuffle(kinds)
            for kind in kinds:
                self.desk.work(kind)
                self._note()
            self.files = {
                path.relative_to(self.home.folder): path.read_bytes()
                for path in sorted(self.home.folder.rglob("*"))
                if path.is_file() and not path.name.endswith("-shm")}
        self.log_bytes = self.files[self.home.log.relative_to(self.home.folder)]
        self.google_then = self.google.snapshot()
        lengths = [length for length, _ in self.states]
        require(lengths == sorted(set(lengths)), f"the log did not grow by each edit: {lengths}")

    def _note(self):
        length = self.home.log.stat().st_size if self.home.log.exists() else 0
        self.states.append((length, seen(self.home)))

    def copy(self, folder, log):
        """A home as it was, but for its log."""
        for path, content in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target.write_bytes(log if path.name.endswith("-wal") else content)
        return Home(folder, self.google.url, self.home.name)


def seen(home):
    """What a home shows: the texts of each event by its id."""
    return {
        item["id"]: [item["data"].get(field) for field in ("summary", "location", "description")]
        for item in home.items("events", "list")}


def damage(log, place, chance):
    """The log with its end gone, or with bytes behind a place that are others."""
    kind = chance.random()
    if kind < 0.7:
        return log[:place]
    if kind < 0.85:
        # A page that was not written, or not all of it.
        gone = min(len(log) - place, chance.choice([1, 512, 4096, 20_000]))
        return log[:place] + bytes(gone) + log[place + gone:]
    length = min(len(log) - place, chance.choice([1, 100, 4096]))
    other = bytes(byte ^ chance.randint(1, 255) for byte in log[place:place + length])
    return log[:place] + other + log[place + length:]


def check(recording, home, place, tally):
    """Holds what a damaged copy shows against what was acknowledged."""
    shown = seen(home)
    states = recording.states
    # The last state whose commit lies wholly before the damage.
    least = max(index for index, (length, _) in enumerate(states) if length <= max(
        place, states[0][0]))
    fits = [index for index in range(len(states)) if states[index][1] == shown]
    require(fits, f"cut at byte {place}: what is there was never there")
    require(
        max(fits) >= least,
        f"cut at byte {place}: {least} edits were on the disk, and {max(fits)} are there")
    tally["lost"] += len(states) - 1 - max(fits)
    return max(fits)


def whole(home, place):
    """Has SQLite itself look at every page and every reference."""
    with contextlib.closing(sqlite3.connect(home.database)) as database:
        found = database.execute("PRAGMA integrity_check").fetchall()
        orphans = database.execute("PRAGMA foreign_key_check").fetchall()
    require(found == [("ok",)] and not orphans, f"cut at byte {place}: {found} {orphans}")


def converge(recording, home, place):
    """Syncs a damaged copy with Google as it was when the log was written."""
    recording.google.restore(recording.google_then)
    before = seen(home)
    settle(recording.google, [home])
    events = recording.person.events()
    compare(home, events)
    require(
        seen(home) == before, f"cut at byte {place}: a sync changed what had been edited here")
    marks = [event["summary"].split(" ")[0] for _, event in events]
    require(len(marks) == len(set(marks)), f"cut at byte {place}: something is there twice")


def one(seed, folder, number, share, tally):
    """A worker's part of the cuts."""
    with local_google(folder) as google:
        recording = Recording(google, folder, seed, f"c{number}")
        recording.make()
        tally["edits"] += EDITS
        reached = set()
        for cut in range(share):
            place = recording.chance.randint(0, len(recording.log_bytes))
            log = damage(recording.log_bytes, place, recording.chance)
            copy = recording.copy(folder / "copy", log)
            reached.add(check(recording, copy, place, tally))
            whole(copy, place)
            if cut % CUTS_BETWEEN_SYNCS == 0:
                converge(recording, copy, place)
                tally["syncs"] += 1
            shutil.rmtree(copy.folder)
            tally["cuts"] += 1
        tally["states"] += len(reached)


PROOF = Proof(
    "cuts", one, unit="cuts", usual=1000, long=20_000,
    line="{cuts} logs cut or damaged among {edits} edits, {states} different prefixes, "
    "{syncs} of them synced")

if __name__ == "__main__":
    main(PROOF, __doc__)
