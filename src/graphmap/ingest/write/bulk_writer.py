"""N-Quads into the store while more of them are being made, in portions that the database loads in a thread beside.

Portions, and no pipe, for two reasons: given bytes the database holds little more than them, where a pipe or a file of
any size makes it gather a million quads, which is more than a gigabyte; and its threads need not wait for the writer.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from graphmap.store import Store

__all__ = ["BulkLoad"]

_PORTION_BYTES = 8 << 20
"""Larger portions leave the processor's caches, smaller ones give the database more files to merge."""

_MOST_SENT = 50_000
"""Lines that are remembered; records that share lines mostly follow one another."""


class BulkLoad:
    """Takes N-Quads piece by piece; leaving the block waits until all of them are in the store.

    What was taken before an error may be in the store, whole additions of it: who wants all or nothing works on a copy.

    Args:
        store: opened for writing; its limit on portions counts.
        portion_bytes: how much is loaded in one go; memory holds about eight times as much.
    """

    def __init__(self, store: Store, *, portion_bytes: int = _PORTION_BYTES) -> None:
        self._load: Callable[[bytes], None] = store.bulk_load
        self._portion_bytes = min(portion_bytes, store.portion_bytes or portion_bytes)
        self._pieces: list[bytes] = []
        self._size = 0
        self._under_way: Future[None] | None = None
        self._sent: set[bytes] = set()

    def __enter__(self) -> Self:
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="bulk-load")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._loader:
            if kind is None:
                self._hand_over()
                self._wait()

    def add(self, *pieces: bytes, common: bytes = b"") -> None:
        """Add N-Quads in UTF-8, whole lines; the pieces of one call get in together.

        Args:
            pieces: what only these records say.
            common: what others may have said before; of that, hardly a line is sent twice.

        Raises:
            StoreError: where the database could not load a portion before.
        """
        if common:
            pieces = (self._news(common), *pieces)
        self._pieces += pieces
        self._size += sum(map(len, pieces))
        if self._size >= self._portion_bytes:
            self._hand_over()

    def _news(self, common: bytes) -> bytes:
        """The lines that were not sent lately, in any order."""
        if b"_:" in common:  # perhaps a blank node, whose name counts within one portion only
            return common
        lines = set(common.split(b"\n")).difference(self._sent)
        lines.discard(b"")
        if len(self._sent) > _MOST_SENT:
            self._sent.clear()
        self._sent |= lines
        return b"\n".join((*lines, b""))

    def _hand_over(self) -> None:
        self._wait()
        if self._size:
            self._under_way = self._loader.submit(self._load, b"".join(self._pieces))
        self._pieces.clear()
        self._size = 0

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None
