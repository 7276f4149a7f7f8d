#!/usr/bin/env bash
# Makes a Python environment with some packages: Scripts/python.sh PYTHON REQUIREMENTS FOLDER WHAT
# FOLDER/ready is made last, so that a half-made environment is made anew.
set -euo pipefail

python=$1 requirements=$2 folder=$3 what=$4
echo "Installing $what into $folder" >&2
rm -rf "$folder"
"$python" -m venv "$folder"
log=$folder/pip.log
if ! "$folder/bin/pip" install --disable-pip-version-check --requirement "$requirements" \
    >"$log" 2>&1; then
    echo "tandem: $what could not be installed: check that pypi.org can be reached," \
        "then type the command again (details: $log)." >&2
    exit 1
fi
touch "$folder/ready"
