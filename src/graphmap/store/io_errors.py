"""Errors of a database or disk, each translated into one that says what to do."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graphmap.errors import Locator, StoreError

__all__ = ["explained_errors"]

_RIGHTS = ("Permission denied", "Read-only file system", "Operation not permitted")
_FULL = ("No space left", "Disk quota exceeded", "File too large")
_DAMAGE = ("Corruption", "No such file", "Invalid argument", "does not exist")
_DESCRIPTORS = ("file descriptors", "Too many open files")
_FILE = re.compile(r"[^ :]*/(?:[0-9]{6,}\.(?:sst|log)|MANIFEST-[0-9]+|OPTIONS-[0-9]+|CURRENT|IDENTITY)\b")


_LOCKED = re.compile(r"\block\b|While lock|LOCK: ", re.IGNORECASE)
_DAMAGED = "the store is damaged or incomplete"


@contextmanager
def explained_errors(path: Path) -> Iterator[None]:
    """Turn what is raised in the block into a `StoreError` that says what to do.

    Args:
        path: what was worked on.
    """
    where = Locator(source=str(path))
    try:
        yield
    except SyntaxError as error:
        hint = "nothing was changed; correct the record that this text came from"
        raise StoreError(f"the text for the store does not parse: {error}", where=where, hint=hint) from error
    except MemoryError as error:
        hint = "give this process more memory, or do less at a time"
        raise StoreError("there is not enough memory for the store", where=where, hint=hint) from error
    except (OSError, ValueError, RuntimeError) as error:  # the engine raises the last for damage
        what, hint = _diagnosis(error)
        named = _FILE.search(str(error)) if what.startswith(_DAMAGED) else None
        raise StoreError(what, where=Locator(source=named[0]) if named else where, hint=hint) from error


def _diagnosis(error: OSError | ValueError | RuntimeError) -> tuple[str, str]:
    message = " ".join(str(error).split())
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or any(sign in message for sign in _FULL):
        return "the disk is full", "make room; what was acknowledged before is kept"
    if isinstance(error, PermissionError) or any(sign in message for sign in _RIGHTS):
        return "the store may not be written by this user", "change its owner, or choose another place"
    if number in (errno.EMFILE, errno.ENFILE) or any(sign in message for sign in _DESCRIPTORS):
        return "too few files may be open at a time for the store", "raise the limit, as by `ulimit -n 4096`"
    if number == errno.ENOMEM or "Cannot allocate memory" in message:
        return "there is not enough memory for the store", "give this process more memory, or do less at a time"
    if _LOCKED.search(message):
        return "the store is open in another process", "stop that process, or send the work to the running server"
    if any(sign in message for sign in _DAMAGE):
        return f"{_DAMAGED}: {message}", "restore a backup with `graphmap store restore DIR --force`"
    return f"the store cannot be read or written: {message}", "look at the disk and its free space"
