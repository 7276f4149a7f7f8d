#!/usr/bin/env python3
"""A disk that fills up: refusals are told, and nothing acknowledged is lost (P1, P4, P16).

    python3 Tests/Crashes/full_disk.py --seed 1 --points 40

A home lies on a file system of its own, on which so many bytes are left that the disk is full at
another place each time: while an edit is stored, while a page is, while an answer is. Every other
point sets a limit on how long files may get instead, which the system enforces in the same places
with another error, and which needs no right to mount. With room again everything comes to rest.
"""

import os
import random
import shutil
import signal
import subprocess
import sys

from editing import Desk, Other
from ledger import Ledger
from machine import CONFLICTS, DONE, NOT_FOUND, OTHER, Home, Person, local_google, require
from proof import Proof, main
from settling import at_rest, placed

# How much room the home has besides what it begins with, and how much of it a point leaves: an
# edit writes some pages of 8 KiB, a sync several times as many.
ROOM_BYTES = 2 << 20
MOST_LEFT_BYTES = 448 << 10
# A log grows from nothing; the store itself is longer than most of these limits.
MOST_ALLOWED_BYTES = 900 << 10
# The unit of `ulimit -f` (POSIX.1-2017).
BLOCK_BYTES = 512
STEPS_PER_POINT = 4
REFUSALS_PER_POINT = 2
MOUNTED = "TANDEM_CRASHES_MOUNTED"


class Small:
    """A home on a small disk, or under a limit; the same content at the beginning of each point."""

    def __init__(self, google, folder, seed, name):
        self.google = google
        self.folder = folder
        self.name = name
        self.chance = random.Random(f"{seed}/{name}")
        self.person = Person(google)
        self.home = Home(folder / "template", google.url, name)
        ledger = Ledger(name)
        other = Other(self.person, ledger, self.chance)
        other.plant(20, self.person.calendars())
        self.home.sign_in()
        at_rest(google, self.person, [self.home], ledger)
        self.then = google.snapshot()
        self.ledger = ledger

    def point(self, use, tally):
        """One point: works until something was refused, then with room again."""
        self.google.restore(self.then)
        self.google.forget_requests()
        place = self.folder / "place"
        place.mkdir()
        try:
            with use(place, self) as (home, under, free):
                desk = Desk(home, self.ledger, self.chance)
                desk.look(home.items("events", "list"))
                self.ledger.rest(placed(self.person.events()))
                other = Other(self.person, self.ledger, self.chance)
                refusals = 0
                for _ in range(STEPS_PER_POINT):
                    other.work()
                    refusals += self.step(desk, under, tally)
                    if refusals >= REFUSALS_PER_POINT:
                        break
                free()
                at_rest(self.google, self.person, [home], self.ledger)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def step(self, desk, under, tally):
        """One edit and one sync, where there may be no room for either; how many had none."""
        edit = desk.draw()
        run = desk.home.run(*edit.words, "--json", under=under)
        is_refused = run.status not in (DONE, NOT_FOUND)
        if is_refused:
            refused_aloud(run)
            require(run.answer is None, f"{run.told()}: refused and answered")
        if not is_refused or run.status == -signal.SIGXFSZ:
            tally["kept"] += desk.note(edit, run)
        sync = desk.home.run("sync", "--now", "--json", under=under)
        is_halted = sync.status not in (DONE, CONFLICTS)
        if is_halted:
            refused_aloud(sync)
        tally["refused"] += is_refused
        tally["halted"] += is_halted
        return is_refused + is_halted


def refused_aloud(run):
    """What a command says where it finds no room."""
    require(run.status in (OTHER, -signal.SIGXFSZ), run.told())
    if run.status == OTHER:
        require(run.error.get("code") in ("store.full", "store.io"), run.told())
        require(run.error.get("message") and run.error.get("remedy"), f"{run.told()}: no remedy")


class Disk:
    """A file system in memory with a home on it and few bytes left."""

    def __init__(self, place, small):
        self.place = place
        self.small = small
        self.fill = place / "fill"

    def __enter__(self):
        template = self.small.home.folder
        size = sum(path.stat().st_size for path in template.rglob("*") if path.is_file())
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size + ROOM_BYTES}", "tmpfs", self.place],
            check=True)
        home = Home(self.place / "home", self.small.google.url, self.small.name)
        shutil.copytree(template, home.folder, dirs_exist_ok=True)
        self.leave(self.small.chance.randrange(0, MOST_LEFT_BYTES, 4096))
        return home, [], self.free

    def leave(self, count):
        """Fills the disk up to so many bytes."""
        space = os.statvfs(self.place)
        gone = space.f_bavail * space.f_frsize - count
        with self.fill.open("wb") as file:
            for _ in range(gone // 65_536):
                file.write(bytes(65_536))
            file.write(bytes(gone % 65_536))

    def free(self):
        self.fill.unlink()

    def __exit__(self, *_):
        subprocess.run(["umount", self.place], check=True)


class Limit:
    """A home whose files may not get longer than some bytes."""

    def __init__(self, place, small):
        self.place = place
        self.small = small

    def __enter__(self):
        home = Home(self.place / "home", self.small.google.url, self.small.name)
        shutil.copytree(self.small.home.folder, home.folder, dirs_exist_ok=True)
        blocks = self.small.chance.randrange(0, MOST_ALLOWED_BYTES // BLOCK_BYTES)
        # Who does not ignore the signal is ended by it, as by a kill.
        ignoring = self.small.chance.choice(["trap '' XFSZ; ", ""])
        script = f'{ignoring}ulimit -f {blocks}; exec "$@"'
        return home, ["/bin/sh", "-c", script, "sh"], lambda: None

    def __exit__(self, *_):
        pass


def one(seed, folder, number, share, tally):
    """A worker's part of the points."""
    with local_google(folder) as google:
        small = Small(google, folder, seed, f"d{number}")
        for index in range(share):
            is_disk = os.environ.get(MOUNTED) and index % 2 == 0
            small.point(Disk if is_disk else Limit, tally)
            tally["disks" if is_disk else "limits"] += 1


def mounting():
    """The words that let a program mount for itself alone; empty where nobody may."""
    for words in (["unshare", "-rm"], ["unshare", "-m"]):
        probe = [*words, "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]
        try:
            if subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0:
                return words
        except FileNotFoundError:
            return []
    return []


PROOF = Proof(
    "full_disk", one, unit="points", usual=40, long=1000,
    line="{disks} full disks and {limits} limits on files, {kept} edits kept, {refused} refused, "
    "{halted} syncs halted")

if __name__ == "__main__":
    words = [] if MOUNTED in os.environ else mounting()
    if words:
        os.environ[MOUNTED] = "yes"
        os.execvp(words[0], [*words, sys.executable, *sys.argv])
    main(PROOF, __doc__)
