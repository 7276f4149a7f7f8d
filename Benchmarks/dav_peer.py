"""vdirsyncer, which does not speak Google's API, between a folder and a CalDAV server of its kind."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

from measuring import Failure, environment, run
from serving import free_port

CONFIGURATION = """
[general]
status_path = "{folder}/status/"

[pair both]
a = "here"
b = "there"
collections = ["events"]
implicit = "create"

[storage here]
type = "filesystem"
path = "{folder}/here/"
fileext = ".ics"

[storage there]
type = "caldav"
url = "http://127.0.0.1:{port}/"
username = "ada"
password = "any"
"""


@contextlib.contextmanager
def radicale(folder):
    """A Radicale on loopback that keeps its items below `folder`; gives its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "radicale", "--server-hosts", f"127.0.0.1:{port}",
         "--auth-type", "none", "--storage-filesystem-folder", f"{folder}/there"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=environment(),
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failure("Radicale did not come up")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def first_push(events):
    """One sync that brings events, each a calendar file's text, to an empty calendar."""
    program = os.path.join(os.path.dirname(sys.executable), "vdirsyncer")
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        here = pathlib.Path(folder, "here", "events")
        here.mkdir(parents=True)
        for number, text in enumerate(events):
            (here / f"{number}.ics").write_text(text)
        with radicale(folder) as port:
            file = pathlib.Path(folder, "config")
            file.write_text(CONFIGURATION.format(folder=folder, port=port))
            env = environment(VDIRSYNCER_CONFIG=str(file))
            run([program, "discover"], env)
            result = run([program, "sync"], env)
        found = sum("BEGIN:VEVENT" in file.read_text()
                    for file in pathlib.Path(folder, "there", "collection-root").rglob("*.ics")
                    if ".Radicale.cache" not in file.parts)
    if found != len(events):
        raise Failure(f"vdirsyncer brought {found} of {len(events)} events")
    return result
