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


def number(value, unit):
    if value is None:
        return "–"
    if unit == "s":
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


def write(rows, facts, folder):
    results = folder / "results.json"
    results.write_text(json.dumps(dict(facts, rows=rows), indent=2, ensure_ascii=False) + "\n")
    lines = [
        "# Measurements", "",
        "Written by `make bench`: ours and the peer's runs in turns, in one run on one machine,",
        "against the local Google; medians of whole processes, peak memory the largest of all.",
        "Answers a second, and costs without a network, are medians of rounds within one process:",
        "eight connections ask, each for the next as soon as it has one; a page that is asked for",
        "again is kept, the first one after a write is not.", "",
        f"- {facts['date']}, {facts['machine']}",
        "- " + ", ".join(f"{name}: {text}" for name, text in facts["versions"].items()),
        f"- {facts['runs']} runs each (cold start, an empty local Google and nothing to do: "
        f"three times as many, agenda: twice); `{facts['command']}`", "",
        "| " + " | ".join(HEADINGS) + " |", "|" + " --- |" * len(HEADINGS),
    ]
    lines += ["| " + " | ".join(cells(one)) + " |" for one in rows]
    notes = [f"- {one['work']}: {one['note']}" for one in rows if one["note"]]
    if notes:
        lines += [""] + notes
    (folder / "RESULTS.md").write_text("\n".join(lines) + "\n")
