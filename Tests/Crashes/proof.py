"""How a proof is run: its workers, its seed, and the line that says what it came to."""

import argparse
import concurrent.futures
import dataclasses
import pathlib
import shutil
import signal
import sys
import tempfile
import time

from machine import ENDING, Broken

WORKERS = 2


class Tally(dict):
    """Numbers of what was done; what was not counted is 0."""

    def __missing__(self, key):
        return 0

    def most(self, key, value):
        self[key] = max(self[key], value)

    # What is the most of all workers; other numbers are sums.
    MOST = ("rounds", "takeover")

    @classmethod
    def of_all(cls, tallies):
        whole = cls()
        for tally in tallies:
            for key, value in tally.items():
                whole[key] = max(whole[key], value) if key in cls.MOST else whole[key] + value
        return whole


@dataclasses.dataclass(frozen=True)
class Proof:
    """One proof: `work(seed, folder, number, share, tally)` is the part of one worker."""

    name: str
    work: object
    unit: str
    usual: int
    long: int
    line: str
    workers: int = WORKERS

    def run(self, seed, count, folder):
        """Runs all of it and prints one line; whether everything held."""
        begun = time.monotonic()
        tallies = [Tally() for _ in range(self.workers)]
        shares = [(count + number) // self.workers for number in range(self.workers)]
        with concurrent.futures.ThreadPoolExecutor(self.workers) as pool:
            parts = [
                pool.submit(self.work, seed, folder / str(number), number, share, tally)
                for number, (share, tally) in enumerate(zip(shares, tallies)) if share]
            try:
                failures = [part.exception() for part in parts]
            except KeyboardInterrupt:
                ENDING.set()
                raise
        whole = Tally.of_all(tallies)
        took = time.monotonic() - begun
        told = self.line.format_map(whole)
        print(f"{self.name}: seed {seed}, {told}, {took:.0f} s", flush=True)
        for failure in failures:
            if failure is not None and not isinstance(failure, Broken):
                raise failure
            if failure is not None:
                print(f"{self.name}: NOT KEPT: {failure}", file=sys.stderr)
        return not any(failures)


def run(proof, seed, count):
    """Runs a proof in a folder of its own, which stays where the proof fails."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"tandem-{proof.name}-"))
    held = False
    try:
        held = proof.run(seed, count, folder)
    finally:
        if held:
            shutil.rmtree(folder)
        else:
            print(
                f"{proof.name}: what is left is in {folder}; again: python3 Tests/Crashes/"
                f"{proof.name}.py --seed {seed} --{proof.unit} {count}", file=sys.stderr)
    return held


def main(proof, text):
    """The command line of one proof."""
    parser = argparse.ArgumentParser(
        description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="what is done, and when (1)")
    parser.add_argument(
        f"--{proof.unit}", type=int, default=proof.usual, dest="count", metavar="N",
        help=f"how many ({proof.usual})")
    chosen = parser.parse_args()
    # To be told to end is the same as Ctrl-C: what was started is ended first.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(0 if run(proof, chosen.seed, chosen.count) else 1)
    except KeyboardInterrupt:
        sys.exit(f"{proof.name}: interrupted")
