"""The starter workspace that `graphmap init` copies: rules, what is derived from them, queries, samples.

A wheel carries it as package data; an editable install finds the same files at the root of the checkout, so that the
repository holds them once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graphmap.errors import ConfigurationError

__all__ = ["STARTER_ENTRIES", "starter_files", "starter_root"]

STARTER_ENTRIES = ("graphmap.toml", "rules", "ontology", "shapes", "mappings", "queries", "samples", "docs/losses.md")
"""Files and folders of a new workspace, relative to its root."""


def starter_root(package: Path | None = None) -> Path:
    """The folder that holds the starter workspace.

    Args:
        package: folder of the installed package; this one's own where left out.

    Raises:
        ConfigurationError: where neither a wheel's nor a checkout's files are there.
    """
    home = package or Path(__file__).parent
    for candidate in (home / "starter_files", home.parent.parent):
        if all((candidate / entry).exists() for entry in STARTER_ENTRIES):
            return candidate
    raise ConfigurationError("the starter workspace is not part of this installation", hint="install graphmap again")


def starter_files(package: Path | None = None) -> Iterator[tuple[Path, Path]]:
    """Each file of the starter workspace, in the order of `STARTER_ENTRIES`, then by path.

    Args:
        package: as for `starter_root`.

    Yields:
        The file's path relative to a workspace's root, and the file to copy there.

    Raises:
        ConfigurationError: as `starter_root`, before anything is yielded.
    """
    root = starter_root(package)
    for entry in STARTER_ENTRIES:
        top = root / entry
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(root), path
