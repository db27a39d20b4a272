"""`store`: what the database holds."""

from __future__ import annotations

from contextlib import closing

import typer

from graphmap.cli.options import WorkspaceFolder, workspace_of
from graphmap.cli.printing import table
from graphmap.ingest import contents
from graphmap.store import EmbeddedStore

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Look after the store.", no_args_is_help=True)
    group.callback()(_group)
    group.command()(stats)
    app.add_typer(group, name="store")


def _group() -> None:
    """Look after the store."""


def stats(workspace: WorkspaceFolder = None) -> None:
    """Count what the store holds: records by class, records set aside, findings by severity, quads, disk."""
    settings = workspace_of(workspace)
    with closing(EmbeddedStore(settings.store)) as store:
        rows = [(line.what, f"{line.number:,}") for line in contents(store, settings.layout)]
    table(("what", "count"), rows)
