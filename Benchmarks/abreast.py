"""What it brings to read several calendars side by side."""

from local_google import LocalGoogle, signed_in
from measuring import median, run, taking_turns
from report import row

CALENDARS = 10
# How long Google takes for an answer, as over a network.
DELAY_SECONDS = 0.1


def abreast(options):
    """Many calendars beside one of as many events; then many whose answers take their time."""
    command = [options.tandem, "sync", "--calendars", "--json"]

    def first(google):
        with signed_in(options.tandem, google) as env:
            return run(command, env)

    with LocalGoogle(options.tandem, options.events, CALENDARS) as many:
        with LocalGoogle(options.tandem, options.events) as one:
            ours, theirs = taking_turns(
                options.runs, lambda: first(many), lambda: first(one))
        yield row(
            f"first full sync of {CALENDARS} calendars with {options.events} events",
            median(ours), "the same in one calendar", median(theirs), "none", True,
        )
        with signed_in(options.tandem, many) as env:
            run(command, env)
            many.call("/_emulator/faults", "POST", {
                "api": "calendar", "method": "events.list", "times": 1_000_000,
                "delayMs": round(DELAY_SECONDS * 1000),
            })
            idle = [run(command, env) for _ in range(max(options.runs, 5))]
    waits = CALENDARS * DELAY_SECONDS
    yield row(
        f"nothing to do in {CALENDARS} calendars, each answer after "
        f"{DELAY_SECONDS * 1000:.0f} ms", median(idle), "the waits alone, one after the other",
        waits, "≤ 1/2", median(idle) * 2 <= waits,
    )
