#!/usr/bin/env python3
"""Programs that are killed at random moments, by the hundred: P1 to P4 with real processes.

    python3 Tests/Crashes/kills.py --seed 1 --kills 500

Each worker has a home and a local Google. Somebody edits in the home, somebody else at Google;
`tandem sync` and the edits themselves are ended by SIGKILL at random moments, while requests fail,
are cut, or take their time. After each ten kills everything has to come to rest: an edit that was
answered is there, nothing is there twice, and both sides are equal. A seed decides what is done,
and how long each process may live; what it gets done in that time the machine decides.
"""

import random
import time

from editing import Desk, Other
from ledger import Ledger
from machine import ADA, Broken, Home, Person, local_google
from proof import Proof, main
from settling import at_rest

KILLS_BETWEEN_RESTS = 10
INSTANCES = 100

# What Google and the way to it do wrong; `METHODS` says to which requests.
FAULTS = (
    {"status": 503, "reason": "backendError"}, {"status": 500, "reason": "backendError"},
    {"status": 429, "reason": "rateLimitExceeded"}, {"status": 401, "reason": "authError"},
    {"status": 403, "reason": "rateLimitExceeded"}, {"cut": "before"}, {"cut": "after"},
    {"truncate": 100}, {"garbage": True}, {"delayMs": 40}, {"delayMs": 120},
)
PAGE_FAULTS = ({"page": "again"}, {"page": "noSyncToken"}, {"page": "empty"})
METHODS = ("events.list", "events.insert", "events.patch", "events.delete", "events.get")


def main_loop(worker, kills, tally):
    """One worker: kills until there were enough, and comes to rest in between."""
    worker.begin()
    while tally["kills"] < kills:
        for _ in range(min(KILLS_BETWEEN_RESTS, kills - tally["kills"])):
            worker.strike()
        worker.rest()


class Worker:
    """One home, one local Google, and what was done to them."""

    def __init__(self, google, folder, seed, name, tally):
        self.google = google
        self.chance = random.Random(f"{seed}/{name}")
        self.tally = tally
        self.person = Person(google)
        self.ledger = Ledger(name)
        self.home = Home(folder / "home", google.url, name)
        calendars = {ADA: ADA, self.person.add_calendar("Garden"): "Garden"}
        self.desk = Desk(self.home, self.ledger, self.chance, calendars)
        self.other = Other(self.person, self.ledger, self.chance)
        # Whether cursors expired since everything was at rest last.
        self.has_expired = False

    def begin(self):
        """Kills the very first commands of a home, too: those that make and fill the store."""
        self.other.plant(20, self.person.calendars())
        self.desk.untouched = self.other.add_series(INSTANCES)
        for _ in range(3):
            self.kill("login", ["auth", "login", "--no-input"])
        self.home.sign_in()
        for _ in range(3):
            self.kill("sync", ["sync", "--now", "--json"])
        self.rest()

    def strike(self):
        """Lets both sides work a little, and kills until a kill has hit."""
        for _ in range(self.chance.choice([0, 1, 1, 2])):
            self.other.work()
        if self.chance.random() < 0.6:
            self.arm()
        hit = False
        while not hit:
            if self.chance.random() < 0.35:
                edit = self.desk.draw()
                hit, run = self.kill("edit", [*edit.words, "--json"])
                answered = self.desk.note(edit, run)
                self.tally["answered"] += hit and answered
            else:
                if self.chance.random() < 0.6:
                    self.desk.work()
                flags = ["--full"] if self.chance.random() < 0.15 else []
                hit, run = self.kill("sync", ["sync", "--now", "--json", *flags])

    def kill(self, kind, words):
        """Starts a command and kills it at some moment of its life; whether it still lived."""
        self.google.forget_requests()
        command = self.home.start(*words)
        life = self.home.lives.get(tuple(words[:2]), 0.5)
        by_sight = kind != "login" and self.chance.random() < 0.5
        if by_sight and kind == "sync":
            self.wait_for_requests(command, self.chance.randint(1, 8), life * 2)
        elif by_sight:
            self.wait_for_log(command, life * 2)
        else:
            command.wait(self.chance.uniform(0.2, 1.3) * life)
        if by_sight:
            command.wait(self.chance.uniform(0, 0.1 if kind == "sync" else 0.5) * life)
        hit, run = command.kill()
        self.tally["kills"] += hit
        self.tally[f"{kind}s"] += hit
        if hit and kind == "sync":
            self.tally["speaking"] += any(
                item["api"] == "calendar" for item in self.google.requests())
            self.tally["writing"] += bool(self.google.writes())
        return hit, run

    def wait_for_requests(self, command, count, seconds):
        """Waits until a sync has sent so many requests, or has had its time."""
        deadline = time.monotonic() + seconds
        while not command.wait(0.004) and time.monotonic() < deadline:
            if len(self.google.requests()) >= count:
                return

    def wait_for_log(self, command, seconds):
        """Waits until an edit begins to write, or has had its time."""
        deadline = time.monotonic() + seconds
        while not command.wait(0.001) and time.monotonic() < deadline:
            if self.home.log.exists() and self.home.log.stat().st_size > 0:
                return

    def arm(self):
        """Lets requests to come fail."""
        for _ in range(self.chance.choice([1, 1, 2])):
            method = self.chance.choice(METHODS)
            fits = FAULTS + PAGE_FAULTS if method == "events.list" else FAULTS
            where = {"method": method, "path": "calendars/[a-z]", "nth": self.chance.choice([1, 2])}
            self.google.fault(**where, **self.chance.choice(fits))
            self.tally["faults"] += 1
        if self.chance.random() < 0.1:
            self.google.control("POST", "expire", {"what": "access-tokens"})
        if self.chance.random() < 0.05:
            self.google.control("POST", "expire", {"what": "calendar-cursors"})
            self.has_expired = True

    def rest(self):
        # Cursors that expire twice within an hour are made good once; who asks, goes past that.
        flags = ["--full"] if self.has_expired else []
        rounds, shown = at_rest(self.google, self.person, [self.home], self.ledger, *flags)
        self.has_expired = False
        self.tally["rests"] += 1
        self.tally["acknowledged"] = self.ledger.acknowledged
        self.tally.most("rounds", rounds)
        self.desk.rest(shown[0])


def one(seed, folder, number, share, tally):
    """A worker's part of the kills."""
    with local_google(folder) as google:
        worker = Worker(google, folder, seed, f"k{number}", tally)
        try:
            main_loop(worker, share, tally)
        except Broken as broken:
            worker.google.calm()
            raise Broken(f"after {tally['kills']} kills: {broken}") from broken


PROOF = Proof(
    "kills", one, unit="kills", usual=500, long=10_000,
    line="{kills} kills ({syncs} of syncs, {speaking} of these after a first request, {writing} "
    "after a first write; {edits} of edits, {answered} of these after the answer; {logins} of "
    "first sign-ins), {faults} "
    "faults, "
    "{rests} rests in at most {rounds} rounds, {acknowledged} edits acknowledged")

if __name__ == "__main__":
    main(PROOF, __doc__)
