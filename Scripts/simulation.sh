#!/usr/bin/env bash
# Lives through simulated worlds, as Documentation/Reliability.md tells of them:
# Scripts/simulation.sh SIMULATE
#
# SEEDS worlds in memory, DISK more on a disk, a crash at every moment of CRASHES quiet ones; each
# 20th of the first is lived through again by a second process, and must be the same.
set -euo pipefail

simulate=$1
seeds=${SEEDS:-8000}
disk=${DISK:-1000}
crashes=${CRASHES:-70}
workers=$(nproc)
# Stores on a disk are real files, opened and copied as such; to wait for a disk proves nothing more.
place=${TMPDIR:-/tmp}
if [ -w /dev/shm ]; then place=/dev/shm; fi
folder=$(mktemp -d "$place/tandem-simulation.XXXXXX")
trap 'rm -rf "$folder"' EXIT

# Whatever breaks, the rest is lived through all the same.
status=0
"$simulate" --seeds "$seeds" --steps 500 --workers "$workers" --reach 100 \
	--save-digests "$folder/first" || status=1
"$simulate" --digests $((seeds / 20)) --steps 500 --workers "$workers" >"$folder/second"
if cmp -s "$folder/first" "$folder/second"; then
	echo "digests: $((seeds / 20)) worlds were the same in two processes"
else
	echo "digests: worlds differ between two processes"
	diff "$folder/first" "$folder/second" | head -20 || true
	status=1
fi
"$simulate" --seeds "$disk" --first $((seeds + 1)) --steps 500 --workers "$workers" \
	--folder "$folder/stores" --reach 100 || status=1
"$simulate" --crashes "$crashes" --workers "$workers" || status=1
exit "$status"
