"""What people do all day: they make, edit, move and delete events, here and in other programs."""

import datetime

from ledger import FIELDS, WEB, mark_of
from machine import ADA, DONE, NOT_FOUND, Broken
from settling import placed

# Nobody deletes below this, so that no deletion looks like a mass deletion (P6).
FEWEST = 12
MOST = 40


def whole_event(number, values):
    """An event for Google; no two begin at one time."""
    day, hour = 1 + number % 28, number // 28 % 24
    return values | {
        "start": {"dateTime": f"2027-03-{day:02}T{hour:02}:00:00Z"},
        "end": {"dateTime": f"2027-03-{day:02}T{hour:02}:30:00Z"},
    }


class Desk:
    """One home and somebody who works there; what is acknowledged goes into the ledger.

    Each edit is known as words for the command line first, so that it can be run to its end, or be
    killed.
    """

    def __init__(self, home, ledger, chance, calendars=()):
        self.home = home
        self.ledger = ledger
        self.chance = chance
        # The ids and titles of calendars between which events are moved; none are without it.
        self.calendars = dict(calendars)
        # The ids of instances that nobody changed yet, and the marks of those that were changed.
        self.untouched = []
        self.instances = set()
        # Own ids by mark, of what is there as far as is known here.
        self.known = {}

    def rest(self, shown):
        """Takes in what is there at rest, and settles each conflict one way or the other."""
        items, conflicts = shown
        self.look(items)
        for conflict in conflicts:
            if conflict["resolution"] is None:
                self.decide(conflict)

    def look(self, items):
        """Takes in what a list shows; series stay as they are, for the sake of their instances."""
        items = {
            mark_of(item["data"]): item for item in items if "recurrence" not in item["data"]}
        self.known = {mark: item["id"] for mark, item in items.items()}
        self.instances = {
            mark for mark, item in items.items() if "recurringEventId" in item["data"]}

    def draw(self, kind=None):
        """Thinks of an edit, of any kind unless one is named."""
        weights = {
            "add": 4, "edit": 8, "delete": 2, "move": 2 if self.calendars else 0,
            "instance": 2 if self.untouched else 0}
        if len(self.known) <= FEWEST:
            weights = {"add": 1, "edit": 1}
        if len(self.known) >= MOST:
            del weights["add"]
        kind = kind or self.chance.choices(list(weights), list(weights.values()))[0]
        return getattr(self, f"_{kind}")()

    def _add(self):
        mark = self.ledger.new_mark()
        values = {"summary": f"{mark} {self.ledger.token()}"}
        if self.chance.random() < 0.5:
            values["location"] = self.ledger.token()
        day, hour = self.chance.randint(1, 28), self.chance.randint(0, 23)
        words = ["events", "add", "--when", f"2027-02-{day:02} {hour:02}:00", *flags(values)]
        values["calendar"] = ADA
        return Edit(words, mark, lambda sure: self.ledger.add(mark, values, self.name, sure))

    def _edit(self):
        mark = self.chance.choice(sorted(self.known))
        values = new_values(self.chance, self.ledger, mark)
        words = ["events", "edit", self.known[mark], *flags(values)]
        return Edit(words, mark, lambda sure: self.ledger.edit(mark, values, self.name, sure))

    def _delete(self):
        mark = self.chance.choice(sorted(self.known))
        words = ["events", "delete", self.known[mark]]
        return Edit(words, mark, lambda sure: self.ledger.delete(mark, self.name, sure))

    def _instance(self):
        """Gives an instance a life of its own, with a mark and texts that its series lacks."""
        place = self.untouched.pop(self.chance.randrange(len(self.untouched)))
        mark = self.ledger.new_mark()
        self.instances.add(mark)
        values = {"summary": f"{mark} {self.ledger.token()}"}
        values |= {field: self.ledger.token() for field in ("location", "description")}
        words = ["events", "edit", place, *flags(values)]
        values["calendar"] = ADA
        return Edit(words, mark, lambda sure: self.ledger.add(mark, values, self.name, sure))

    def _move(self):
        mark = self.chance.choice(sorted(self.known.keys() - self.instances))
        calendar = self.chance.choice(sorted(self.calendars))
        values = {"calendar": calendar}
        words = ["events", "move", self.known[mark], "--to", self.calendars[calendar]]
        return Edit(words, mark, lambda sure: self.ledger.edit(mark, values, self.name, sure))

    @property
    def name(self):
        return self.home.name

    def note(self, edit, run):
        """Notes what came of an edit: its answer makes it sure; whether it was."""
        answer = run.answer
        sure = answer is not None and "id" in answer
        if run.status == DONE and not sure:
            raise Broken(f"{run.told()}: it ended well and said nothing")
        if run.status > 0:
            # Refused, since somebody else deleted it meanwhile.
            if run.status != NOT_FOUND:
                raise Broken(run.told())
            self.known.pop(edit.mark, None)
            return False
        if not (sure and edit.is_move) or self._is_told(answer):
            edit.write(sure)
        if edit.is_delete:
            self.known.pop(edit.mark, None)
        elif sure:
            self.known[edit.mark] = answer["id"]
        return sure

    def _is_told(self, answer):
        """Whether the feed tells of what a command did: a move to where it lies does nothing."""
        return answer["run"] in self.home.run("feed", "--json").expect(DONE).output

    def work(self, kind=None):
        """One edit, to its end."""
        edit = self.draw(kind)
        return self.note(edit, self.home.run(*edit.words, "--json"))

    def decide(self, conflict):
        """Settles a conflict; to put one's own value back is an edit."""
        mine = self.chance.random() < 0.5 and "mine" in conflict["choices"]
        words = ["conflicts", "resolve", conflict["id"], "--use", "mine" if mine else "theirs"]
        self.home.run(*words).expect(DONE)
        mark = conflict["title"].split(" ")[0]
        if mine and isinstance(conflict["mine"], str) and mark in self.ledger.things:
            self.ledger.edit(mark, {conflict["field"]: conflict["mine"]}, self.name)
        elif mine and isinstance(conflict["mine"], dict) and mark not in self.ledger.things:
            # An instance that is gone at Google comes to life again as it was edited here.
            event = conflict["mine"] | {"calendar": ADA}
            values = {field: event[field] for field in FIELDS if field in event}
            self.ledger.add(mark, values, self.name)


