"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphmap.cli.terminal import note
from graphmap.errors import CallError

if TYPE_CHECKING:
    from graphmap.workspace import Workspace

__all__ = ["FailOn", "Files", "Source", "WorkspaceFolder", "inputs_of", "pairs", "tell_of_store", "workspace_of"]

WorkspaceFolder = Annotated[
    Path | None,
    typer.Option(
        "--workspace", "-w", metavar="DIR", help="Folder of the workspace; found upwards from here by default."
    ),
]
Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...", help="Files of any source, plain, .gz or .zst; - is standard input.", show_default=False
    ),
]
Source = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="Name of the source; by default it is recognized by the content."),
]
FailOn = Annotated[
    str,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help="Lowest severity that makes the exit status 1: violation, warning or info.",
    ),
]


def pairs(texts: Iterable[str], form: str) -> dict[str, str]:
    """Texts such as `name=value` as a mapping; the value may hold more equals signs.

    Raises:
        CallError: where a text is not a pair; `form` says how it is written.
    """
    found = {}
    for number, text in enumerate(texts, 1):
        name, equals, value = text.partition("=")
        if not equals or not name:
            # the text itself may be a secret
            raise CallError(f"value {number} of {form.split(maxsplit=1)[0]} is not a pair", hint=f"write {form}")
        found[name] = value
    return found


def inputs_of(files: Iterable[str] | None, source: str | None, workspace: Workspace) -> list[str]:
    """The inputs that are named, else the source that is, where it is a table of a database.

    Raises:
        CallError: where there is none.
    """
    found = list(files or ())
    settings = workspace.sources.get(source or "")
    if found or settings is None or settings.database is None:
        if not found:
            hint = "name files, or a source with a database; - is standard input"
            raise CallError("there is nothing to read", hint=hint)
        return found
    return [settings.name]


def workspace_of(folder: Path | None) -> Workspace:
    """The workspace that a command works in.

    Raises:
        ConfigurationError: where there is none, or its settings are wrong.
    """
    from graphmap.workspace import find_workspace, read_workspace  # noqa: PLC0415  # not every command has one

    return read_workspace(find_workspace(folder or Path.cwd()))


def tell_of_store(workspace: Workspace) -> bool:
    """Say where a workspace has no store yet, and so nothing to read.

    Returns:
        Whether it has one.
    """
    from graphmap.ingest.admin import has_store  # noqa: PLC0415  # as above

    there = has_store(workspace)
    if not there:
        note("there is no store yet; `graphmap load FILE` makes one")
    return there
