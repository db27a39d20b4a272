"""Checksums of a database's files: a list with sizes and SHA-256 sums.

RocksDB takes a MANIFEST that ends early for an older state, and a write-ahead log that is gone for an empty one; both
come out as data that were never there. A table (`.sst`) is never changed once it is there, and each of its blocks is
checked only when somebody reads it. So the list has the sum of each table since the first flush or end after it came,
and the MANIFEST and the logs, which go on growing, as they were at that moment.

A list that is missing or cannot be read says nothing; it is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from graphmap.files import open_private

__all__ = [
    "LIST_FILE",
    "RecordedSums",
    "current_manifest",
    "record_sums",
    "record_sums_of_copy",
    "recorded_sums",
    "sum_of",
]

LIST_FILE = "graphmap-files"
_MANIFEST = re.compile(r"MANIFEST-[0-9]{6,20}\n")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSums:
    """Noted state of a database's files.

    Args:
        left: whether the database was closed then, so that no file may have changed since.
        manifest: the MANIFEST of that time.
        files: size and SHA-256 by name.
    """

    left: bool
    manifest: str
    files: dict[str, tuple[int, str]]

    def sum_of(self, name: str, size: int) -> str | None:
        """The sum of a table of that name and size; `None` where it is not known."""
        known = self.files.get(name)
        return known[1] if known is not None and known[0] == size else None


def current_manifest(folder: Path) -> str | None:
    """The MANIFEST that CURRENT names; `None` where it names none.

    Raises:
        OSError: where CURRENT cannot be read.
    """
    text = (folder / "CURRENT").read_bytes().decode("ascii", "replace")
    return text[:-1] if _MANIFEST.fullmatch(text) else None


def recorded_sums(folder: Path) -> RecordedSums | None:
    """The list of a database; `None` where there is none that can be read."""
    try:
        line, _, text = (folder / LIST_FILE).read_bytes().partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() != line:
            return None
        return msgspec.json.decode(text, type=RecordedSums)
    except (OSError, msgspec.DecodeError):
        return None


def record_sums(folder: Path, *, taking_sums: bool = True, left: bool = False) -> None:
    """Note what the files of a database are now; where the disk does not let it, the next one to look knows less.

    Args:
        folder: of the database.
        taking_sums: whether new tables are read for their sums.
        left: whether it is closed; its logs are synced and noted then.
    """
    _note(folder, recorded_sums(folder), taking_sums=taking_sums, left=left)


def record_sums_of_copy(source: Path, copy: Path) -> None:
    """Note of a copy what is known of the tables that it shares with the database that it was made of."""
    _note(copy, recorded_sums(source), taking_sums=False, left=False)


def _note(folder: Path, before: RecordedSums | None, *, taking_sums: bool, left: bool) -> None:
    with contextlib.suppress(OSError):
        manifest = current_manifest(folder)
        if manifest is not None:
            files = dict(_tables(folder, before, taking_sums=taking_sums))
            files[manifest] = _synced_sum(folder / manifest)
            if left:
                files.update((log.name, _synced_sum(log)) for log in folder.glob("*.log"))
            _write(folder, RecordedSums(left=left, manifest=manifest, files=files))


def sum_of(file: Path, most: int | None = None) -> tuple[int, str]:
    """Read a file; return the number of bytes and their SHA-256.

    Args:
        file: the file.
        most: how many to read; all without.

    Raises:
        OSError: where it cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as reading:
        while chunk := reading.read(_CHUNK if most is None else min(_CHUNK, most - size)):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _tables(folder: Path, before: RecordedSums | None, *, taking_sums: bool) -> Iterator[tuple[str, tuple[int, str]]]:
    for table in folder.glob("*.sst"):
        with contextlib.suppress(FileNotFoundError):  # merged by now
            size = table.stat().st_size
            known = None if before is None else before.sum_of(table.name, size)
            if known is not None:
                yield table.name, (size, known)
            elif taking_sums:
                yield table.name, sum_of(table)


def _synced_sum(file: Path) -> tuple[int, str]:
    """As `sum_of`, of bytes that a power cut cannot take any more."""
    size_and_sum = sum_of(file)
    with file.open("rb") as read:
        os.fsync(read.fileno())
    return size_and_sum


def _write(folder: Path, what: RecordedSums) -> None:
    text = msgspec.json.encode(what)
    part = folder / f"{LIST_FILE}.part"
    with open_private(part) as file:
        file.write(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
    part.replace(folder / LIST_FILE)
