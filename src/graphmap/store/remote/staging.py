"""A copy of what a server holds, to work on: what is written to it is noted, and goes to the server as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from graphmap.rdf import Token
from graphmap.store.directory import StoreDirectory
from graphmap.store.embedded import EmbeddedStore, load_while_written
from graphmap.store.endpoint import Endpoint
from graphmap.store.io_errors import explained_errors
from graphmap.store.protocol import Quad
from graphmap.store.remote.update_batches import Step, additions, replacing

__all__ = ["Staged"]

_LINES = 50_000
"""Lines of a bulk load that are put into canonical form together."""


class Staged(EmbeddedStore):
    """An embedded store that notes its writes in their order; see `graphmap.store.protocol.Store` for its methods.

    Args:
        path: its folder.
        endpoint: the server that the writes are for.
    """

    def __init__(self, path: Path, endpoint: Endpoint) -> None:
        super().__init__(path)
        self._endpoint = endpoint
        self._notes: list[list[Step] | Path] = []

    @classmethod
    @contextmanager
    def open(cls, place: StoreDirectory, endpoint: Endpoint) -> Iterator[Staged]:
        """A fresh one in a place; it is gone at the end of the block."""
        with explained_errors(place.path):
            copy = cls(place.clear_staging(), endpoint)
        try:
            yield copy
        finally:
            copy.close()
            shutil.rmtree(copy.place.beside, ignore_errors=True)
            place.clear_staging()

    def fill(self, dump: Callable[[IO[bytes]], None]) -> None:
        """Take in what the server holds; it is not noted.

        Args:
            dump: writes N-Quads.

        Raises:
            StoreError: where the server or the disk fails.
        """
        load_while_written(super().bulk_load, dump)

    def steps(self) -> Iterator[Step]:
        """Written changes as operations of an update, in order and lazily."""
        for note in self._notes:
            if isinstance(note, Path):
                yield from self._steps_of(note)
            else:
                yield from note

    def bulk_load(self, source: Path | bytes) -> None:
        """Add N-Quads; see `Store`."""
        note = self.place.beside / f"note-{len(self._notes)}.nq"
        with explained_errors(note), note.open("wb") as out:
            if isinstance(source, bytes):
                out.write(source)
            else:
                with source.open("rb") as reading:
                    shutil.copyfileobj(reading, out, 1 << 20)
        super().bulk_load(note)
        self._notes.append(note)

    def load(self, nquads: bytes) -> None:
        """Add N-Quads; see `Store`."""
        super().load(nquads)
        self._notes.append(list(additions(nquads, self._endpoint)))

    def replace(self, *, remove: Iterable[Quad], add: bytes, drop: Iterable[Token] = ()) -> None:
        """Remove quads, drop graphs, add N-Quads; see `Store`."""
        gone, dropped = tuple(remove), tuple(drop)
        super().replace(remove=gone, add=add, drop=dropped)
        self._notes.append(list(replacing(gone, dropped, add, self._endpoint)))

    def update(self, text: str, *, base: str | None = None) -> None:
        """Run an update; see `Store`."""
        super().update(text, base=base)
        self._notes.append([Step(text if base is None else f"BASE <{base}> {text}", 0)])

    def _steps_of(self, note: Path) -> Iterator[Step]:
        with explained_errors(note), note.open("rb") as lines:
            while some := b"".join(islice(lines, _LINES)):
                yield from additions(some, self._endpoint)
