#!/usr/bin/env python3
"""Writes Fixtures/recurrence-oracle.tsv: generated series and the starts that python-dateutil finds.

How to run (from this folder; the seed is fixed, so the file comes out the same each time):

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install python-dateutil==4.0.0
    /tmp/oracle/bin/python generate.py ../Fixtures/recurrence-oracle.tsv

Zones come from the system's zone table (package tzdata) through Python's zoneinfo.

What dateutil does here is only to walk along a rule without COUNT and UNTIL in naive wall-clock
time. The rest is done below after RFC 5545: the start is always the first instance and the first
that COUNT counts; UNTIL; EXDATE, RDATE and EXRULE; times that clocks skip or show twice (3.3.5).

Where dateutil walks otherwise than RFC 5545, section 3.3.10, it is asked so that the difference
does not show; each place is marked DEVIATION and has a test of its own beside the fixture.

One line per series, tab separated:
    start (local, 20260105T100000 or 20260105), zone or "-" for all day, lines joined by " ",
    window (two UTC seconds, half open), starts within: first UTC second and then the distances,
    "*n" for n equal ones in a row.
"""
import bisect
import datetime as datetime_module
import random
import signal
import sys
from datetime import date, datetime, time, timedelta, timezone
from itertools import takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

SEED = 5545
TOTAL = 3200
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
ZONES = [
    "Europe/Paris", "America/New_York", "America/Los_Angeles", "Europe/London", "UTC",
    "Australia/Sydney", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata",
    "Asia/Kathmandu", "Pacific/Auckland", "Pacific/Chatham", "America/Santiago", "Africa/Casablanca",
    "Asia/Tehran", "Pacific/Apia", "America/Sao_Paulo", "Europe/Dublin", "Antarctica/Troll",
    "Etc/GMT+3", "US/Pacific",
]  # fmt: skip
STABLE_ZONES = [None, "UTC", "Asia/Kolkata", "Asia/Kathmandu", "Etc/GMT+3"]
FREQUENCIES = {
    "YEARLY": 22, "MONTHLY": 24, "WEEKLY": 22, "DAILY": 18, "HOURLY": 10, "MINUTELY": 3, "SECONDLY": 1,
}  # fmt: skip
# How far a window may lie behind the start, and how wide it may be, in days.
REACH = {
    "YEARLY": (20000, 6000), "MONTHLY": (20000, 900), "WEEKLY": (15000, 200), "DAILY": (15000, 60),
    "HOURLY": (900, 4), "MINUTELY": (20, 0.2), "SECONDLY": (0.5, 0.005),
}  # fmt: skip
EPOCH = datetime(1970, 1, 1)


def utc_of(local, zone):
    """Seconds since 1970 UTC; fold=0 takes the offset before a gap and the first of an overlap."""
    if zone is None:
        return int((local - EPOCH).total_seconds())
    aware = local.replace(tzinfo=zone, fold=0)
    return int((local - EPOCH).total_seconds() - aware.utcoffset().total_seconds())


def local_of(seconds, zone):
    naive = EPOCH + timedelta(seconds=seconds)
    if zone is None:
        return naive
    return naive.replace(tzinfo=timezone.utc).astimezone(zone).replace(tzinfo=None)


# ---------------------------------------------------------------- rules


def sample(pick, values, most):
    return sorted(pick.sample(values, pick.randint(1, min(most, len(values)))))


def joined(values):
    return ",".join(str(value) for value in values)


def signed(pick, limit, most):
    values = []
    for _ in range(pick.randint(1, most)):
        values.append(pick.randint(1, limit) * pick.choice([1, 1, -1]))
    return sorted(set(values))


def weekdays(pick, most, ordinals=None):
    days = sample(pick, DAYS, most)
    if not ordinals:
        return days
    return [f"{pick.choice(ordinals)}{day}" for day in days]


