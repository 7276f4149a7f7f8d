#!/usr/bin/env python3
"""An old copy of a store that is put back neither doubles nor reverts anything (P17).

    python3 Tests/Crashes/old_copy.py --seed 1 --copies 40

A home is copied, with edits in it that wait; then it lives on, edits, syncs. When everything is at
rest, the old copy takes its place. All that it knows was sent long ago: after its syncs Google has
to hold what it held before them, event by event, word by word. In some rounds two days pass at
Google meanwhile, or the sync cursors that the copy has are no longer good.
"""

import random
import shutil

from editing import Desk, Other
from ledger import Ledger, mark_of
from machine import Broken, Home, Person, local_google, require
from proof import Proof, main
from settling import at_rest, compare, content, differences, placed, settle

TWO_DAYS_SECONDS = 2 * 86_400


class History:
    """One home, its copies, and what became of them."""

    def __init__(self, google, folder, seed, name, tally):
        self.google = google
        self.folder = folder
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

    def rest(self, *words):
        _, shown = at_rest(self.google, self.person, [self.home], self.ledger, *words)
        self.desk.rest(shown[0])

    def round(self):
        for _ in range(self.chance.choice([0, 1, 2, 3])):
            self.desk.work()
        waiting = {item["title"].split(" ")[0] for item in self.home.items("queue", "list")}
        self.tally["waiting"] += len(waiting)
        copy = self.folder / "copy"
        shutil.copytree(self.home.folder, copy)
        for _ in range(self.chance.randint(1, 4)):
            self.live_on()
        self.rest()
        then = {mark_of(event): event for _, event in self.person.events()}
        flags = self.pass_time()
        shutil.rmtree(self.home.folder)
        copy.rename(self.home.folder)
        settle(self.google, [self.home], *flags)
        self.hold(then, waiting)
        self.rest()
        self.tally["copies"] += 1
        self.tally["acknowledged"] = self.ledger.acknowledged

    def live_on(self):
        """Edits and a sync that the copy will know nothing of."""
        for _ in range(self.chance.choice([1, 2, 3])):
            self.desk.work()
        for _ in range(self.chance.choice([0, 1, 2])):
            self.other.work()
        self.home.sync()

    def pass_time(self):
        """What happens at Google before the copy is put back; flags for the sync that follows."""
        chance = self.chance.random()
        if chance < 0.3:
            self.google.control("POST", "clock", {"advance": TWO_DAYS_SECONDS})
            self.tally["late"] += 1
        elif chance < 0.6:
            self.google.control("POST", "expire", {"what": "calendar-cursors"})
            self.tally["expired"] += 1
            # How often that may happen by itself is limited, and not by whoever asks for it.
            return ["--full"]
        return []

    def hold(self, then, waiting):
        """Holds what Google has against what it had before the copy was put back."""
        events = self.person.events()
        compare(self.home, events)
        now = {}
        for _, event in events:
            mark = mark_of(event)
            require(mark not in now, f"{mark} is there twice")
            now[mark] = event
        # An edit beats a deletion (P10), and the copy cannot know that this one was older.
        revived = {mark for mark in now.keys() - then.keys() if mark in waiting}
        self.tally["revived"] += len(revived)
        if now.keys() - revived != then.keys():
            raise Broken(
                f"came back: {sorted(now.keys() - then.keys())}, "
                f"gone: {sorted(then.keys() - now.keys())}")
        for mark, event in then.items():
            before, after = content(event), content(now[mark])
            require(before == after, f"{mark} was changed by an old copy: "
                    f"{differences(after, before)}")
        self.ledger.rest(placed(events))


def one(seed, folder, number, share, tally):
    """A worker's part of the copies."""
    with local_google(folder) as google:
        history = History(google, folder, seed, f"o{number}", tally)
        for _ in range(share):
            history.round()


PROOF = Proof(
    "old_copy", one, unit="copies", usual=40, long=500,
    line="{copies} old copies put back with {waiting} edits that waited in them, {late} after two "
    "days, {expired} with cursors no longer good; {revived} edits beat a later deletion")

if __name__ == "__main__":
    main(PROOF, __doc__)
