#!/usr/bin/env python3
"""Three clients of one account, killed, paused and cut off: they converge (P1, P2, P3).

    python3 Tests/Crashes/clients.py --seed 1 --runs 50

Each run begins with three homes and an empty local Google. People edit in each home and at Google;
syncs run side by side, are killed or paused, meet a network that leads nowhere or a Google that
stands still. When that has ended, every home shows what Google has within five rounds of syncing.
"""

import random
import shutil
import signal

from editing import Desk, Other
from ledger import Ledger
from machine import ADA, Home, Person, local_google
from proof import Proof, main
from settling import at_rest

HOMES = 3
STEPS = 24

# How long an edit waits for a paused sync before that goes on; it would be refused after 10 s.
PATIENCE_SECONDS = 3

# Nothing listens there: port 1 is the kernel's to refuse.
NOWHERE = "http://127.0.0.1:1"


class Client:
    """One home, whoever edits there, and the sync that may be running."""

    def __init__(self, google, folder, name, ledger, chance, calendars):
        self.google = google
        self.chance = chance
        self.home = Home(folder / name, google.url, name)
        self.desk = Desk(self.home, ledger, chance, calendars)
        self.sync = None
        self.is_paused = False

    def toggle(self, tally):
        """Starts a sync, or does something to the one that runs."""
        if self.sync is not None and self.sync.is_over:
            self.end()
        if self.sync is None:
            self.sync = self.home.start("sync", "--now", "--json")
            tally["syncs"] += 1
        elif self.is_paused:
            self.sync.signal(signal.SIGCONT)
            self.is_paused = False
        elif self.chance.random() < 0.5:
            tally["kills"] += self.sync.signal(signal.SIGKILL)
            self.end()
        else:
            self.is_paused = self.sync.signal(signal.SIGSTOP)
            tally["pauses"] += self.is_paused

    def part(self, tally):
        """Leads the home nowhere, or back."""
        self.home.url = self.google.url if self.home.url == NOWHERE else NOWHERE
        tally["partitions"] += self.home.url == NOWHERE

    def end(self):
        """Lets the sync that runs come to its end."""
        if self.sync is not None:
            self.sync.signal(signal.SIGCONT)
            self.sync.finish()
        self.sync, self.is_paused = None, False

    def work(self, tally):
        """An edit; a sync that was paused within a transaction may have to go on first."""
        if self.chance.random() < 0.3 and not self.is_paused:
            self.desk.look(self.home.items("events", "list"))
        edit = self.desk.draw()
        command = self.home.start(*edit.words, "--json")
        if self.is_paused and not command.wait(PATIENCE_SECONDS):
            self.sync.signal(signal.SIGCONT)
            self.is_paused = False
            tally["waits"] += 1
        self.desk.note(edit, command.finish())


class World:
    """One run."""

    def __init__(self, google, folder, name, chance, tally):
        self.google = google
        self.chance = chance
        self.tally = tally
        self.person = Person(google)
        self.ledger = Ledger(name)
        self.other = Other(self.person, self.ledger, chance)
        calendars = {ADA: ADA, self.person.add_calendar("Garden"): "Garden"}
        self.clients = [
            Client(google, folder, f"{name}h{number}", self.ledger, chance, calendars)
            for number in range(HOMES)]

    def begin(self):
        self.other.plant(14, self.person.calendars())
        for client in self.clients:
            client.home.sign_in()
        self.rest()

    def live(self):
        for _ in range(STEPS):
            client = self.chance.choice(self.clients)
            acts = [
                lambda: client.work(self.tally), self.other.work, lambda: client.toggle(self.tally),
                lambda: client.part(self.tally), self.stand_still]
            self.chance.choices(acts, [6, 2, 8, 1, 1])[0]()

    def stand_still(self):
        """Google answers nobody for as long as an edit takes."""
        self.google.process.send_signal(signal.SIGSTOP)
        try:
            self.chance.choice(self.clients).work(self.tally)
        finally:
            self.google.process.send_signal(signal.SIGCONT)
        self.tally["standstills"] += 1

    def rest(self):
        for client in self.clients:
            client.home.url = self.google.url
            client.end()
        homes = [client.home for client in self.clients]
        rounds, shown = at_rest(self.google, self.person, homes, self.ledger)
        for client, one_of_shown in zip(self.clients, shown):
            client.desk.look(one_of_shown[0])
        self.tally.most("rounds", rounds)
        self.tally["acknowledged"] += self.ledger.acknowledged
        self.ledger.acknowledged = 0


def one(seed, folder, number, share, tally):
    """A worker's part of the runs."""
    with local_google(folder) as google:
        for index in range(share):
            google.control("POST", "reset")
            name = f"w{number}r{index}"
            world = World(
                google, folder / "homes", name, random.Random(f"{seed}/{name}"), tally)
            world.begin()
            try:
                world.live()
            finally:
                for client in world.clients:
                    client.end()
            world.rest()
            shutil.rmtree(folder / "homes")
            tally["runs"] += 1


PROOF = Proof(
    "clients", one, unit="runs", usual=50, long=1000,
    line="{runs} runs of three clients, {syncs} syncs, {kills} killed, {pauses} paused "
    "({waits} within a transaction), {partitions} cut off, {standstills} standstills of Google, "
    "at rest in at most {rounds} rounds, {acknowledged} edits acknowledged")

if __name__ == "__main__":
    main(PROOF, __doc__)
