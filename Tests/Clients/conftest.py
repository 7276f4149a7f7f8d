"""Starts a local Google for the clients, unless TANDEM_GOOGLE_URL names one that runs.

The program is the one that TANDEM_BINARY names, else the one that `make test` builds.
"""

import atexit
import json
import os
import pathlib
import subprocess


def start():
    """Starts a local Google on a free port and remembers its address for the tests."""
    repository = pathlib.Path(__file__).resolve().parents[2]
    binary = os.environ.get("TANDEM_BINARY", repository / ".build" / "release" / "tandem")
    process = subprocess.Popen(
        [binary, "emulator", "start", "--auto-consent", "--json", "--port", "0"],
        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    atexit.register(process.wait)
    atexit.register(process.terminate)
    os.environ["TANDEM_GOOGLE_URL"] = json.loads(process.stdout.readline())["url"]


# The tests read the address when they are imported, which is before any fixture.
if not os.environ.get("TANDEM_GOOGLE_URL"):
    start()
