"""The number of the form that a store is kept in: a file among the database's own, which travels with every copy.

A number that this version does not know is refused before anything else of the folder is looked at.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from graphmap.errors import Locator, StoreError
from graphmap.files import open_private

__all__ = ["FORMAT_FILE", "check_format", "write_format"]

FORMAT_FILE = "graphmap-format"
"""Its one line is `graphmap store 2`."""
_KNOWN = 2
_UPGRADED = 1
"""Format of stores whose own statements are under a former IRI of the vocabulary; `graphmap store upgrade` takes it."""
_LINE = re.compile(rb"graphmap store ([0-9]{1,9})\n")


def check_format(folder: Path, *, upgradable: bool = False) -> None:
    """Refuse a store whose form this version does not know; one without a number is of the first form.

    Args:
        folder: of the database.
        upgradable: whether a form that can be upgraded will do.

    Raises:
        StoreError: where the number is another one, or cannot be read.
    """
    file = folder / FORMAT_FILE
    try:
        found = _LINE.fullmatch(file.read_bytes())
    except FileNotFoundError:
        found = _LINE.fullmatch(b"graphmap store %d\n" % _UPGRADED)
    where = Locator(source=str(file))
    if found is None:
        hint = "restore a backup; or, where this version wrote the store, remove this file: it is written again"
        raise StoreError("the store's format number cannot be read", where=where, hint=hint)
    if int(found[1]) == _UPGRADED:
        if not upgradable:
            what = f"the store has format {_UPGRADED}, of an earlier version of graphmap"
            raise StoreError(what, where=where, hint="stop the server, and run `graphmap store upgrade`")
    elif int(found[1]) != _KNOWN:
        what = f"the store has format {int(found[1])}, and this version of graphmap knows format {_KNOWN}"
        raise StoreError(what, where=where, hint="use the version of graphmap that wrote it, or load a dump of it")


def write_format(folder: Path) -> None:
    """Write the number, synced, where there is none.

    Raises:
        OSError: where the folder cannot be written.
    """
    file = folder / FORMAT_FILE
    if file.exists():
        return
    part = folder / f"{FORMAT_FILE}.part"
    with open_private(part) as writing:
        writing.write(b"graphmap store %d\n" % _KNOWN)
        writing.flush()
        os.fsync(writing.fileno())
    part.replace(file)
