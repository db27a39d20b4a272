"""`quarantine`: records that were not stored."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from graphmap.cli.options import WorkspaceFolder, tell_of_store, workspace_of
from graphmap.cli.terminal import note, table
from graphmap.errors import CallError
from graphmap.ingest import load_knowledge
from graphmap.ingest.admin import at_store

__all__ = ["add_to"]

_STILL_ASIDE = 1
_ID = 12
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="The first letters of an id are enough.")]
Every = Annotated[bool, typer.Option("--all", help="All quarantined records.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.callback()(_group)
    group.command("list")(list_records)
    for command in (show, retry, drop):
        group.command()(command)
    app.add_typer(group, name="quarantine")


def _group() -> None:
    """List, show, retry or drop quarantined records.

    Example: graphmap quarantine list
    """


def _asked(folder: Path | None, operation: str, **arguments: Any) -> Any:
    workspace = workspace_of(folder)
    if operation in ("list", "show"):
        tell_of_store(workspace)
    return at_store(load_knowledge(workspace), f"quarantine-{operation}", arguments)


def list_records(workspace: WorkspaceFolder = None) -> None:
    """List the quarantined records, the oldest first.

    Example: graphmap quarantine list
    """
    names = ("moment", "outcome", "source", "row", "document")
    records = _asked(workspace, "list")
    table(("id", *names), [(each["id"][:_ID], *(str(each[name] or "") for name in names)) for each in records])
    note("1 record" if len(records) == 1 else f"{len(records)} records")


def show(
    record: Annotated[str, typer.Argument(metavar="ID", help="The first letters of an id are enough.")],
    workspace: WorkspaceFolder = None,
) -> None:
    """Show a quarantined record: its source, its findings, and its payload, which goes to standard output.

    Example: graphmap quarantine show 3f2a9c > record.json
    """
    told = _asked(workspace, "show", record=record)
    for name in ("id", "outcome", "moment", "source", "row", "document"):
        note(f"{name}: {told[name] or ''}")
    for finding in told["findings"]:
        note(f"- {finding}")
    print(told["payload"])


def retry(records: Ids = None, *, every: Every = False, workspace: WorkspaceFolder = None) -> None:
    """Validate quarantined records against the current rules, and store those that conform.

    The exit status is 1 if some records stay in quarantine.

    Example: graphmap quarantine retry --all
    """
    tried = _asked(workspace, "retry", records=_chosen(records, every=every))
    outcomes = Counter(outcome for _, outcome in tried)
    print(", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items())) or "the quarantine is empty")
    if outcomes["quarantined"] + outcomes["rejected"]:
        raise typer.Exit(_STILL_ASIDE)


def drop(records: Ids = None, *, every: Every = False, workspace: WorkspaceFolder = None) -> None:
    """Delete quarantined records with their payloads and findings.

    Example: graphmap quarantine drop 3f2a9c
    """
    print(f"{_asked(workspace, 'drop', records=_chosen(records, every=every))} dropped")


def _chosen(records: list[str] | None, *, every: bool) -> list[str]:
    if bool(records) == every:
        raise CallError("say which records", hint="name ids, or --all")
    return records or []
