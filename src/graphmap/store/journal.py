"""Write-ahead journal: entries on disk, synced in groups, read again after a kill.

An entry has a position, counted from 1 over the whole life of a store. The database notes the position of the last
entry that it has taken in, so that each takes effect once.

File: a head, then entries. Head: magic, position before the first entry in 48 bits below a sum of it in 16; journals of
old have no sum. Entry: length, CRC-32 of length and payload, payload. Numbers are big-endian. A last entry that is not
whole was never acknowledged and is cut off. Beside the journal are two marks. `-made` says that there has to be one,
and which entry was acknowledged last, so that the loss of an end is told. `-again` says that the database was restored
from a copy and has to be given all entries, whatever positions it has seen.
"""

from __future__ import annotations

import os
import struct
import threading
import zlib
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path

from graphmap.errors import Locator, StoreError
from graphmap.files import open_private
from graphmap.store.directory import sync_folder
from graphmap.store.io_errors import explained_errors

__all__ = ["Journal", "check_journal", "has_entries"]

_HEAD = struct.Struct(">8sQ")
_ENTRY = struct.Struct(">II")
_MAGIC = b"graphmap"
_POSITION_BITS = 48
_ACKNOWLEDGED = struct.Struct(">QI")


class Journal:
    """A journal; its methods may be called from any thread.

    Args:
        path: its file; made where it is missing.
        position: of the last entry that the database has; a new journal begins after it.

    Raises:
        StoreError: where the file cannot be written, is gone, or is damaged other than by a torn end.
    """

    def __init__(self, path: Path, *, position: int = 0) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._sync_lock = threading.Lock()
        with explained_errors(path):
            self._settle(position)
            self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
            self._start, self._ends = _scanned(path)
            os.ftruncate(self._file, self.size)
            self._mark = os.open(_mark(path, "made"), os.O_WRONLY | os.O_CLOEXEC)
        self._synced = self.position
        self._broken = False

    @property
    def position(self) -> int:
        """Position of the last entry."""
        return self._start + len(self._ends)

    @property
    def start(self) -> int:
        """Position before the first entry."""
        return self._start

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._ends[-1] if self._ends else _HEAD.size

    def _settle(self, position: int) -> None:
        """Have a whole journal in its place: a new one, or for a restored database one that goes on where that ends."""
        made, again = _mark(self._path, "made"), _mark(self._path, "again")
        check_journal(self._path)
        if not self._path.exists():
            _begin(self._path, position)
        elif again.exists():
            _begin(self._path, position, self._path.read_bytes()[_HEAD.size :])
        start, ends = _scanned(self._path)
        is_new = not made.exists()
        with open(made, "r+b" if not is_new else "xb", opener=_private) as file:
            file.write(_acknowledged(start + len(ends)))
        if is_new:
            sync_folder(made.parent)
        again.unlink(missing_ok=True)

    def append(self, payloads: Sequence[bytes]) -> int:
        """Write entries; when this returns they are on the disk, synced in one go with those of other threads.

        Returns:
            Position of the first of them.

        Raises:
            StoreError: where the disk fails; none of them is kept then.
        """
        data = b"".join(_framed(payload) for payload in payloads)
        with self._lock, explained_errors(self._path):
            first = self.position + 1
            try:
                _write_all(self._file, data)
            except OSError:
                os.ftruncate(self._file, self.size)
                raise
            lengths = (_ENTRY.size + len(payload) for payload in payloads)
            self._ends.extend(islice(accumulate(lengths, initial=self.size), 1, None))
            last = self.position
        self._sync(last)
        return first

    def _sync(self, last: int) -> None:
        """Sync up to an entry; whoever comes first syncs for all that wait."""
        with self._sync_lock:
            if self._synced >= last:
                return
            if self._broken:
                hint = "look at the disk, then start again; what was acknowledged is kept"
                raise StoreError("the journal cannot be synced", where=Locator(source=str(self._path)), hint=hint)
            reached = self.position
            self._broken = True  # after a sync that failed, the next one may succeed and still have lost the data
            with explained_errors(self._path):
                os.fdatasync(self._file)
                os.pwrite(self._mark, _acknowledged(reached), 0)  # it may get to the disk later, and never before
            self._synced, self._broken = reached, False

    def after(self, position: int) -> Iterator[tuple[int, bytes]]:
        """Yield position and payload of each entry after one, in their order, lazily."""
        with explained_errors(self._path):
            data, ends = self._path.read_bytes(), self._ends[:]
        begin = _HEAD.size
        for number, end in enumerate(ends, self._start + 1):
            if number > position:
                yield number, data[begin + _ENTRY.size : end]
            begin = end

    def clear(self) -> None:
        """Begin anew after the present position; the database must have synced all that the entries brought.

        Raises:
            StoreError: where the disk fails.
        """
        with self._lock, self._sync_lock, explained_errors(self._path):
            self._begin_again(self.position, b"")

    def forget(self, position: int) -> None:
        """Drop the entries up to a position; the database must have synced all that they brought.

        Raises:
            StoreError: where the disk fails.
        """
        with self._lock, self._sync_lock, explained_errors(self._path):
            if position > self._start:  # else they are gone already
                at = self._ends[position - self._start - 1]
                self._begin_again(position, os.pread(self._file, self.size - at, at))

    def _begin_again(self, position: int, kept: bytes) -> None:
        last, gone = self.position, self.size - len(kept) - _HEAD.size
        _begin(self._path, position, kept)
        os.close(self._file)
        self._file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        self._ends = array("Q", (end - gone for end in self._ends[position - self._start :]))
        self._start, self._synced = position, last

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
                os.close(self._mark)
            self._file = -1


