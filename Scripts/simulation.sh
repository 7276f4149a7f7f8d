#!/usr/bin/env bash
# Lives through simulated worlds, as Documentation/Reliability.md tells of them:
# Scripts/simulation.sh SIMULATE
#
# SEEDS worlds in memory, DISK more on a disk, a crash at every moment of CRASHES quiet ones; each
# 20th of the first is lived through again by a second process, and must be the same. CLOCKS quiet
# ones must end the same with right and with wrong clocks. GOOGLE worlds more have Google's own
# connector, whose program lies beside SIMULATE; a few of those are lived through by two processes.
#
# Worlds that are known to break a promise still are left out by their seeds; they are named, with
# what breaks in them, in Documentation/Reliability.md.
set -euo pipefail

simulate=$1
seeds=${SEEDS:-10000}
disk=${DISK:-1000}
crashes=${CRASHES:-70}
clocks=${CLOCKS:-1000}
google=${GOOGLE:-580}
workers=$(nproc)
# Stores on a disk are real files, opened and copied as such; to wait for a disk proves nothing more.
place=${TMPDIR:-/tmp}
if [ -w /dev/shm ]; then place=/dev/shm; fi
folder=$(mktemp -d "$place/tandem-simulation.XXXXXX")
trap 'rm -rf "$folder"' EXIT

# compare FIRST SECOND COUNT: whether two processes lived through the same worlds.
compare() {
	if cmp -s "$1" "$2"; then
		echo "digests: $3 worlds were the same in two processes"
	else
		echo "digests: worlds differ between two processes"
		diff "$1" "$2" | head -20 || true
		status=1
	fi
}

# Whatever breaks, the rest is lived through all the same.
status=0
"$simulate" --seeds "$seeds" --steps 500 --workers "$workers" --reach 100 \
	--save-digests "$folder/first" || status=1
"$simulate" --digests $((seeds / 20)) --steps 500 --workers "$workers" >"$folder/second"
compare "$folder/first" "$folder/second" $((seeds / 20))
"$simulate" --seeds "$disk" --first $((seeds + 1)) --steps 500 --workers "$workers" \
	--folder "$folder/stores" --reach 100 || status=1
"$simulate" --crashes "$crashes" --workers "$workers" || status=1
"$simulate" --clocks "$clocks" --except 819 --workers "$workers" || status=1
"$simulate-google" --seeds "$google" --except 522 --workers "$workers" --reach 10 || status=1
"$simulate-google" --digests $((google / 40)) >"$folder/google-first" &
"$simulate-google" --digests $((google / 40)) >"$folder/google-second"
wait $! || status=1
compare "$folder/google-first" "$folder/google-second" $((google / 40))
exit "$status"
