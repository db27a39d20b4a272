"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphmap.workspace import Workspace, find_workspace, read_workspace

__all__ = ["FailOn", "Files", "Source", "WorkspaceFolder", "workspace_of"]

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
    typer.Option("--source", metavar="NAME", help="Name of the source; told by content where left out."),
]
FailOn = Annotated[
    str,
    typer.Option(
        "--fail-on", metavar="SEVERITY", help="Severity from which on the exit status is 1: violation, warning or info."
    ),
]


def workspace_of(folder: Path | None) -> Workspace:
    """The workspace that a command works in.

    Raises:
        ConfigurationError: where there is none, or its settings are wrong.
    """
    return read_workspace(find_workspace(folder or Path.cwd()))
