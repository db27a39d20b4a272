"""Inputs that can be read twice, by any process of this machine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from graphmap.files import STANDARD_INPUT, open_bytes

__all__ = ["spooled_input"]


@contextmanager
def spooled_input(names: Iterable[str] | Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Each input's name with an absolute path; standard input is kept in a file until the block ends.

    Args:
        names: paths, or `-`; a mapping of names to paths comes back as it is.

    Raises:
        SourceError: where standard input cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="graphmap-") as folder:
        yield names if isinstance(names, Mapping) else {name: _path(name, Path(folder)) for name in names}


def _path(name: str, folder: Path) -> str:
    if name != STANDARD_INPUT:
        return str(Path(name).absolute())
    path = folder / "standard-input"
    with open_bytes(name) as incoming, path.open("wb") as kept:
        shutil.copyfileobj(incoming, kept)
    return str(path)