def check_journal(path: Path) -> None:
    """Refuse a journal that is gone, or damaged other than by a torn end; this only reads.

    Raises:
        StoreError: where that is so.
        OSError: where it cannot be looked at.
    """
    acknowledged = _last_acknowledged(path)  # looked at first: whoever writes notes an entry when the journal has it
    if not path.exists():
        if _mark(path, "made").exists():
            raise _damage(path, "the journal is gone")
        return
    start, ends = _scanned(path)
    lacking = acknowledged - start - len(ends)
    if lacking > 0 and not _mark(path, "again").exists():
        raise _damage(path, f"the journal is cut off: its last {lacking} acknowledged entries are missing")


def has_entries(path: Path) -> bool:
    """Return whether a journal is there and holds anything.

    Raises:
        OSError: where it cannot be looked at.
    """
    return path.exists() and path.stat().st_size > _HEAD.size


def _scanned(path: Path) -> tuple[int, array[int]]:
    """Position before the first entry, and where each entry ends that is whole."""
    data = path.read_bytes()
    start = _start_of(data)
    if start is None:
        raise _damage(path, "the journal is damaged at its beginning")
    at, ends = _HEAD.size, array("Q")
    while (end := _end_of_entry(data, at)) is not None:
        at = end
        ends.append(end)
    if _is_damaged(data, at):
        raise _damage(path, f"the journal is damaged at byte {at}")
    return start, ends


def _mark(path: Path, name: str) -> Path:
    return path.with_name(f"{path.name}-{name}")


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _acknowledged(position: int) -> bytes:
    return _ACKNOWLEDGED.pack(position, zlib.crc32(position.to_bytes(8)))


def _last_acknowledged(path: Path) -> int:
    """Position of the entry that was acknowledged last, as far as it is known."""
    try:
        noted = _mark(path, "made").read_bytes()
    except FileNotFoundError:
        return 0
    position: int = _ACKNOWLEDGED.unpack(noted)[0] if len(noted) == _ACKNOWLEDGED.size else 0
    return position if noted == _acknowledged(position) else 0


def _damage(path: Path, what: str) -> StoreError:
    hint = (
        f"put it back; or move {path.name} and {path.name}-made away, which loses what was acknowledged since the "
        "server started last, and send that again"
    )
    return StoreError(what, where=Locator(source=str(path)), hint=hint)


def _begin(path: Path, position: int, kept: bytes = b"") -> None:
    """Put a journal of the entries after a position in the place of one; whole or not at all."""
    fresh = path.with_name(f"{path.name}.fresh")
    with open_private(fresh) as file:
        file.write(_HEAD.pack(_MAGIC, _sealed(position)) + kept)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def _framed(payload: bytes) -> bytes:
    return _ENTRY.pack(len(payload), _sum(payload)) + payload


def _sum(payload: bytes) -> int:
    return zlib.crc32(payload, len(payload))


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _end_of_entry(data: bytes, at: int) -> int | None:
    """Find the end of the entry at a position; `None` if it is incomplete or wrong."""
    if at + _ENTRY.size > len(data):
        return None
    length, checksum = _ENTRY.unpack_from(data, at)
    end: int = at + _ENTRY.size + length
    return end if end <= len(data) and length and _sum(data[at + _ENTRY.size : end]) == checksum else None


def _is_damaged(data: bytes, at: int) -> bool:
    """Return whether what stands at a place, and is no entry, is no torn end either."""
    if at + _ENTRY.size > len(data):
        return False
    length, checksum = _ENTRY.unpack_from(data, at)
    rest = data[at + _ENTRY.size :]
    if length > len(rest):
        return bool(rest) and _sum(rest) == checksum  # whole, with another length
    if length == len(rest):
        return b"\0" not in rest  # zeros are what a power cut leaves of bytes that were not written yet
    return bool(length)  # more follows behind it


def _sealed(position: int) -> int:
    return (_sum(position.to_bytes(8)) & 0xFFFF) << _POSITION_BITS | position


def _start_of(data: bytes) -> int | None:
    """The position in the head; `None` where the head is none."""
    if len(data) < _HEAD.size:
        return None
    magic, sealed = _HEAD.unpack_from(data)
    position: int = sealed & (1 << _POSITION_BITS) - 1
    return position if magic == _MAGIC and sealed in (position, _sealed(position)) else None
