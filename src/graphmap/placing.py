"""Finished files in the place that somebody named: a device or a pipe there is written to, and never replaced."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["is_special", "place"]


def is_special(target: Path) -> bool:
    """Whether something is there that is no file, and so cannot be replaced by one."""
    return target.exists() and not target.is_file()


def place(finished: Path, target: Path) -> None:
    """Put a finished file where it belongs.

    Args:
        finished: on the same file system, unless the target is special; whoever made it removes what is left of it.
        target: replaced where it is a file.

    Raises:
        OSError: where that fails; a file that is there stays as it was.
    """
    if is_special(target):
        with finished.open("rb") as source, target.open("wb") as stream:
            shutil.copyfileobj(source, stream)
    else:
        finished.replace(target)
