"""How results are shown: a table for people, JSON and a page for keeping."""

import contextlib
import json
import os
import platform


def machine():
    model = "unknown processor"
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {memory:.0f} GiB, {platform.system()}"


def row(work, ours, peer_name, theirs, bar, ok, unit="s", note=""):
    """One line of the results; `ratio` is ours by theirs, as a number."""
    return {
        "work": work, "ours": ours, "peer": peer_name, "theirs": theirs, "unit": unit,
        "ratio": ours / theirs, "bar": bar, "ok": bool(ok), "note": note,
    }


def number(value, unit):
    if value is None:
        return "–"
    if unit == "s":
        if value < 0.001:
            return f"{value * 1e6:.0f} µs"
        return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"
    return f"{value:.0f} {unit}".strip()


def share(ratio):
    """Ours by theirs, as people read it: 0.42, or 1/37."""
    return f"1/{1 / ratio:.0f}" if 0 < ratio < 1 / 9.5 else f"{ratio:.2f}"


HEADINGS = ("work", "ours", "peer", "theirs", "ours/theirs", "bar", "")


def cells(one):
    return (
        one["work"], number(one["ours"], one["unit"]), one["peer"],
        number(one["theirs"], one["unit"]), share(one["ratio"]), one["bar"],
        "–" if one["bar"] == "none" else "ok" if one["ok"] else "MISS",
    )


def show(rows):
    table = [HEADINGS] + [cells(one) for one in rows]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADINGS))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    for one in rows:
        if one["note"]:
            print(f"  {one['work']}: {one['note']}")


GROWTH = (
    ("events", lambda one: str(one["events"])),
    ("store", lambda one: number(one["store"] / 2**20, "MiB")),
    ("first sync", lambda one: number(one["first"], "s")),
    ("processor time an event", lambda one: number(one["first_cpu"] / one["events"], "s")),
    ("read for an event", lambda one: number(one["first_read"] / one["events"], "KiB")),
    ("peak memory", lambda one: number(one["first_peak"], "MiB")),
    ("nothing to do", lambda one: number(one["idle"], "s")),
    ("peak memory of that", lambda one: number(one["idle_peak"], "MiB")),
    ("nothing to do, first of a day", lambda one: number(one["checked"], "s")),
    ("one change there", lambda one: number(one["change"], "s")),
    ("one delete there", lambda one: number(one["delete"], "s")),
    ("one edit sent", lambda one: number(one["send"], "s")),
    ("one edit, offline", lambda one: number(one["edit"], "s")),
    ("agenda of a week", lambda one: number(one["agenda"], "s")),
    ("instances in it", lambda one: str(one["shown"])),
)


def show_growth(sizes):
    for name, cell in GROWTH:
        print("  ".join([name.ljust(24)] + [cell(one).rjust(10) for one in sizes]))


def write(folder, name, content):
    """Keeps what was measured, and writes the page of all that is kept."""
    kept = folder / f"{name}.json"
    kept.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    pages = []
    for part, page in (("results", results_page), ("growth", growth_page)):
        file = folder / f"{part}.json"
        if file.exists():
            pages.append(page(json.loads(file.read_text())))
    (folder / "RESULTS.md").write_text("\n".join(["# Measurements", "", *sum(pages, [])]))


def facts_lines(facts):
    return [
        f"- {facts['date']}, {facts['machine']}",
        "- " + ", ".join(f"{name}: {text}" for name, text in facts["versions"].items()),
    ]


def results_page(facts):
    rows = facts["rows"]
    lines = [
        "Written by `make bench`: ours and the peer's runs in turns, in one run on one machine,",
        "against the local Google; medians of whole processes, peak memory the largest of all.",
        "The bare floor fetches the same pages, scans them and inserts the same rows into the same",
        "tables and indexes, and does nothing else; its time is its own, without its start.",
        "Answers a second, and costs without a network, are medians of rounds within one process:",
        "eight connections ask, each for the next as soon as it has one; a page that is asked for",
        "again is kept, the first one after a write is not.", "",
        *facts_lines(facts),
        f"- {facts['runs']} runs each (cold start, an empty local Google, nothing to do and one "
        f"change: three times as many, agenda: twice); `{facts['command']}`", "",
        "| " + " | ".join(HEADINGS) + " |", "|" + " --- |" * len(HEADINGS),
    ]
    lines += ["| " + " | ".join(cells(one)) + " |" for one in rows]
    notes = [f"- {one['work']}: {one['note']}" for one in rows if one["note"]]
    return lines + ([""] + notes if notes else []) + [""]


def growth_page(facts):
    names = [name for name, _ in GROWTH]
    lines = [
        "## Growth", "",
        "Written by `make bench-growth`: whole processes against the local Google, whose events",
        "lie in one calendar and spread over two years, so that a week holds ever more of them.",
        "What is read for an event is all that a first sync reads, from Google and from its own",
        "files, by the number of events.", "",
        *facts_lines(facts),
        f"- medians of {facts['runs']} runs, first syncs of 100000 events and more of one; "
        f"`{facts['command']}`", "",
        "| " + " | ".join(names) + " |", "|" + " --- |" * len(names),
    ]
    return lines + [
        "| " + " | ".join(cell(one) for _, cell in GROWTH) + " |" for one in facts["sizes"]
    ] + [""]