def month_day_is_possible(months, month_days):
    longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return any(abs(day) <= longest[month - 1] for month in months for day in month_days)


def make_rule(pick, frequency, all_day):
    parts = {"FREQ": frequency}
    if pick.random() < 0.45:
        parts["INTERVAL"] = str(pick.choice([2, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 18, 25, 40]))
    if pick.random() < 0.25:
        parts["WKST"] = pick.choice(DAYS)
    months = month_days = None
    # dateutil walks second by second; keep it within a week.
    if pick.random() < 0.3 and frequency != "SECONDLY":
        months = sample(pick, range(1, 13), 4)
        parts["BYMONTH"] = joined(months)
    shape = pick.random()
    if frequency == "YEARLY":
        if shape < 0.2:
            month_days = signed(pick, 31, 3)
        elif shape < 0.35:
            parts["BYDAY"] = joined(weekdays(pick, 3, [1, 2, 3, 4, 5, -1, -2, -3, 20, 53, -50]))
        elif shape < 0.5:
            parts["BYDAY"] = joined(weekdays(pick, 3))
        elif shape < 0.65:
            parts["BYYEARDAY"] = joined(signed(pick, 366, 4))
            if pick.random() < 0.3:
                parts["BYDAY"] = joined(weekdays(pick, 5))
        elif shape < 0.85:
            # DEVIATION: dateutil may take the last week of a year for its 52nd or 53rd wrongly.
            parts["BYWEEKNO"] = joined(signed(pick, 51, 3))
            if pick.random() < 0.7:
                parts["BYDAY"] = joined(weekdays(pick, 3))
    elif frequency == "MONTHLY":
        if shape < 0.35:
            month_days = signed(pick, 31, 4)
            if pick.random() < 0.25:
                parts["BYDAY"] = joined(weekdays(pick, 4))
        elif shape < 0.6:
            parts["BYDAY"] = joined(weekdays(pick, 3, [1, 2, 3, 4, 5, -1, -2, -5]))
        elif shape < 0.8:
            parts["BYDAY"] = joined(weekdays(pick, 5))
    elif frequency == "WEEKLY":
        if shape < 0.8:
            parts["BYDAY"] = joined(weekdays(pick, 5))
    else:
        if shape < 0.2 and frequency != "SECONDLY":
            month_days = signed(pick, 31, 5)
        if shape < 0.05 or 0.3 < shape < 0.6:
            parts["BYDAY"] = joined(weekdays(pick, 5))
        if shape > 0.85 and frequency in ("HOURLY", "MINUTELY"):
            parts["BYYEARDAY"] = joined(signed(pick, 366, 40))
    if month_days:
        if months and not month_day_is_possible(months, month_days):
            month_days = [1, -1]
        parts["BYMONTHDAY"] = joined(month_days)
    if not all_day:
        add_times(pick, parts, frequency)
    others = [name for name in parts if name.startswith("BY")]
    if others and pick.random() < 0.3:
        limit = {"MINUTELY": 2, "SECONDLY": 1}.get(frequency) or pick.choice([2, 4, 12])
        parts["BYSETPOS"] = joined(signed(pick, limit, 2))
    order = list(parts)
    if pick.random() < 0.3:
        pick.shuffle(order)
    return {name: parts[name] for name in order}


def add_times(pick, parts, frequency):
    if pick.random() < 0.25:
        parts["BYHOUR"] = joined(sample(pick, range(24), 4))
        if frequency in ("HOURLY", "MINUTELY", "SECONDLY"):
            parts["BYHOUR"] = joined(sample(pick, range(24), 16))
    if pick.random() < 0.15:
        parts["BYMINUTE"] = joined(sample(pick, range(60), 3))
        if frequency in ("MINUTELY", "SECONDLY"):
            parts["BYMINUTE"] = joined(sample(pick, range(60), 40))
    if pick.random() < 0.08:
        parts["BYSECOND"] = joined(sample(pick, range(60), 2))
        if frequency == "SECONDLY":
            parts["BYSECOND"] = joined(sample(pick, range(60), 40))


