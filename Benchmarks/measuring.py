"""Runs whole processes and takes their time, as the kernel counts it."""

import collections
import os
import statistics
import subprocess
import tempfile
import time

Run = collections.namedtuple("Run", "seconds cpu peak_mib read_kib output")


class Failure(Exception):
    """Something could not be measured; the text says what and why."""


def environment(**more):
    """The environment of what is measured: no proxy stands between it and loopback."""
    plain = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    return dict(plain, TZ="UTC", **more)


def run(command, env=None):
    """Runs a whole process; raises `Failure` unless it exits 0.

    A child starts out with its parent's peak memory to its name, so this program loads nothing
    large: what a child is charged below about 20 MiB is ours.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            env=env or environment(),
        )
        # It is over, but still known, so that what it read can be asked for.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        seconds = time.perf_counter() - started
        read_kib = bytes_read(process.pid) / 1024
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output = out.read().decode(errors="replace")
        if process.returncode != 0:
            said = (err.read().decode(errors="replace") + output)[-600:]
            raise Failure(f"{' '.join(map(str, command))} exited {process.returncode}: {said}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(seconds, cpu, usage.ru_maxrss / 1024, read_kib, output)


def bytes_read(process):
    """What a process read from files and connections, from whatever memory it came."""
    with open(f"/proc/{process}/io", encoding="ascii") as file:
        return int(dict(line.split(": ") for line in file)["rchar"])


def agreed(what, counts, least):
    """Says what all counted; raises `Failure` unless it is the same, and enough."""
    said = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    if len(set(counts.values())) != 1 or min(counts.values()) < least:
        raise Failure(f"{what}: {said}; at least {least} and the same number were expected")
    return f"{what}: {said}"


def taking_turns(count, *works):
    """Runs each work `count` times, in turns and each time in the other order."""
    results = [[] for _ in works]
    for turn in range(count):
        order = range(len(works)) if turn % 2 == 0 else reversed(range(len(works)))
        for index in order:
            results[index].append(works[index]())
    return results


def median(runs, field="seconds"):
    return statistics.median(getattr(one, field) for one in runs)


def peak(runs):
    return max(one.peak_mib for one in runs)
