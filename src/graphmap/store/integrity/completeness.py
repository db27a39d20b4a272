"""Completeness of a database by its files, checked before the engine opens it.

RocksDB begins an empty database where CURRENT is missing, and at the next opening removes what is left of the old one.
So nothing is opened that is not whole; this only reads.
"""

from __future__ import annotations

from pathlib import Path

from graphmap.errors import Locator, StoreError
from graphmap.store.directory import StoreDirectory
from graphmap.store.integrity.checksums import LIST_FILE, RecordedSums, current_manifest, recorded_sums, sum_of
from graphmap.store.integrity.format_version import FORMAT_FILE, check_format
from graphmap.store.journal import check_journal

__all__ = ["check_whole", "damage", "holds_database"]

_EMPTY_BYTES = 2 << 10
"""Of a database in which the engine has noted its own version, and nobody anything else."""
_ENDINGS = (".sst", ".log", ".dbtmp")
_NAMES = ("CURRENT", "IDENTITY", FORMAT_FILE, LIST_FILE)
_BEGINNINGS = ("MANIFEST-", "OPTIONS-")


def check_whole(place: StoreDirectory) -> bool:
    """Refuse a database that is not whole.

    Args:
        place: of the database.

    Returns:
        Whether there is one; where none is, none was made before.

    Raises:
        StoreError: where the format is another one, a file is missing or shorter than it was, the database is gone, or
            its journal is gone or damaged.
        OSError: where the folder cannot be read.
    """
    folder = place.path
    check_journal(place.journal)
    if not holds_database(folder):
        if place.was_made:
            raise damage(place, "the store is gone: nothing is left of it in its folder", folder)
        return False
    if _never_began(place):
        return False
    check_format(folder)
    manifest = _manifest(place)
    list_of = recorded_sums(folder)
    if list_of is not None:
        _check_noted(place, list_of, manifest)
    return True


def holds_database(folder: Path) -> bool:
    """Return whether a folder has files of a database.

    Raises:
        OSError: where it cannot be read.
    """
    try:
        return any(_is_of_database(file.name) for file in folder.iterdir())
    except FileNotFoundError:
        return False


def damage(place: StoreDirectory, what: str, file: Path) -> StoreError:
    """An error about a file of a database, with the ways that are left."""
    hint = (
        "put the file back, or restore a backup with `graphmap store restore DIR --force`; "
        f"to begin with an empty store, move {place.path} and {place.beside} away"
    )
    return StoreError(what, where=Locator(source=str(file)), hint=hint)


def _is_of_database(name: str) -> bool:
    return name in _NAMES or name.endswith(_ENDINGS) or name.startswith(_BEGINNINGS)


def _never_began(place: StoreDirectory) -> bool:
    """Return whether a process was killed while it made the database: the engine's next opening completes it."""
    if place.was_made or (place.path / FORMAT_FILE).exists():
        return False
    kept = (file for file in place.path.iterdir() if file.suffix in (".sst", ".log"))
    return sum(file.stat().st_size for file in kept) <= _EMPTY_BYTES


def _manifest(place: StoreDirectory) -> str:
    """The MANIFEST that the database goes by; it is there."""
    current = place.path / "CURRENT"
    try:
        name = current_manifest(place.path)
    except FileNotFoundError:
        raise damage(place, "the store is damaged: its file CURRENT is missing", current) from None
    if name is None:
        raise damage(place, "the store is damaged: CURRENT names no MANIFEST", current)
    if not (place.path / name).is_file():
        raise damage(place, f"the store is damaged: CURRENT names {name}, which is missing", place.path / name)
    return name


def _check_noted(place: StoreDirectory, list_of: RecordedSums, manifest: str) -> None:
    """Compare the files with what was noted of them, where nobody has opened the database since."""
    if _number(manifest) > _number(list_of.manifest):  # opened since, by somebody who was killed or notes nothing
        return
    if manifest != list_of.manifest:
        what = f"the store is damaged: CURRENT names {manifest}, and the last was {list_of.manifest}"
        raise damage(place, what, place.path / "CURRENT")
    for name, (size, digest) in sorted(list_of.files.items()):
        if name == manifest or list_of.left:
            _check_file(place, name, size, None if name.endswith(".sst") else digest)


def _check_file(place: StoreDirectory, name: str, size: int, digest: str | None) -> None:
    """Compare a file with its size and, where one is given, its sum; it may have grown since."""
    file = place.path / name
    try:
        found = file.stat().st_size
    except FileNotFoundError:
        raise damage(place, f"the store is damaged: its file {name} is missing", file) from None
    if found < size:
        raise damage(place, f"the store is damaged: {name} has {found} bytes, and had {size}", file)
    if digest is not None and sum_of(file, size)[1] != digest:
        raise damage(place, f"the store is damaged: {name} is not as it was written", file)


def _number(manifest: str) -> int:
    return int(manifest.rpartition("-")[2])
