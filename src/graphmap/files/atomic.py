"""Finished files in the place that somebody named: a device or a pipe there is written to, and never replaced.

What holds people's data is made for its owner alone, whatever the umask says.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import BinaryIO

__all__ = ["is_special", "make_private", "open_private", "place"]


def is_special(target: Path) -> bool:
    """Return whether something is there that is no file, and so cannot be replaced by one."""
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


def make_private(folder: Path) -> Path:
    """Make a folder that its owner alone may enter; one that is there stays as it is.

    Raises:
        OSError: where it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def open_private(file: Path) -> BinaryIO:
    """Open a file for writing from its beginning; a new one may be read by its owner alone.

    Raises:
        OSError: where it cannot be written.
    """
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb")
