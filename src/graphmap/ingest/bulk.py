"""N-Quads into the store while they are still being made: a pipe with the database at its other end.

Source: a FIFO works as the path of a bulk load, so that lifting and loading overlap (the database lets go of the
interpreter lock while it loads).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from graphmap.errors import GraphmapError, StoreError
from graphmap.store import Store

__all__ = ["BulkPipe"]

_CHUNK = 1 << 20
_POISON = b"this line is no statement, so that the load as a whole is undone\n"


class BulkPipe:
    """A bulk load that takes text piece by piece and adds all of it, or nothing where the block is left by an error.

    Raises:
        StoreError: on leaving, where the database could not load the text.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pieces: list[bytes] = []
        self._size = 0
        self._sent_bytes = 0
        self._failure: GraphmapError | None = None
        self._pipe: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="graphmap-")
        self._path = Path(self._folder.name) / "load.nq"
        os.mkfifo(self._path, 0o600)
        self._thread = threading.Thread(target=self._load, name="bulk-load", daemon=True)
        self._thread.start()
        self._pipe = self._path.open("wb", buffering=0)
        with contextlib.suppress(OSError):  # where the system allows a user no larger pipes, it stays as it is
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, _CHUNK)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is not None:
                self._pieces = [_POISON]
            self._flush()
        finally:
            if self._pipe is not None:
                self._pipe.close()
            self._thread.join()
            self._folder.cleanup()
        if kind is None and self._failure is not None:
            raise self._failure

    @property
    def full(self) -> bool:
        """Whether the store should get what is here before more comes, where a load may be cut at all."""
        most = self._store.portion_bytes
        return most is not None and self._sent_bytes + self._size >= most

    def add(self, text: bytes) -> None:
        """Add N-Quads in UTF-8; whole lines.

        Raises:
            StoreError: where the database gave up already.
        """
        self._pieces.append(text)
        self._size += len(text)
        if self._size >= _CHUNK:
            self._flush()

    def _flush(self) -> None:
        view = memoryview(b"".join(self._pieces))
        self._pieces.clear()
        self._size = 0
        try:
            while view and self._pipe is not None:
                view = view[self._pipe.write(view) or 0 :]
        except BrokenPipeError as error:
            self._thread.join()
            raise self._failure or StoreError("the database stopped reading") from error

    def _load(self) -> None:
        try:
            self._store.bulk_load(self._path)
        except GraphmapError as error:
            self._failure = error
            # whoever is still writing must not wait for a reader that is gone
            os.close(os.open(self._path, os.O_RDONLY | os.O_NONBLOCK))