class Edit:
    """One edit that was thought of."""

    def __init__(self, words, mark, write):
        self.words = words
        self.mark = mark
        self.write = write

    @property
    def is_delete(self):
        return self.words[1] == "delete"

    @property
    def is_move(self):
        return self.words[1] == "move"


def flags(values):
    """Values as the flags of `events add` and `events edit`."""
    names = {"summary": "--title", "location": "--where", "description": "--description"}
    return [word for field, value in values.items() for word in (names[field], value)]


def new_values(chance, ledger, mark):
    """New texts for one or two fields of an event."""
    fields = chance.sample(["summary", "location", "description"], chance.choice([1, 1, 2]))
    return {
        field: f"{mark} {ledger.token()}" if field == "summary" else ledger.token()
        for field in sorted(fields)}


class Other:
    """Somebody else at ada's calendars, who works at Google itself and looks before each edit."""

    def __init__(self, person, ledger, chance):
        self.person = person
        self.ledger = ledger
        self.chance = chance

    def plant(self, count, calendars):
        """Makes events to begin with."""
        for _ in range(count):
            self.add(self.chance.choice(calendars))

    def add(self, calendar):
        mark = self.ledger.new_mark()
        values = {"summary": f"{mark} {self.ledger.token()}", "location": self.ledger.token()}
        self.person.add(calendar, whole_event(self.ledger.count, values))
        self.ledger.add(mark, values | {"calendar": calendar}, WEB)

    def add_series(self, count):
        """Makes a daily series; the ids of its instances."""
        mark = self.ledger.new_mark()
        values = {"summary": f"{mark} {self.ledger.token()}"}
        zone = {"timeZone": "Etc/UTC"}
        made = self.person.add(ADA, values | {
            "start": {"dateTime": "2027-05-01T08:00:00Z", **zone},
            "end": {"dateTime": "2027-05-01T08:30:00Z", **zone},
            "recurrence": [f"RRULE:FREQ=DAILY;COUNT={count}"]})
        self.ledger.add(mark, values | {"calendar": ADA}, WEB)
        first = datetime.date(2027, 5, 1)
        days = [first + datetime.timedelta(days=number) for number in range(count)]
        return [f"{made['id']}_{day:%Y%m%d}T080000Z" for day in days]

    def work(self):
        """One edit, of whatever is there, and only of what was looked at: a sync may write between
        the look and the edit, and nobody met what that wrote."""
        events = self.person.events()
        for event in placed(events):
            self.ledger.met(event, WEB)
        events = [
            (calendar, event) for calendar, event in events
            if event["status"] != "cancelled" and "recurrence" not in event]
        kind = self.chance.choices(["add", "edit", "delete"], [3, 8, 1])[0]
        if kind == "add" and len(events) < MOST:
            self.add(self.chance.choice(self.person.calendars()))
        elif kind == "delete" and len(events) > FEWEST:
            calendar, event = self.chance.choice(events)
            if self.person.delete(calendar, event["id"], event["etag"]):
                self.ledger.delete(mark_of(event), WEB)
        elif events:
            calendar, event = self.chance.choice(events)
            mark = mark_of(event)
            values = new_values(self.chance, self.ledger, mark)
            if self.person.edit(calendar, event["id"], values, event["etag"]) is not None:
                self.ledger.edit(mark, values, WEB)
