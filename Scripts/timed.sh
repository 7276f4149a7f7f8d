#!/usr/bin/env bash
# Runs a command and says how long it took: Scripts/timed.sh NAME COMMAND [ARGUMENT]…
set -uo pipefail

name=$1
shift
started=$SECONDS
"$@"
status=$?
took=$((SECONDS - started))
if [ "$status" -eq 0 ]; then outcome=done; else outcome="failed (exit $status)"; fi
printf '== %s: %s after %d min %02d s\n' "$name" "$outcome" $((took / 60)) $((took % 60)) >&2
exit "$status"