def text_of(parts):
    return ";".join(f"{name}={value}" for name, value in parts.items())


# ---------------------------------------------------------------- the walk


def walks(parts, start):
    """The rule as dateutil rules whose union is what RFC 5545 asks for, without COUNT and UNTIL."""
    parts = {name: value for name, value in parts.items() if name not in ("COUNT", "UNTIL")}
    begin = start
    if "BYWEEKNO" in parts and "BYDAY" not in parts:
        # DEVIATION: dateutil takes every day of the week; the RFC takes the start's weekday.
        parts["BYDAY"] = DAYS[start.weekday()]
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        # DEVIATION: dateutil lets BYSETPOS count from the start in the first week, not from the
        # first day of that week.
        if "BYDAY" not in parts:
            parts["BYDAY"] = DAYS[start.weekday()]
        first = DAYS.index(parts.get("WKST", "MO"))
        begin = start - timedelta(days=(start.weekday() - first) % 7)
    days = parts.get("BYDAY", "").split(",")
    plain = [day for day in days if day in DAYS]
    numbered = [day for day in days if day and day not in DAYS]
    if numbered and "BYMONTH" in parts:
        # DEVIATION: dateutil fails with an IndexError where no month has that many weeks.
        numbered = [day for day in numbered if abs(int(day[:-2])) <= 5]
        if not numbered and not plain:
            return []
        parts["BYDAY"] = joined(plain + numbered)
    if plain and numbered:
        # DEVIATION: dateutil takes days that are in both lists; the RFC in either.
        assert "BYSETPOS" not in parts
        variants = [dict(parts, BYDAY=joined(plain)), dict(parts, BYDAY=joined(numbered))]
    else:
        variants = [parts]
    rules = []
    LAST[:] = [variants, begin]
    for variant in variants:
        try:
            rules.append(rrulestr("RRULE:" + text_of(variant), dtstart=begin))
        except ValueError as error:
            # An INTERVAL that never meets its BYHOUR, BYMINUTE or BYSECOND.
            assert "empty" in str(error) or "rrule" in str(error), error
    return rules


def instances(parts, start, zone, end, counts_start):
    """Naive local instances up to `end`, of an RRULE (that has its start) or an EXRULE."""
    # dateutil gives up after this year; a rule that never fires is else walked to the year 9999.
    datetime_module.MAXYEAR = end.year
    found = set()
    for rule in walks(parts, start):
        found |= set(takewhile(lambda moment: moment <= end, iter(rule)))
    found = sorted(moment for moment in found if moment >= start)
    if counts_start and (not found or found[0] != start):
        found.insert(0, start)
    if "COUNT" in parts:
        found = found[: int(parts["COUNT"])]
    if "UNTIL" in parts:
        found = [moment for moment in found if is_until(parts["UNTIL"], moment, zone)]
        if counts_start and (not found or found[0] != start):
            found.insert(0, start)
    return found


def is_until(until, moment, zone):
    if len(until) == 8:
        return moment.date() <= datetime.strptime(until, "%Y%m%d").date()
    limit = datetime.strptime(until.rstrip("Z"), "%Y%m%dT%H%M%S")
    if zone is None:
        return moment.date() <= limit.date()
    if until.endswith("Z"):
        return utc_of(moment, zone) <= utc_of(limit, None)
    return moment <= limit


# ---------------------------------------------------------------- a series


LAST = []


class Late(Exception):
    pass


def late(*_):
    raise Late


