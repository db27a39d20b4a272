"""What a database or a disk raises, told apart: each comes out as an error that says what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graphmap.errors import Locator, StoreError

__all__ = ["told_apart"]

_RIGHTS = ("Permission denied", "Read-only file system", "Operation not permitted")
_FULL = ("No space left", "Disk quota exceeded", "File too large")
_DAMAGE = ("Corruption", "No such file", "Invalid argument", "does not exist")


@contextmanager
def told_apart(path: Path) -> Iterator[None]:
    """Turn what is raised in the block into a `StoreError` that says what to do.

    Args:
        path: what was worked on.
    """
    where = Locator(source=str(path))
    try:
        yield
    except SyntaxError as error:
        hint = "nothing was changed; mend the record that this text came from"
        raise StoreError(f"the text for the store does not parse: {error}", where=where, hint=hint) from error
    except (OSError, ValueError) as error:
        what, hint = _diagnosis(error)
        raise StoreError(what, where=where, hint=hint) from error


def _diagnosis(error: OSError | ValueError) -> tuple[str, str]:
    message = str(error)
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or any(sign in message for sign in _FULL):
        return "the disk is full", "make room; what was acknowledged before is kept"
    if isinstance(error, PermissionError) or any(sign in message for sign in _RIGHTS):
        return "the store may not be written by this user", "change its owner, or choose another place"
    if "lock" in message.lower():
        return "the store is open in another process", "stop that process, or send the work to the running server"
    if any(sign in message for sign in _DAMAGE):
        return f"the store is damaged or incomplete: {message}", "restore a backup, or load into a new folder"
    return f"the store cannot be read or written: {message}", "look at the disk and its free space"
