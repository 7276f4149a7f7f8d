"""Runs whole processes and takes their time, as the kernel counts it."""

import collections
import os
import statistics
import subprocess
import tempfile
import time

Run = collections.namedtuple("Run", "seconds cpu peak_mib output")


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
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output = out.read().decode(errors="replace")
        if process.returncode != 0:
            said = (err.read().decode(errors="replace") + output)[-600:]
            raise Failure(f"{' '.join(map(str, command))} exited {process.returncode}: {said}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


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
