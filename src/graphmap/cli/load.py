"""`load`: records and dumps into the store, once or as they come into a folder."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from graphmap.cli.options import Source, WorkspaceFolder, inputs_of, workspace_of
from graphmap.cli.terminal import counting, note
from graphmap.errors import CallError
from graphmap.ingest import Knowledge, load_knowledge, spooled_input
from graphmap.ingest.admin import at_store, finish_compaction
from graphmap.ingest.load import OUTCOMES, follow, is_dump
from graphmap.store import CompactionState

__all__ = ["add_to"]

_UNREADABLE = 3
_NOT_FIT = 1
_MOST = 20
_PACKED = (".gz", ".zst", ".json", ".parquet", ".arrow", ".xlsx")
"""Files whose lines are no records."""
_PIECE = 1 << 20
_COMPACTION_SHARE = 0.5
"""For what share of the time of a load the database may merge what it was given; a seventh is what it needs."""
_LEAST_COMPACTION_S = 10.0


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(load)


def load(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE...", help="Files of any source, or a dump (.nq); - is standard input."),
    ] = None,
    *,
    source: Source = None,
    record_graphs: Annotated[
        bool,
        typer.Option(
            "--record-graphs/--no-record-graphs",
            help="Without record graphs a load is about three times as fast, but its records can then not be replaced, "
            "deleted or traced to their source.",
        ),
    ] = True,
    in_stages: Annotated[
        bool,
        typer.Option(
            "--in-stages",
            help="Commit every 50,000 records instead of all at the end. If the load is interrupted, start it again: "
            "it skips what was committed.",
        ),
    ] = False,
    drop_folder: Annotated[
        Path | None,
        typer.Option("--follow", metavar="DIR", help="Load every file that is put into a folder, until Ctrl-C."),
    ] = None,
    workspace: WorkspaceFolder = None,
) -> None:
    """Load records: lift, validate and store them. Records with a violation are quarantined instead.

    A load is one step: readers see all of it or none, and a load that fails or is killed leaves nothing behind. If a
    server holds the store, the server does the work.

    Example: graphmap load samples/*
    """
    if (files and drop_folder) or not (files or drop_folder or source):
        raise CallError("say what to load", hint="name files, - for standard input, or --follow DIR")
    knowledge = load_knowledge(workspace_of(workspace))
    options = {"source": source, "record_graphs": record_graphs, "in_stages": in_stages}
    if drop_folder is not None:
        _follow(knowledge, drop_folder, options)
        return
    begun = time.monotonic()
    with spooled_input(inputs_of(files, source, knowledge.workspace)) as named:
        told = _load(knowledge, named, options)
    spent_s = time.monotonic() - begun
    for line in (*told["summary"], *_few(told["refused"])):
        note(line)
    print(_outcomes(told["outcomes"]), flush=True)
    status = _status(told, knowledge.workspace.root)
    _compact(knowledge, spent_s, threading.Event())
    raise typer.Exit(status)


def _load(knowledge: Knowledge, files: Mapping[str, str], options: Mapping[str, Any]) -> dict[str, Any]:
    """Load files, each by the name that people know and an absolute path."""
    with counting("loading", expected=_expected(files)) as count:
        if any(map(is_dump, files)):
            return _load_dump(knowledge, files)
        arguments = {"files": list(files.items()), **options}
        told: dict[str, Any] = at_store(knowledge, "load", arguments, progress=count)
    return told


def _compact(knowledge: Knowledge, spent_s: float, stop: threading.Event) -> None:
    """Let the database merge what it was given, so that queries are fast; Ctrl-C ends that."""
    longest_s = max(_LEAST_COMPACTION_S, spent_s * _COMPACTION_SHARE)
    try:
        finish_compaction(knowledge.workspace, longest_s=longest_s, stop=stop, begin=_tell_of_compaction)
    except KeyboardInterrupt:
        note("stopped; the next opening of the store goes on with it; all records are stored")


def _tell_of_compaction(state: CompactionState) -> None:
    note(f"compacting {state.waiting_files:,} files, so that queries are fast; Ctrl-C ends this, and nothing is lost")


def _expected(files: Mapping[str, str]) -> int | None:
    """About how many records plain files hold: one a line; `None` where none waits to see it, or nobody can tell."""
    paths = [Path(path) for path in files.values()]
    if not sys.stderr.isatty() or any(path.suffix in _PACKED or not path.is_file() for path in paths):
        return None
    return sum(_line_ends(path) for path in paths)


def _line_ends(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b""))


def _load_dump(knowledge: Knowledge, files: Mapping[str, str]) -> dict[str, Any]:
    if len(files) > 1:
        raise CallError("a dump is loaded alone", hint="name one .nq file")
    (path,) = files.values()
    count = at_store(knowledge, "load-dump", {"file": path})
    return {"summary": [f"{count:,} statements loaded"], "refused": [], "outcomes": {}}


def _status(told: Mapping[str, Any], root: Path) -> int:
    outcomes = told["outcomes"]
    aside = outcomes.get("quarantined", 0) + outcomes.get("rejected", 0)
    if aside:
        query = (
            "graphmap query rules-that-fail-most, " if (root / "queries" / "rules-that-fail-most.rq").exists() else ""
        )
        note(f"next: {query}graphmap quarantine list, or graphmap serve and open /reports")
    return _UNREADABLE if told["refused"] else _NOT_FIT if aside else 0


def _outcomes(outcomes: Mapping[str, int]) -> str:
    told = [f"{outcomes[name]:,} {name}" for name in OUTCOMES if outcomes.get(name)]
    return ", ".join(told) or "no records"


def _few(refused: list[str]) -> list[str]:
    more = [f"graphmap: and {len(refused) - _MOST} more; the quarantine lists them all"] if len(refused) > _MOST else []
    return [f"graphmap: {line}" for line in refused[:_MOST]] + more


def _follow(knowledge: Knowledge, folder: Path, options: Mapping[str, Any]) -> None:
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        _take_files(knowledge, folder, options, stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _take_files(knowledge: Knowledge, folder: Path, options: Mapping[str, Any], stop: threading.Event) -> None:
    def take(file: Path) -> str:
        begun = time.monotonic()
        told = _load(knowledge, {str(file): str(file.resolve())}, options)
        _compact(knowledge, time.monotonic() - begun, stop)
        return _outcomes(told["outcomes"])

    files = follow(folder, take, stop)
    note(f"following {folder}; stop with Ctrl-C")
    for followed in files:
        print(f"{followed.file.name}: {followed.told}" + ("" if followed.place else "; it waits"), flush=True)