def make_series(pick):
    frequency = pick.choices(list(FREQUENCIES), list(FREQUENCIES.values()))[0]
    all_day = frequency in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY") and pick.random() < 0.25
    zone_name = None if all_day else pick.choice(ZONES)
    zone = None if all_day else ZoneInfo(zone_name)
    start = make_start(pick, all_day)
    parts = make_rule(pick, frequency, all_day)
    reach, width = REACH[frequency]
    # Clock changes to come may still be changed by law.
    last = datetime(2037, 1, 1) if zone_name in STABLE_ZONES else datetime(2026, 1, 1)
    span = max(0, min(reach, (last - start).total_seconds() / 86400))
    target = start + timedelta(days=pick.uniform(0, span))
    if pick.random() < 0.25:
        target = start - timedelta(days=1)
    low = target.replace(second=0, minute=0, hour=0, microsecond=0)
    if frequency in ("HOURLY", "MINUTELY", "SECONDLY"):
        low = target.replace(microsecond=0)
    high = low + timedelta(seconds=int(width * 86400 * pick.uniform(0.3, 1)))
    high = max(min(high, last), low + timedelta(hours=1))
    horizon = high + timedelta(hours={"SECONDLY": 1, "MINUTELY": 6}.get(frequency, 48))

    reached = instances(parts, start, zone, horizon, True)
    ending = pick.random()
    if ending < 0.25:
        parts["COUNT"] = str(max(1, len(reached) - pick.randint(0, 12)))
    elif ending < 0.5:
        parts["UNTIL"] = make_until(pick, reached, all_day, zone)
    lines = ["RRULE:" + text_of(parts)]
    chosen = set(utc_of(moment, zone) for moment in instances(parts, start, zone, horizon, True))
    if pick.random() < 0.06:
        other = make_rule(pick, frequency, all_day)
        lines.append("RRULE:" + text_of(other))
        chosen |= set(utc_of(m, zone) for m in instances(other, start, zone, horizon, True))
    if pick.random() < 0.15:
        add_dates(pick, lines, chosen, low, high, all_day, zone)
    if pick.random() < 0.05:
        other = make_rule(pick, frequency, all_day)
        lines.append("EXRULE:" + text_of(other))
        chosen -= set(utc_of(m, zone) for m in instances(other, start, zone, horizon, False))
    if pick.random() < 0.3:
        remove_dates(pick, lines, chosen, low, high, all_day, zone_name)
    bounds = (utc_of(low, zone), utc_of(high, zone))
    window = sorted(moment for moment in chosen if bounds[0] <= moment < bounds[1])
    if len(window) > 40:
        bounds = (bounds[0], window[40])
        window = window[:40]
    pattern = "%Y%m%d" if all_day else "%Y%m%dT%H%M%S"
    return [
        start.strftime(pattern), zone_name or "-", " ".join(lines), str(bounds[0]), str(bounds[1]),
        deltas(window),
    ]  # fmt: skip


def make_start(pick, all_day):
    day = date(1970, 1, 5) + timedelta(days=pick.randint(0, 20300))
    if pick.random() < 0.15:
        day = day.replace(day=1, month=pick.choice([1, 3, 5, 12])) - timedelta(days=1)
    if all_day:
        return datetime.combine(day, time())
    # Half of the times lie where clocks change.
    hour = pick.choice([0, 1, 2, 3, pick.randint(0, 23), pick.randint(0, 23), 9, 23])
    return datetime.combine(day, time(hour, pick.choice([0, 0, 30, 15, 59]), pick.choice([0] * 9 + [30])))


def make_until(pick, reached, all_day, zone):
    moment = pick.choice(reached)
    moment += timedelta(seconds=pick.choice([0, 0, 0, -1, 1, 3600, -86400]))
    kind = pick.random()
    if all_day:
        return moment.strftime("%Y%m%d" if kind < 0.8 else "%Y%m%dT%H%M%SZ")
    if kind < 0.7:
        return local_of(utc_of(moment, zone), None).strftime("%Y%m%dT%H%M%SZ")
    return moment.strftime("%Y%m%dT%H%M%S" if kind < 0.85 else "%Y%m%d")


