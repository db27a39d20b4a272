"""Pairs of texts on a disk: written in bulk, then looked up, by forked processes too.

Source: https://sqlite.org/howtocorrupt.html, section 2.6 (connections are not carried across a fork).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graphmap.errors import SourceError

__all__ = ["SpilledPairs"]

_LEAST_CACHE_KB = 2_000


class SpilledPairs:
    """A temporary file of pairs, in a folder that only its maker may enter.

    Args:
        memory: bytes that may be used to keep parts of it at hand.
    """

    def __init__(self, memory: int) -> None:
        self._owner = os.getpid()
        self._cache_kb = max(memory >> 10, _LEAST_CACHE_KB)
        self._writer: sqlite3.Connection | None = None
        self._readers: dict[int, sqlite3.Connection] = {}
        with _on_disk():
            self._folder = Path(tempfile.mkdtemp(prefix="graphmap-join-"))
        try:
            self._writer = self._begun()
        except SourceError:
            self.close()
            raise

    def add(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Add pairs; none once a key was looked up."""
        if self._writer is not None:
            with _on_disk():
                self._writer.executemany("insert into pairs values (?, ?)", pairs)

    def end(self) -> None:
        """Say that there are no more pairs; afterwards forked processes may look up keys."""
        if self._writer is not None:
            with _on_disk():
                self._writer.execute("create index keys on pairs (key)")
                self._writer.commit()
                self._writer.close()
            self._writer = None

    def get(self, key: str) -> list[str]:
        """The values of a key, each once, in the order in which they were added."""
        self.end()
        reader = self._readers.get(os.getpid())
        with _on_disk():
            if reader is None:
                reader = self._readers[os.getpid()] = self._connected("ro")
            found = reader.execute("select value from pairs where key = ? order by rowid", (key,))
            return list(dict.fromkeys(value for (value,) in found))

    def close(self) -> None:
        """Remove the file, unless this is a forked process."""
        if os.getpid() == self._owner:
            for each in (self._writer, *self._readers.values()):
                if each is not None:
                    each.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _begun(self) -> sqlite3.Connection:
        with _on_disk():
            writer = self._connected("rwc")
            writer.execute("pragma journal_mode = off")
            writer.execute("pragma synchronous = off")
            writer.execute("create table pairs (key text, value text)")
            return writer

    def _connected(self, mode: str) -> sqlite3.Connection:
        """A connection; nobody else writes to what is read, so that reading takes no locks."""
        still = "&immutable=1" if mode == "ro" else ""
        connection = sqlite3.connect(f"{(self._folder / 'pairs').as_uri()}?mode={mode}{still}", uri=True)
        connection.execute(f"pragma cache_size = -{self._cache_kb}")
        return connection


@contextmanager
def _on_disk() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        what, hint = f"the temporary file of a join cannot be written: {error}", "free some space, or raise --memory"
        raise SourceError(what, hint=hint) from error
