#!/usr/bin/env bash
# Fetches the Swift packages that Package.swift names: Scripts/fetch.sh SWIFT FOLDER
# Does nothing where they were fetched into the build folder FOLDER since Package.swift changed.
set -euo pipefail

swift=$1 folder=$2
if [ "$folder/fetched" -nt Package.swift ]; then exit 0; fi
mkdir -p "$folder"
log=$folder/fetch.log
echo "Fetching the Swift packages that Package.swift names." >&2
if ! "$swift" package --scratch-path "$folder" resolve >"$log" 2>&1; then
    echo "tandem: the Swift packages could not be fetched: check that github.com can be reached," \
        "then type the command again (details: $log)." >&2
    exit 1
fi
touch "$folder/fetched"