def add_dates(pick, lines, chosen, low, high, all_day, zone):
    values = []
    for _ in range(pick.randint(1, 3)):
        moment = low + (high - low) * pick.random()
        moment = moment.replace(microsecond=0)
        if all_day:
            moment = datetime.combine(moment.date(), time())
        chosen.add(utc_of(moment, zone))
        values.append(moment)
    if all_day:
        lines.append("RDATE;VALUE=DATE:" + joined(v.strftime("%Y%m%d") for v in values))
        return
    shape = pick.choice(["local", "utc", "period"])
    if shape == "local":
        lines.append("RDATE:" + joined(v.strftime("%Y%m%dT%H%M%S") for v in values))
        return
    texts = [local_of(utc_of(v, zone), None).strftime("%Y%m%dT%H%M%SZ") for v in values]
    if shape == "period":
        lines.append("RDATE;VALUE=PERIOD:" + joined(text + "/PT1H" for text in texts))
    else:
        lines.append("RDATE:" + joined(texts))


def remove_dates(pick, lines, chosen, low, high, all_day, zone_name):
    zone = None if all_day else ZoneInfo(zone_name)
    bounds = (utc_of(low, zone), utc_of(high, zone))
    ordered = sorted(chosen)
    inside = ordered[bisect.bisect_left(ordered, bounds[0]) : bisect.bisect_left(ordered, bounds[1])]
    if not inside:
        return
    gone = sorted(pick.sample(inside, min(len(inside), pick.randint(1, 4))))
    if all_day:
        chosen -= set(gone)
        lines.append("EXDATE;VALUE=DATE:" + joined(local_of(g, None).strftime("%Y%m%d") for g in gone))
        return
    shape = pick.choice(["zone", "utc", "other", "day"])
    if shape == "day":
        days = {local_of(moment, zone).date() for moment in gone}
        chosen -= {moment for moment in chosen if local_of(moment, zone).date() in days}
        lines.append("EXDATE;VALUE=DATE:" + joined(day.strftime("%Y%m%d") for day in sorted(days)))
        return
    if shape == "utc":
        chosen -= set(gone)
        lines.append("EXDATE:" + joined(local_of(g, None).strftime("%Y%m%dT%H%M%SZ") for g in gone))
        return
    name = zone_name if shape == "zone" else pick.choice(ZONES)
    named = ZoneInfo(name)
    texts = [local_of(g, named) for g in gone]
    # The second showing of a time that clocks show twice cannot be written that way.
    chosen -= {utc_of(text, named) for text in texts}
    lines.append(f"EXDATE;TZID={name}:" + joined(t.strftime("%Y%m%dT%H%M%S") for t in texts))


def deltas(moments):
    if not moments:
        return ""
    texts = [str(moments[0])]
    steps = [b - a for a, b in zip(moments, moments[1:])]
    index = 0
    while index < len(steps):
        run = 1
        while index + run < len(steps) and steps[index + run] == steps[index]:
            run += 1
        texts.append(str(steps[index]) + (f"*{run}" if run > 1 else ""))
        index += run
    return " ".join(texts)


def main():
    pick = random.Random(SEED)
    signal.signal(signal.SIGVTALRM, late)
    rows = []
    skipped = 0
    while len(rows) < TOTAL:
        one = random.Random(pick.getrandbits(64))
        signal.setitimer(signal.ITIMER_VIRTUAL, 60)
        try:
            row = make_series(one)
        except Late:
            sys.exit(f"{LAST} takes too long; forbid its shape, or the file depends on the machine")
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        # Windows without any start are worth little; keep a few.
        if not row[-1] and one.random() < 0.9:
            skipped += 1
            continue
        rows.append("\t".join(row))
        if len(rows) % 200 == 0:
            print(len(rows), "series", flush=True)
    with open(sys.argv[1], "w", encoding="ascii") as file:
        file.write("\n".join(rows) + "\n")
    print(len(rows), "series,", skipped, "empty ones left out")


if __name__ == "__main__":
    main()
