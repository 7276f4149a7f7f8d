#!/usr/bin/env bash
# Lives through worlds that nobody lived through before, until the time is up:
# Scripts/soak.sh SIMULATE
#
# HOURS (8) is how long it takes, FIRST the first seed: by default one of the day's own.
set -euo pipefail

simulate=$1
limit=$((${HOURS:-8} * 3600))
first=${FIRST:-$(date +%Y%m%d)000000}
workers=$(nproc)
place=${TMPDIR:-/tmp}
if [ -w /dev/shm ]; then place=/dev/shm; fi
folder=$(mktemp -d "$place/tandem-soak.XXXXXX")
trap 'rm -rf "$folder"' EXIT

status=0
worlds=0
while ((SECONDS < limit)); do
	"$simulate" --first "$first" --seeds 2000 --steps 500 --workers "$workers" || status=1
	first=$((first + 2000))
	"$simulate" --first "$first" --seeds 100 --steps 500 --workers "$workers" \
		--folder "$folder/stores" || status=1
	first=$((first + 100))
	worlds=$((worlds + 2100))
	echo "soak: $worlds worlds in $((SECONDS / 60)) min, the next seed is $first" >&2
done
exit "$status"
