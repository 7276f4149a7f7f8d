"""What grows with the store: its size, our memory, and the time of what is done every day."""

import datetime
import json
import os

from changing import account, counted
from floor import store_file
from measuring import Failure, median, peak, run

SIZES = [1000, 10_000, 100_000, 1_000_000]
# First syncs of stores of at least so many events are measured once.
LARGE = 100_000


def growth(options):
    """One line a size."""
    for events in options.growth:
        yield size(options, events)


def size(options, events):
    firsts = []
    for _ in range(0 if events >= LARGE else options.runs - 1):
        with account(options.tandem, events) as synced:
            firsts.append(synced.first)
    with account(options.tandem, events) as synced:
        firsts.append(synced.first)
        found = counted(json.loads(synced.first.output), "pulled")
        # The one calendar is brought, too.
        if found != {"created": events + 1}:
            raise Failure(f"a first sync of {events} events and their calendar brought {found}")
        store = os.path.getsize(store_file(synced.env))
        week = busy_week(options, synced)
        return {
            "events": events, "store": store, "first": median(firsts),
            "first_cpu": median(firsts, "cpu"), "first_peak": peak(firsts),
            "first_read": median(firsts, "read_kib"),
            "idle": median([synced.idle() for _ in range(options.runs)]),
            "change": median([synced.change_there() for _ in range(options.runs)]),
            "delete": median([synced.delete_there() for _ in range(options.runs)]),
            "send": median([synced.send_edit() for _ in range(options.runs)]),
            "edit": median([synced.edit_here() for _ in range(options.runs)]),
            "idle_peak": peak([synced.idle()]),
            "checked": median([first_of_a_day(synced) for _ in range(options.runs)]), **week,
        }


def first_of_a_day(synced):
    """A sync with nothing to do that looks at all of the file before, as each day's first does."""
    # Without the note of how it was left the file is looked at, too.
    store_file(synced.env).with_name("tandem.closed").unlink()
    return synced.idle()


def busy_week(options, synced):
    """The agenda of the week that most other weeks are like: it shows ever more."""
    monday = synced.google.busy_week()
    command = [
        options.tandem, "agenda", "--from", monday, "--to", monday + datetime.timedelta(days=7),
        "--json",
    ]
    runs = [run(command, synced.env) for _ in range(options.runs)]
    return {"agenda": median(runs), "shown": len(json.loads(runs[0].output)["items"])}
