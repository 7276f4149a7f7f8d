"""Breaks the engine on purpose, one way at a time, and asks the simulation to notice.

    mutants.py [--only NAME] [--list] [--seeds 1000] [--steps 300] [--swift swift]

Each NAME.patch beside this file changes one small thing of the engine. Its first line says what it
breaks, its second one which promises may catch it (Documentation/Promises.md). The tree is copied
into .build-mutants, where only the program `simulate` is built: optimised, yet file by file, so that
a patch costs seconds. What is copied lives through the same worlds without a patch first: a world
that breaks a promise by itself proves nothing, and is left out. Exits 1 when such a world was met,
when a mutant survives or is caught by another promise than its patch names, or when a patch does not
apply or compile.
"""

import argparse
import filecmp
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / ".build-mutants"
TREE = WORK / "tree"
# Package.swift names all of them, and SwiftPM looks for each.
COPIED = ("Package.swift", "Sources", "Tests", "Examples", "Benchmarks")
# No world is judged for longer; it takes minutes at most.
LONGEST_RUN = 3600
COUNT = re.compile(r"^(\d+) worlds broke a promise$", re.MULTILINE)
BROKEN = re.compile(r"^seed (\d+): (P\d+) (.*)$", re.MULTILINE)


class Failure(Exception):
    """Something that could not be done, in words for whoever typed the command."""


class Mutant:
    """One patch, with what its first two lines say."""

    def __init__(self, path):
        self.path = path
        self.name = path.stem
        lines = path.read_text(encoding="utf-8").splitlines()
        self.breaks = lines[0]
        found = re.fullmatch(r"Caught by: (P\d+(?: P\d+)*)", lines[1])
        if not found:
            raise Failure(f"{path.name}: the second line has to be 'Caught by: P1', or more of them")
        self.promises = found.group(1).split()


def mutants(only):
    found = [Mutant(path) for path in sorted(HERE.glob("*.patch"))]
    chosen = [mutant for mutant in found if only in (None, mutant.name)]
    if not chosen:
        raise Failure(f"there is no mutant '{only}'; --list names them all")
    return chosen


# The copy


def files(top):
    """The files below a folder of the project, or that file; what was built is left out."""
    if top.is_file():
        return [top]
    found = []
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
        found += [pathlib.Path(folder) / name for name in names]
    return found


def copy():
    """Makes the copy the same as the project, and leaves what is the same alone."""
    wanted = set()
    for top in COPIED:
        for path in files(ROOT / top):
            target = TREE / path.relative_to(ROOT)
            wanted.add(target)
            if target.exists() and filecmp.cmp(path, target, shallow=False):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    for top in COPIED:
        for path in files(TREE / top) if (TREE / top).exists() else []:
            if path not in wanted:
                path.unlink()


def apply(mutant):
    # In the copy no repository may be found above it: git would skip what is outside of that.
    environment = dict(os.environ, GIT_CEILING_DIRECTORIES=str(WORK))
    done = subprocess.run(
        ["git", "apply", str(mutant.path)], cwd=TREE, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise Failure(f"the patch does not apply any more:\n{done.stdout.strip()}")


# What is built and run


def build(options):
    """Builds `simulate` in the copy, and says where it is."""
    command = [
        options.swift, "build", "--package-path", str(TREE), "--scratch-path",
        str(WORK / "build"), "-c", "debug", "-Xswiftc", "-O", "--product", "simulate"]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        said = [line for line in done.stdout.splitlines() if "error:" in line]
        raise Failure("it does not compile:\n" + "\n".join(said[:10] or [done.stdout[-2000:]]))
    return WORK / "build" / "debug" / "simulate"


def simulate(program, options, *more):
    """Lives through the worlds; the seeds, promises and words of those that broke one."""
    command = [
        str(program), "--seeds", str(options.seeds), "--steps", str(options.steps),
        "--workers", str(os.cpu_count() or 2), *more]
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            timeout=LONGEST_RUN)
    except subprocess.TimeoutExpired as late:
        raise Failure(f"the simulation did not end within {LONGEST_RUN} s") from late
    broken = [(int(seed), promise, said) for seed, promise, said in BROKEN.findall(done.stdout)]
    if done.returncode not in (0, 1) or (done.returncode == 1) != bool(broken):
        raise Failure(f"the simulation ended with {done.returncode}:\n{done.stdout[-2000:]}")
    count = COUNT.search(done.stdout)
    if count and int(count.group(1)) > len(broken):
        raise Failure(f"{count.group(1)} worlds break a promise, more than are listed")
    return broken


def judge(mutant, options, left_out):
    """Whether it was caught, and a word about it."""
    copy()
    apply(mutant)
    more = ["--failures", "1"]
    if left_out:
        more += ["--except", ",".join(str(seed) for seed in left_out)]
    broken = simulate(build(options), options, *more)
    if not broken:
        return False, "SURVIVED"
    seed, promise, said = broken[0]
    if promise not in mutant.promises:
        return False, f"{promise} at seed {seed}, not {' or '.join(mutant.promises)}: {said}"
    return True, f"{promise} at seed {seed}"


# The command


def parsed():
    parser = argparse.ArgumentParser(description="Breaks the engine, and sees who notices.")
    parser.add_argument("--only", metavar="NAME", help="break it in this one way")
    parser.add_argument("--list", action="store_true", help="list the ways, and break nothing")
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--swift", default="swift")
    return parser.parse_args()


def unbroken(options):
    """The seeds whose worlds break a promise without any patch."""
    copy()
    started = time.monotonic()
    broken = simulate(build(options), options)
    print(
        f"unbroken: {len(broken)} of {options.seeds} worlds break a promise "
        f"({time.monotonic() - started:.0f} s with the build)", flush=True)
    for seed, promise, said in broken:
        print(f"  seed {seed}: {promise} {said}")
    return [seed for seed, _, _ in broken]


def main():
    options = parsed()
    chosen = mutants(options.only)
    width = max(len(mutant.name) for mutant in chosen)
    if options.list:
        for mutant in chosen:
            print(f"{mutant.name:<{width}}  {' '.join(mutant.promises):<10}  {mutant.breaks}")
        return 0
    left_out = unbroken(options)
    caught = 0
    for mutant in chosen:
        started = time.monotonic()
        try:
            is_caught, word = judge(mutant, options, left_out)
        except Failure as failure:
            is_caught, word = False, str(failure)
        caught += is_caught
        seconds = time.monotonic() - started
        print(f"{mutant.name:<{width}}  {seconds:5.0f} s  {word}", flush=True)
    copy()
    print(f"mutants: {caught} of {len(chosen)} caught")
    return 0 if caught == len(chosen) and not left_out else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"mutants: {failure}", file=sys.stderr)
        sys.exit(2)
