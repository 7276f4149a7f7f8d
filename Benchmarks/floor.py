"""The least that a first sync can cost: fetch, scan and insert, and nothing else."""

import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import tempfile

from local_google import TOKEN
from measuring import Failure, Run, run


class Floor:
    """Fills stores that are like one of ours, from the same pages; gone when the block ends."""

    def __init__(self, program, google, env):
        """Takes the store of `env`, which was synced and closed, for its pattern."""
        self._program = program
        self._google = google
        self._folder = tempfile.TemporaryDirectory(prefix="tandem-bench-")
        self._pattern = os.path.join(self._folder.name, "pattern.sqlite")
        shutil.copy(store_file(env), self._pattern)
        self._looked_at = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def fill(self):
        """One run, with the times that it took itself: reading the pattern is none of the work."""
        with tempfile.TemporaryDirectory(dir=self._folder.name) as folder:
            store = os.path.join(folder, "tandem.sqlite")
            said = json.loads(
                run([self._program, self._google.url, TOKEN, self._pattern, store]).output)
            if not self._looked_at:
                self._compare(store)
                self._looked_at = True
        return Run(said["seconds"], said["cpu"], 0, 0, str(said["items"]))

    def _compare(self, store):
        """A floor is one only where it leaves what we leave."""
        ours, theirs = contents(self._pattern), contents(store)
        for what in ours:
            if ours[what] != theirs[what]:
                raise Failure(f"the floor's store has other {what} than ours")


def store_file(env):
    """The database in a home."""
    return next(pathlib.Path(env["TANDEM_HOME"]).rglob("tandem.sqlite"))


def contents(path):
    """What can be compared of a store: its form, its rows, and its index of words."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = hashlib.sha256()
        for values in database.execute(
            "SELECT collection_id, remote_id, etag, span_start, span_end, is_series, slot, "
            "global_id, title, words, base FROM resources ORDER BY collection_id, remote_id"
        ):
            rows.update(repr(values).encode())
        return {
            "tables and indexes": database.execute(
                "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
            ).fetchall(),
            "rows": rows.hexdigest(),
            "words": database.execute(
                "SELECT count(*) FROM resource_words WHERE resource_words MATCH 'meeting'"
            ).fetchall(),
            "page size": database.execute("PRAGMA page_size").fetchall(),
        }
    finally:
        database.close()
