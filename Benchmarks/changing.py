"""What one change costs, beside how many events there are."""

import contextlib
import json
import urllib.parse

from local_google import USER, LocalGoogle, signed_in
from measuring import Failure, median, run, taking_turns
from report import row

SMALL = 1000
LARGE = 100_000
BAR = 1.2


class Account:
    """A synced account of so many events, in which one thing changes at a time."""

    def __init__(self, tandem, google, env):
        self.google = google
        self.env = env
        self._tandem = tandem
        self._path = f"/calendar/v3/calendars/{urllib.parse.quote(USER, safe='')}/events"
        self.first = self.idle()
        query = "?maxResults=2500&fields=items(id,recurrence)"
        items = google.call(self._path + query)["items"]
        # Each is taken once, so that no change meets another.
        self._ids = [item["id"] for item in items if "recurrence" not in item]
        self._number = 0

    def idle(self):
        """A sync of what is there."""
        return run([self._tandem, "sync", "--calendars", "--json"], self.env)

    def _next(self):
        self._number += 1
        return self._ids.pop(), f"Change {self._number}"

    def _checked(self, result, direction, what):
        """The run, if it brought or sent exactly one thing of a sort."""
        found = counted(json.loads(result.output), direction)
        if found != {what: 1}:
            raise Failure(f"a sync after one change says that it {direction} {found}")
        return result

    def change_there(self):
        """A sync after somebody changed an event at Google."""
        name, text = self._next()
        self.google.call(f"{self._path}/{name}", "PATCH", {"description": text})
        return self._checked(self.idle(), "pulled", "updated")

    def delete_there(self):
        """A sync after somebody deleted an event at Google."""
        name, _ = self._next()
        self.google.call(f"{self._path}/{name}", "DELETE")
        return self._checked(self.idle(), "pulled", "deleted")

    def edit_here(self):
        """The edit of an event, without a network; then it is sent, which is not measured."""
        result = run([self._tandem, "events", "edit", *self._edit()], self.env)
        self._checked(self.idle(), "pushed", "updated")
        return result

    def send_edit(self):
        """The sync that sends one edit."""
        run([self._tandem, "events", "edit", *self._edit()], self.env)
        return self._checked(self.idle(), "pushed", "updated")

    def _edit(self):
        name, text = self._next()
        return [name, "--title", text, "--json"]


def counted(summary, direction):
    """What a sync says it pulled or pushed, by sort, without what there is none of."""
    sums = {}
    for collection in summary["collections"]:
        for sort, count in collection[direction].items():
            sums[sort] = sums.get(sort, 0) + count
    return {sort: count for sort, count in sums.items() if count}


@contextlib.contextmanager
def account(tandem, events):
    """A local Google with so many events, and a store that has them all."""
    with LocalGoogle(tandem, events) as google, signed_in(tandem, google) as env:
        yield Account(tandem, google, env)


WORKS = (
    ("sync of one change made at Google", Account.change_there),
    ("sync of one delete made at Google", Account.delete_there),
    ("sync that sends one edit", Account.send_edit),
    ("one edit, offline", Account.edit_here),
)


def one_change(options):
    """Each sort of change in the large store beside the small one, in turns."""
    with account(options.tandem, SMALL) as few, account(options.tandem, LARGE) as many:
        for work, perform in WORKS:
            perform(few)
            perform(many)
            small, large = taking_turns(
                max(options.runs * 3, 9), lambda: perform(few), lambda: perform(many))
            yield from change_rows(work, small, large)


def change_rows(work, small, large):
    name, peer = f"{work}, among {LARGE} events", f"among {SMALL}"
    for field, more in (("seconds", ""), ("cpu", ", processor time")):
        ours, theirs = median(large, field), median(small, field)
        yield row(name + more, ours, peer, theirs, f"≤ {BAR}", ours <= BAR * theirs)
    yield row(
        name + ", read from files and Google", median(large, "read_kib"), peer,
        median(small, "read_kib"), "none", True, unit="KiB",
    )
