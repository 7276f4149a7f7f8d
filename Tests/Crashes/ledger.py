"""Who wrote what, and what must have become of it when everything is at rest.

The ledger knows nothing of how tandem works. Every value is a text that is written once, so that a
value that is lost, doubled or put elsewhere shows by itself. An event is known by its mark, the
first word of its title, which nobody changes.
"""

import dataclasses
import json

# What is followed of an event; the calendar is where it lies, not a member of it.
FIELDS = ("summary", "location", "description", "calendar")
WEB = "web"


@dataclasses.dataclass
class Deed:
    """One value that was written, or one deletion."""

    by: str
    value: str
    order: int
    # Whether it was acknowledged; one that is not may have happened all the same.
    sure: bool = True
    # Who else met it at Google, and may then replace it.
    met_by: set = dataclasses.field(default_factory=set)


@dataclasses.dataclass
class Thing:
    """What happened to one event since everything was at rest last."""

    mark: str
    # Whether it was there then.
    was_there: bool = False
    fields: dict = dataclasses.field(default_factory=lambda: {field: [] for field in FIELDS})
    before: dict = dataclasses.field(default_factory=dict)
    made: list = dataclasses.field(default_factory=list)
    deleted: list = dataclasses.field(default_factory=list)

    @property
    def deeds(self):
        written = [deed for field in FIELDS for deed in self.fields[field]]
        return sorted(self.made + written + self.deleted, key=lambda deed: deed.order)


def mark_of(event):
    return (event.get("summary") or "?").split(" ")[0]


class Ledger:
    """Everything that was written since everything was at rest last."""

    def __init__(self, name=""):
        self.things = {}
        self.name = name
        self.count = 0
        self.order = 0
        self.acknowledged = 0

    def token(self):
        """A text that is nowhere else."""
        self.count += 1
        return f"{self.name}t{self.count}"

    def new_mark(self):
        self.count += 1
        return f"{self.name}e{self.count}"

    def _deed(self, by, value, sure):
        self.order += 1
        if sure and by != WEB:
            self.acknowledged += 1
        return Deed(by, value, self.order, sure)

    def add(self, mark, values, by, sure=True):
        thing = self.things.setdefault(mark, Thing(mark))
        thing.made.append(self._deed(by, mark, sure))
        for field, value in values.items():
            thing.fields[field].append(Deed(by, value, self.order, sure))

    def edit(self, mark, values, by, sure=True):
        deed = self._deed(by, "", sure)
        for field, value in values.items():
            self.things[mark].fields[field].append(Deed(by, value, deed.order, sure))

    def delete(self, mark, by, sure=True):
        self.things[mark].deleted.append(self._deed(by, mark, sure))

    def met(self, event, by):
        """Somebody sees an event as Google has it."""
        thing = self.things.get(mark_of(event))
        for field in FIELDS if thing else ():
            for deed in thing.fields[field]:
                if deed.by != by and deed.value == event.get(field):
                    deed.met_by.add(by)

    def told(self, feed, by):
        """Takes in all that somebody was ever shown, as (mark, calendar, text): what others wrote
        came by Google."""
        feed = list(feed)
        text = "\n".join(line for _, _, line in feed)
        places = {(mark, calendar) for mark, calendar, _ in feed}
        for thing in self.things.values():
            for field in FIELDS:
                for deed in thing.fields[field]:
                    # Of all that is written only the calendar is not a text of its own.
                    was_shown = (
                        (thing.mark, deed.value) in places if field == "calendar"
                        else holds(text, deed.value))
                    if deed.by != by and was_shown:
                        deed.met_by.add(by)

    def rest(self, events):
        """Begins anew from what is live now."""
        self.things = {}
        for event in events:
            mark = mark_of(event)
            self.things[mark] = Thing(
                mark, was_there=True, before={field: event.get(field) for field in FIELDS})

    def judge(self, events, kept):
        """What is wrong with what is live at rest.

        - events: Google's live ones; both sides are known to be equal.
        - kept: The text of everything that waits for a person or was settled, at all clients.
        - Returns: One sentence for each thing that is wrong.
        """
        live = {}
        for event in events:
            live.setdefault(mark_of(event), []).append(event)
        problems = [f"{mark} was made by nobody" for mark in live if mark not in self.things]
        for mark, thing in self.things.items():
            copies = live.get(mark, [])
            # Also where several homes edited what was deleted, and each brought it to life again.
            if len(copies) > 1:
                problems.append(f"{mark} is there twice")
            found = _living(thing, copies, kept) if copies else _missing(thing, kept)
            problems += [f"{mark}: {problem}" for problem in found]
        return problems


def holds(text, value):
    """Whether JSON holds a text, be it in a text of JSON within it."""
    whole = json.dumps(value)
    return whole in text or json.dumps(whole)[1:-1] in text


def _missing(thing, kept):
    made = thing.was_there or any(deed.sure for deed in thing.made)
    if not made:
        return []
    if not thing.deleted:
        return ["it is gone, and nobody deleted it"]
    problems = []
    # Where it lay goes with it: a deletion follows what somebody else only moved meanwhile.
    for field in (field for field in FIELDS if field != "calendar"):
        for deed, later in _last_of_each(thing.fields[field]):
            if not _is_given_up(deed, thing) and not _is_accounted([deed, *later], [], kept):
                problems.append(f"the {field} {deed.value} of {deed.by} went with a deletion")
    return problems


def _living(thing, copies, kept):
    problems = []
    for gone in thing.deleted:
        others = [deed for deed in thing.deeds if deed.by != gone.by and deed not in thing.deleted]
        if gone.sure and not others:
            problems.append(f"{gone.by} deleted it, and it lives")
    for field in FIELDS:
        values = [event.get(field) for event in copies]
        deeds = thing.fields[field]
        known = [deed.value for deed in deeds] + [thing.before.get(field)]
        for value in values:
            if value not in known:
                problems.append(f"its {field} is {value}, which nobody wrote there")
        for deed, later in _last_of_each(deeds):
            if not _is_given_up(deed, thing) and not _is_accounted([deed, *later], values, kept):
                problems.append(f"the {field} {deed.value} of {deed.by} is lost; live: {values}")
        problems += _reverted(field, thing, values)
    return problems


def _reverted(field, thing, values):
    """A value of the web's may only be replaced by what was written after it.

    One that was deleted afterwards, by the web or by who had met it, is nobody's any more: another
    home that edited the event before brings it to life as it knew it.
    """
    deeds = thing.fields[field]
    last = [deed for deed in deeds if deed.by == WEB][-1:]
    if not last or last[0].value in values:
        return []
    if any(
            gone.order > last[0].order and gone.by in {WEB, *last[0].met_by}
            for gone in thing.deleted):
        return []
    if any(deed.value in values and deed.order > last[0].order for deed in deeds):
        return []
    return [f"the {field} {last[0].value} of the web was taken back to {values}"]


def _last_of_each(deeds):
    """The last acknowledged value of each writer here, and what may have followed it."""
    for writer in sorted({deed.by for deed in deeds if deed.by != WEB}):
        own = [deed for deed in deeds if deed.by == writer]
        sure = [index for index, deed in enumerate(own) if deed.sure]
        if sure:
            yield own[sure[-1]], own[sure[-1] + 1:]


def _is_given_up(deed, thing):
    """Whether its writer deleted the event later, which gives up what was edited before."""
    return any(other.by == deed.by and other.order > deed.order for other in thing.deleted)


def _is_accounted(deeds, values, kept):
    return any(deed.met_by or deed.value in values or holds(kept, deed.value) for deed in deeds)
