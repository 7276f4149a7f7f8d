"""Measures the local Google as a server: how fast it is there, and how fast it answers."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from measuring import Failure, environment, median, run, taking_turns

LARGE = 100_000
START_SECONDS = 10
START_MIB = 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Started:
    """A server from its start to its first answer, and what it had used by its end."""

    def __init__(self, command, port, path, env=None, patience=60):
        with tempfile.TemporaryFile() as said:
            begin = time.perf_counter()
            process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=said,
                stderr=said, env=env or environment(),
            )
            try:
                self._wait(process, port, path, begin + patience, command)
                self.seconds = time.perf_counter() - begin
            finally:
                if process.returncode is None:
                    process.terminate()
                    _, _, usage = os.wait4(process.pid, 0)
                    process.returncode = 0
            self.peak_mib = usage.ru_maxrss / 1024

    @staticmethod
    def _wait(process, port, path, deadline, command):
        request = f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                    connection.sendall(request)
                    if b" 200 " in connection.recv(64):
                        return
                    raise Failure(f"{command[0]} did not answer {path} with 200")
            except ConnectionRefusedError:
                pass
            if process.poll() is not None or time.perf_counter() > deadline:
                raise Failure(f"{' '.join(map(str, command))} did not come up")
            time.sleep(0.0005)


def emulator(options, *more):
    """Starts a local Google and asks it once."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as home:
        return Started(
            [options.tandem, "emulator", "start", "--json", "--port", port, *more], port,
            "/_emulator/clock", environment(TANDEM_HOME=home),
        )


def python_server():
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        return Started(
            [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", folder,
             port], port, "/",
        )


def start(options, row):
    """How soon it answers: empty beside Python's own server, and with many events."""
    ours, theirs = taking_turns(
        max(options.runs * 3, 9), lambda: emulator(options, "--empty"), python_server)
    mine, other = median(ours), median(theirs)
    yield row("empty local Google answers", mine, "python3 -m http.server", other, "< 1",
              mine < other)
    large = [emulator(options, "--seed", "1", "--events", LARGE) for _ in range(3)]
    seconds = max(one.seconds for one in large)
    memory = max(one.peak_mib for one in large)
    yield row(f"local Google with {LARGE} events answers", seconds, "the bar", START_SECONDS,
              "≤ 10 s", seconds <= START_SECONDS, note="the slowest of three starts")
    yield row(f"local Google with {LARGE} events, memory", memory, "the bar", START_MIB,
              "≤ 1 GiB", memory <= START_MIB, unit="MiB")


RATES = (
    ("get", "events.get", "≥ 1/3", 1 / 3), ("getCompact", "events.get, one line", "≥ 1/3", 1 / 3),
    ("list", "events.list of 250, asked for again", "≥ 1/2", 1 / 2),
    ("listCompact", "the same on one line", "≥ 1/2", 1 / 2),
)

COSTS = {
    "insert": "insert", "patch": "patch", "delta": "delta of two events",
    "page": "first page of 250 after a write",
}


def serve(options, row):
    """Rates beside a bare route that answers the same bytes; costs beside those of few events."""
    said = run([options.load, "--rounds", options.runs, "--large", LARGE]).output
    found = json.loads(said)
    for name, work, bar, least in RATES:
        rates = found["rates"][name]
        yield row(f"{work}, answers a second", rates["ours"], "bare Hummingbird route",
                  rates["bare"], bar, rates["ours"] >= rates["bare"] * least, unit="/s")
    for name, work in COSTS.items():
        cost = found["costs"][name]
        yield row(f"one {work} among {LARGE} events", cost["large"], "among 1000",
                  cost["small"], "≤ 1.3", cost["large"] <= cost["small"] * 1.3, unit="µs")
