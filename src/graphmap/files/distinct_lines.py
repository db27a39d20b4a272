"""Lines that come again are dropped, however many there are: in memory up to a limit, beyond it by way of a disk.

A line that is not among those in memory goes to one of some files, told by its checksum. Equal lines meet in one file,
and each file is gone through in the same way in the end.
Source: Knuth, The Art of Computer Programming, volume 3, section 6.5 (partitioning by hashing).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from graphmap.errors import SourceError

__all__ = ["blocks", "deduplicated"]

_FILES = 64
_ENTRY = 120
"""Bytes that a line takes in memory beside its characters."""
_BLOCK = 1 << 20


def deduplicated(texts: Iterable[bytes | memoryview], *, memory: int, depth: int = 0) -> Iterator[bytes]:
    """Each line once.

    Args:
        texts: of whole lines, each with its line feed.
        memory: bytes that the lines in memory may take, about; at least one text is kept.
        depth: how many times the lines were parted before.

    Yields:
        Texts of whole lines: those that were new while there was memory, at once and in their order; the others after
        the last text, in an order that depends on the lines alone.

    Raises:
        SourceError: where the disk is full.
    """
    seen: set[bytes] = set()
    left = memory
    with ExitStack() as stack:
        parts: _Parts | None = None
        for text in texts:
            fresh = [line for line in dict.fromkeys(bytes(text).split(b"\n")) if line and line not in seen]
            if parts is None and (left > 0 or not seen):
                seen.update(fresh)
                left -= sum(map(len, fresh)) + _ENTRY * len(fresh)
                if fresh:
                    yield b"\n".join((*fresh, b""))
                continue
            if parts is None:
                parts = stack.enter_context(_Parts(depth))
            parts.add(fresh)
        if parts is not None:
            seen.clear()
            for path in parts.paths():
                yield from deduplicated(blocks(path), memory=memory, depth=depth + 1)


def blocks(path: Path, size: int = _BLOCK) -> Iterator[bytes]:
    """The text of a file, some whole lines at a time."""
    with path.open("rb") as file:
        while block := file.read(size):
            yield block + file.readline() if block[-1:] != b"\n" else block


@contextmanager
def _on_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"temporary files cannot be written: {error.strerror}"
        raise SourceError(what, hint="free some space, or raise --memory") from error


class _Parts:
    """Files in a temporary folder, and a place in one of them for each line."""

    def __init__(self, depth: int) -> None:
        self._depth = depth

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        with _on_disk():
            folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="graphmap-distinct-")))
            self._paths = [folder / str(number) for number in range(_FILES)]
            self._files = [self._stack.enter_context(path.open("wb")) for path in self._paths]
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with suppress(OSError) if kind is not None else _on_disk():
            self._stack.close()

    def add(self, lines: Iterable[bytes]) -> None:
        """Write lines to where they belong."""
        files, share = self._files, _FILES**self._depth
        with _on_disk():
            for line in lines:
                files[zlib.crc32(line) // share % _FILES].write(line + b"\n")

    def paths(self) -> Iterator[Path]:
        """The files, once all lines are in; each is gone after its turn."""
        for file, path in zip(self._files, self._paths, strict=True):
            with _on_disk():
                file.close()
            yield path
            path.unlink()
