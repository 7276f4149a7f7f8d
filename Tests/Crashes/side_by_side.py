#!/usr/bin/env python3
"""Several programs at once on one store: who holds the account, and who takes over (P1, P2, P4).

    python3 Tests/Crashes/side_by_side.py --seed 1 --rounds 30

Two syncs, and in some rounds a `sync --watch` too, are started at random moments on one store, one
of them is killed in most rounds, and edits are made meanwhile. A sync ends well or says that the
account is busy (exit 9); after a kill the next one takes over; edits wait for nobody. One worker
pauses a sync that holds the account, as a lid that is closed does, until its lease has ended.
"""

import random
import signal
import time

from editing import Desk, Other
from ledger import Ledger
from machine import BUSY, CONFLICTS, DONE, INTERRUPTED, Home, Person, local_google, require
from proof import Proof, main
from settling import at_rest

# The command line promises that the account of a dead sync is free within so many seconds.
TAKEOVER_SECONDS = 90

# One pause takes more than a minute of waiting: one for so many rounds.
ROUNDS_PER_PAUSE = 100


class Store:
    """One store that several programs use."""

    def __init__(self, google, folder, seed, name, tally):
        self.google = google
        self.chance = random.Random(f"{seed}/{name}")
        self.tally = tally
        self.person = Person(google)
        self.ledger = Ledger(name)
        self.home = Home(folder / "home", google.url, name)
        self.desk = Desk(self.home, self.ledger, self.chance)
        self.other = Other(self.person, self.ledger, self.chance)
        self.other.plant(20, self.person.calendars())
        self.home.sign_in()
        self.rest()

    def rest(self):
        _, shown = at_rest(self.google, self.person, [self.home], self.ledger)
        self.desk.rest(shown[0])
        self.tally["acknowledged"] = self.ledger.acknowledged

    def slow(self, milliseconds, times, method="events.list"):
        """Lets answers take their time, so that syncs meet."""
        self.google.fault(
            method=method, path="calendars/ada", delayMs=milliseconds, times=times)

    def round(self):
        """Two or three programs at once, and edits."""
        self.other.work()
        self.desk.work()
        self.slow(self.chance.choice([200, 500, 1000]), 3)
        programs = [["sync", "--now", "--json"]] * 2
        if self.chance.random() < 0.4:
            programs.append(["sync", "--watch", "--json"])
        self.chance.shuffle(programs)
        running = []
        for words in programs:
            running.append(self.home.start(*words))
            running[-1].wait(self.chance.uniform(0, self.life))
        if self.chance.random() < 0.5:
            self.edit_beside(running)
        killed = None
        alive = [command for command in running if not command.is_over]
        if alive and self.chance.random() < 0.7:
            killed = self.chance.choice(alive)
            hit, _ = killed.kill()
            self.tally["kills"] += hit
        for command in running:
            if command is not killed:
                self.note(command)
        self.take_over()
        self.tally["rounds_done"] += 1

    def edit_beside(self, running):
        """An edit while syncs may be running; whether one of them outlived it."""
        self.desk.work()
        self.tally["beside"] += any(not command.is_over for command in running)

    @property
    def life(self):
        """How long a sync takes that nothing holds up, in seconds."""
        return self.home.lives[("sync", "--now")]

    def note(self, command):
        """The end of a program that nobody killed."""
        is_watch = "--watch" in command.words
        if is_watch:
            # It goes on for ever, and has nothing to say when it is told to stop.
            command.wait(self.chance.uniform(0, 2 * self.life))
            command.signal(signal.SIGTERM)
        run = command.finish()
        # One that is told to end before it listens is ended by the signal itself.
        ended = (INTERRUPTED, -signal.SIGTERM)
        fitting = ended if is_watch else (DONE, CONFLICTS, BUSY)
        require(run.status in fitting, run.told())
        if run.status == BUSY:
            require(run.error.get("code") == "busy" and run.error.get("remedy"), run.told())
            self.tally["busy"] += 1
        self.tally["watches" if is_watch else "syncs"] += 1

    def take_over(self):
        """The next sync works, however the ones before it ended."""
        begun = time.monotonic()
        run = self.home.sync()
        while run.status == BUSY and time.monotonic() - begun < TAKEOVER_SECONDS:
            time.sleep(0.05)
            run = self.home.sync()
        require(run.status in (DONE, CONFLICTS), run.told())
        self.tally.most("takeover", time.monotonic() - begun)

    def pause(self):
        """A sync that stops in the midst of a creation, and goes on when it is too late."""
        self.google.forget_requests()
        self.desk.work("add")
        self.slow(3000, 1, "events.insert")
        asleep = self.home.start("sync", "--now", "--json")
        wait_for_request(self.google)
        require(asleep.signal(signal.SIGSTOP), "the sync ended before it could be paused")
        begun = time.monotonic()
        require(self.home.sync().status == BUSY, "the account was free while a sync lived")
        # Reading and editing wait for nobody, not even for one who sleeps.
        self.home.items("events", "list")
        self.edit_beside([asleep])
        while (run := self.home.sync()).status == BUSY:
            require(
                time.monotonic() - begun < TAKEOVER_SECONDS,
                f"a paused sync still holds the account after {TAKEOVER_SECONDS} s")
            time.sleep(1)
        require(run.status in (DONE, CONFLICTS), run.told())
        self.tally.most("takeover", time.monotonic() - begun)
        self.desk.work()
        asleep.signal(signal.SIGCONT)
        late = asleep.finish()
        require(late.status in (BUSY, DONE, CONFLICTS), late.told())
        self.tally["pauses"] += 1
        self.tally["stood_down"] += late.status == BUSY


def wait_for_request(google):
    """Waits until the local Google was asked for a creation."""
    deadline = time.monotonic() + 60
    while not any(item["apiMethod"] == "events.insert" for item in google.requests()):
        require(time.monotonic() < deadline, "the creation was never sent")
        time.sleep(0.01)


def one(seed, folder, number, share, tally):
    """A worker's part of the rounds; the last worker pauses syncs instead."""
    with local_google(folder) as google:
        store = Store(google, folder, seed, f"s{number}", tally)
        rounds = share * 3 // 2
        pauses = -(-rounds // ROUNDS_PER_PAUSE)
        for _ in range(pauses if number == 2 else rounds):
            store.pause() if number == 2 else store.round()
            store.rest()


PROOF = Proof(
    "side_by_side", one, unit="rounds", usual=30, long=1000, workers=3,
    line="{rounds_done} rounds of {syncs} syncs and {watches} watches that met, {busy} told to "
    "be busy, {beside} edits beside one, {kills} killed, {pauses} paused beyond the lease "
    "({stood_down} then stood down), taken over within {takeover:.1f} s, {acknowledged} edits "
    "acknowledged")

if __name__ == "__main__":
    main(PROOF, __doc__)
