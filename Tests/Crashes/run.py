#!/usr/bin/env python3
"""All proofs with real processes, one after the other, a line for each.

    python3 Tests/Crashes/run.py [--soak] [--seed N] [NAME …]

TANDEM_BINARY names the program, else it is the one that `make build` makes. With `--soak` every
proof is as long as before a release, and the seed is another each time unless it is named.
"""

import argparse
import pathlib
import random
import subprocess
import sys

import clients
import cuts
import full_disk
import kills
import old_copy
import schemas
import side_by_side

FOLDER = pathlib.Path(__file__).resolve().parent
PROOFS = [
    module.PROOF for module in (
        kills, cuts, full_disk, side_by_side, old_copy, schemas, clients)]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--soak", action="store_true", help="as long as before a release")
    parser.add_argument("--seed", type=int, help="what is done, and when")
    parser.add_argument(
        "names", nargs="*", metavar="NAME",
        help="of " + ", ".join(proof.name for proof in PROOFS) + "; all unless named")
    chosen = parser.parse_args()
    known = [proof.name for proof in PROOFS]
    for name in chosen.names:
        if name not in known:
            parser.error(f"there is no proof {name}")
    seed = chosen.seed
    if seed is None:
        seed = random.SystemRandom().randrange(1, 1 << 32) if chosen.soak else 1
    ledger = subprocess.run(
        [sys.executable, FOLDER / "test_ledger.py"], stderr=subprocess.PIPE, text=True)
    if ledger.returncode:
        print(ledger.stderr, file=sys.stderr)
    failed = ["ledger"] if ledger.returncode else []
    for proof in PROOFS:
        if chosen.names and proof.name not in chosen.names:
            continue
        count = proof.long if chosen.soak else proof.usual
        words = ["--seed", str(seed), f"--{proof.unit}", str(count)]
        if subprocess.run([sys.executable, FOLDER / f"{proof.name}.py", *words]).returncode:
            failed.append(proof.name)
    if failed:
        sys.exit(f"Not kept: {', '.join(failed)}")


if __name__ == "__main__":
    main()
