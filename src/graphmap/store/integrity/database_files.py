"""A database opened, copied and left, with what is noted of it each time.

The engine is given a folder only when its files are whole; and before it may write there, it has to open the folder for
reading, which makes and removes nothing.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyoxigraph as ox

from graphmap.files import make_private
from graphmap.store.directory import StoreDirectory
from graphmap.store.integrity.checksums import LIST_FILE, record_sums, record_sums_of_copy
from graphmap.store.integrity.completeness import check_whole
from graphmap.store.integrity.format_version import FORMAT_FILE, write_format

__all__ = ["copy_database", "open_database", "require_whole_database"]


def require_whole_database(place: StoreDirectory) -> None:
    """Refuse a database that is not whole before a folder is made beside it; with one, it is looked over when held.

    Raises:
        StoreError: where it is not whole.
        OSError: where the disk or the user's rights do not let it.
        RuntimeError: where the engine finds damage.
    """
    if not place.beside.exists() and check_whole(place):
        ox.Store.read_only(str(place.path))


def open_database(place: StoreDirectory, *, writable: bool = True) -> ox.Store:
    """Open the database of a place that this process holds; where there never was one, it is made.

    Args:
        place: is held.
        writable: whether it is to be written to; else nothing in its folder is changed, and nothing is made.

    Raises:
        StoreError: where it is not whole.
        OSError: where the disk or the user's rights do not let it.
        RuntimeError: where the engine finds damage.
    """
    there = check_whole(place)
    if not writable:
        return ox.Store.read_only(str(place.path))
    if there:
        ox.Store.read_only(str(place.path))
    store = ox.Store(str(make_private(place.path)))
    write_format(place.path)
    place.note_made()
    record_sums(place.path, taking_sums=False)
    return store


def copy_database(store: ox.Store, source: Path, copy: Path, *, writable: bool) -> None:
    """Copy a database that is open, by hard links where the file system is the same.

    Args:
        store: the database.
        source: its folder.
        copy: does not exist yet; its parent does.
        writable: whether it was opened so. The engine's own copies of what it only reads lack the newest data.

    Raises:
        OSError: where the copy cannot be written.
        RuntimeError: where the engine finds damage.
    """
    if writable:
        store.backup(copy)
        copy.chmod(0o700)
    else:
        copy.mkdir(mode=0o700)
        for file in source.iterdir():
            if file.suffix == ".sst":
                os.link(file, copy / file.name)
            elif file.name not in ("LOCK", LIST_FILE, FORMAT_FILE):
                shutil.copy2(file, copy / file.name)
    write_format(copy)
    record_sums_of_copy(source, copy)
