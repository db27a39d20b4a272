"""Levels of the files of a RocksDB database, read from its MANIFEST.

On level 0 files overlap, so that a look-up goes through all of them; below it the files of a level share no keys. The
database has no way to be asked for this, but its MANIFEST tells: a log of version edits, each of which adds files to
the levels of a column family or takes them away.

Source: the RocksDB wiki, "MANIFEST" and "Write Ahead Log File Format"; `db/version_edit.cc` for the tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Levels", "TableFile"]

_BLOCK = 32 << 10
_HEAD = 7
_RECYCLABLE_HEAD = 11
_FIRST_RECYCLABLE, _LAST_RECYCLABLE = 5, 8
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_TERMINATE = 1
_MAY_BE_IGNORED = 1 << 13
_DELETED, _NEW, _NEW_2, _NEW_3, _NEW_4 = 6, 7, 100, 102, 103
_FAMILY = 200
_OF_NUMBERS = frozenset({2, 3, 4, 9, 10, 203, 300})
_OF_TEXTS = frozenset({1, 201})
_CURSOR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """A file of sorted keys.

    Args:
        family: number of its column family; each order of the quads has one.
        level: 0 is where files overlap.
        bytes: its size.
    """

    family: int
    level: int
    bytes: int


class _UnknownEditError(Exception):
    """An edit has a tag that is not known here, so that what follows cannot be read."""


@dataclass(slots=True)
class _Edit:
    """Edit of one column family: added files by level, number and size, and numbers of removed ones."""

    family: int = 0
    new: list[tuple[int, int, int]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Fields:
    """The fields of an edit, in their order."""

    data: bytes
    at: int = 0

    def __bool__(self) -> bool:
        return self.at < len(self.data)

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def skip_text(self) -> None:
        length = self.number()
        self.at += length


@dataclass(slots=True)
class _Log:
    """Reads the records of a log of which more and more is written."""

    path: Path
    inode: int = 0
    at: int = 0
    pieces: list[bytes] = field(default_factory=list)

    def records(self) -> Iterator[bytes]:
        """The whole records that came since the last call."""
        with self.path.open("rb") as file:
            file.seek(self.at)
            data, start = file.read(), self.at
        at = 0
        while len(data) - at >= _HEAD:
            left = _BLOCK - (start + at) % _BLOCK
            if left < _HEAD:
                at += left
                continue
            length, kind = int.from_bytes(data[at + 4 : at + 6], "little"), data[at + 6]
            head = _RECYCLABLE_HEAD if _FIRST_RECYCLABLE <= kind <= _LAST_RECYCLABLE else _HEAD
            end = at + head + length
            if end > len(data) or not kind:  # is being written
                break
            kind -= (head > _HEAD) * (_FIRST_RECYCLABLE - _FULL)
            self.pieces.append(data[at + head : end])
            at = end
            if kind in (_FULL, _LAST):
                yield b"".join(self.pieces)
                self.pieces.clear()
            self.at = start + at


class Levels:
    """The files of a database by level; for one thread at a time.

    Args:
        folder: the database's own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = _Log(folder)
        self._files: dict[tuple[int, int], TableFile] = {}

    def files(self) -> tuple[TableFile, ...] | None:
        """All files of the present version.

        Returns:
            In no order; nothing where there is no database, `None` where its MANIFEST is of a kind that is not known.
        """
        try:
            self._follow()
        except FileNotFoundError:
            self._begin(_Log(self._folder))
        except (OSError, ValueError, IndexError, _UnknownEditError):
            self._begin(_Log(self._folder))
            return None
        return tuple(self._files.values())

    def _begin(self, log: _Log) -> None:
        self._log, self._files = log, {}

    def _follow(self) -> None:
        """Take in what was written to the MANIFEST since."""
        manifest = self._folder / (self._folder / "CURRENT").read_text(encoding="ascii").strip()
        inode = manifest.stat().st_ino  # another database may have taken the place of this one
        if (self._log.path, self._log.inode) != (manifest, inode):
            self._begin(_Log(manifest, inode))
        for record in self._log.records():
            self._apply(_edit(_Fields(record)))

    def _apply(self, edit: _Edit) -> None:
        for number in edit.gone:  # first: a file that goes to another level goes and comes
            self._files.pop((edit.family, number), None)
        for level, number, size in edit.new:
            self._files[edit.family, number] = TableFile(family=edit.family, level=level, bytes=size)


def _edit(fields: _Fields) -> _Edit:
    edit = _Edit()
    while fields:
        tag = fields.number()
        if tag == _FAMILY:
            edit.family = fields.number()
        elif tag == _DELETED:
            fields.number()
            edit.gone.append(fields.number())
        elif tag in (_NEW, _NEW_2, _NEW_3, _NEW_4):
            edit.new.append(_new_file(fields, tag))
        else:
            _pass_over(fields, tag)
    return edit


def _new_file(fields: _Fields, tag: int) -> tuple[int, int, int]:
    """Level, number and size of a file that is added."""
    level, number = fields.number(), fields.number()
    if tag == _NEW_3:
        fields.number()
    size = fields.number()
    fields.skip_text()
    fields.skip_text()
    if tag != _NEW:
        fields.number()
        fields.number()
    while tag == _NEW_4 and fields.number() != _TERMINATE:
        fields.skip_text()
    return level, number, size


def _pass_over(fields: _Fields, tag: int) -> None:
    if tag in _OF_NUMBERS:
        fields.number()
    elif tag in _OF_TEXTS or tag & _MAY_BE_IGNORED:
        fields.skip_text()
    elif tag == _CURSOR:
        fields.number()
        fields.skip_text()
    else:
        raise _UnknownEditError(tag)
