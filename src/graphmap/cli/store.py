"""`store` and `erase`: what the database holds, its past, its copies, its health."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from graphmap.cli.options import WorkspaceFolder, tell_of_store, workspace_of
from graphmap.cli.terminal import counting, note, table
from graphmap.errors import CallError, GraphmapError, Locator, TermError, counted
from graphmap.files import is_special, place
from graphmap.ingest.admin import READ_OPERATIONS, has_store, read_at_store
from graphmap.rdf import iri_token
from graphmap.store import CompactionState, StoreDirectory, has_entries
from graphmap.store.embedded import restore as restore_backup
from graphmap.store.embedded import upgrade as upgrade_store

__all__ = ["add_to"]

_FAULTY = 1
_UNKNOWN = 1
_DAMAGED = 3
_READING = ("stats", "history", "dump", "verify")
_LOOK_UP = """look it up by name or code: in the search of `graphmap serve`, or by
  graphmap query -q 'SELECT * { ?iri ?property "the code" }'"""
Iri = Annotated[str, typer.Argument(metavar="IRI", help="Of a record or of its document.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.callback()(_group)
    for command in (stats, history, dump, backup, restore, optimize, upgrade, verify):
        group.command()(command)
    app.add_typer(group, name="store")
    app.command()(erase)


def _group() -> None:
    """Inspect, copy, check and restore the store.

    Example: graphmap store stats
    """


def _asked(folder: Path | None, operation: str, **arguments: Any) -> Any:
    workspace = workspace_of(folder)
    if operation in _READING:
        tell_of_store(workspace)
    if operation in READ_OPERATIONS:
        return read_at_store(workspace, operation, arguments)
    from graphmap.ingest import at_store, load_knowledge  # noqa: PLC0415  # slow to import

    return at_store(load_knowledge(workspace), operation, arguments)


def _absolute(iri: str) -> str:
    try:
        iri_token(iri)
    except TermError as error:
        raise CallError(error.what, hint="copy the whole IRI, from its https:// on") from error
    return iri


def stats(workspace: WorkspaceFolder = None) -> None:
    """Count what the store holds: records, things by class, quarantined records, findings, quads, bytes on disk.

    The last line says whether the database has merged its files; until then queries are slower.

    Example: graphmap store stats
    """
    told = _asked(workspace, "stats")
    table(("what", "count"), [(what, f"{number:,}") for what, number in told["held"]])
    print(_compacted(CompactionState(**told["compaction"])))


def _compacted(state: CompactionState) -> str:
    """Progress of the database in merging its files, in words."""
    if not state.known:
        return "compacted: not known with this version of the database"
    if state.is_compacted:
        return "compacted: yes"
    size = f"{state.waiting_bytes / 1e9:.1f} of {state.bytes / 1e9:.1f} GB"
    share = f"{state.waiting_files:,} of {state.files:,} files ({size})"
    return f"compacted: {share} are not merged yet; the database goes on with it while a server runs"


def history(iri: Iri, workspace: WorkspaceFolder = None) -> None:
    """Show the history of a record: versions, sources, times and outcomes, the oldest first.

    The exit status is 1 if the store has no such record.

    Example: graphmap store history https://example.org/shop/Customer#42
    """
    events = _asked(workspace, "history", iri=_absolute(iri))
    if not events:
        _unknown(iri)
    names = ("moment", "outcome", "version", "source", "correlation")
    rows = [(*(event[name] or "" for name in names), "now" if event["present"] else "") for event in events]
    table((*names, ""), rows)


def _unknown(iri: str) -> NoReturn:
    """Say that the store has nothing of an IRI, and how to find the right one."""
    note(f"nothing is known of {iri}")
    note(_LOOK_UP)
    raise typer.Exit(_UNKNOWN)


def dump(
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write; standard output without.")
    ] = None,
    workspace: WorkspaceFolder = None,
) -> None:
    """Write all quads as N-Quads; `graphmap load FILE.nq` reads them back into an empty store.

    Example: graphmap store dump -o graph.nq
    """
    try:
        if output is None:
            _print_dump(workspace)
            return
        beside = None if is_special(output) else output.parent
        with tempfile.TemporaryDirectory(prefix="graphmap-", dir=beside) as folder:
            place(_dumped(workspace, folder), output)
    except BrokenPipeError:  # nobody reads on
        raise
    except OSError as error:
        hint = "check the folder and the space that is left"
        where = Locator(source=str(output or "standard output, by way of a temporary file"))
        raise GraphmapError(f"cannot be written: {error.strerror}", where=where, hint=hint) from error


def _print_dump(workspace: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="graphmap-") as folder, _dumped(workspace, folder).open("rb") as quads:
        shutil.copyfileobj(quads, sys.stdout.buffer)


def _dumped(workspace: Path | None, folder: str) -> Path:
    part = Path(folder) / "dump.nq"
    part.touch(mode=0o600)
    _asked(workspace, "dump", target=str(part.resolve()))
    return part


def backup(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist.")],
    workspace: WorkspaceFolder = None,
) -> None:
    """Copy the store as it is now, with checksums; a server may go on writing.

    Example: graphmap store backup backups/monday
    """
    if not has_store(workspace_of(workspace)):
        raise CallError("there is no store yet", hint="`graphmap load FILE` makes one")
    made = _asked(workspace, "backup", target=str(target.resolve()))
    print(f"{made['files']} files as of {made['moment']} in {target}")


def restore(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="A backup.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the store that is there.")] = False,
    without_journal: Annotated[
        bool,
        typer.Option(
            "--without-journal",
            help="Discard the envelopes that are only in the journal; otherwise they are stored at the next opening.",
        ),
    ] = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Replace the store by a backup, after a check of its checksums; no server may run.

    Example: graphmap store restore backups/monday --force
    """
    settings = workspace_of(workspace)
    if settings.endpoint is not None:
        hint = "restore it in a workspace of its own, dump it there, and load the dump into an empty dataset here"
        raise CallError("the data of this workspace are kept by another server", hint=hint)
    manifest = restore_backup(settings.store, source, force=force, with_journal=not without_journal)
    print(f"the store is as of {manifest.moment}")
    if has_entries(StoreDirectory(settings.store).journal):
        note("envelopes in the journal are stored at the next opening; --without-journal would discard them")


def optimize(workspace: WorkspaceFolder = None) -> None:
    """Compact the database.

    Example: graphmap store optimize
    """
    sizes = _asked(workspace, "optimize")
    print(f"{sizes['before']:,} bytes before, {sizes['after']:,} bytes after")


def upgrade(workspace: WorkspaceFolder = None) -> None:
    """Bring a store of an earlier version to the present format; no server may run.

    It is copied, and the copy takes its place when it is whole. To lift records by the present rules, load them again.

    Example: graphmap store upgrade
    """
    settings = workspace_of(workspace)
    if settings.endpoint is not None:
        hint = "load the sources into an empty dataset there"
        raise CallError("the data of this workspace are kept by another server", hint=hint)
    with counting("upgrading") as count:
        quads = upgrade_store(settings.store, is_own=settings.layout.special.__contains__, seen=count)
    print(f"{quads:,} quads copied" if quads else "the store has the present format")


def verify(
    *,
    deep: Annotated[bool, typer.Option("--deep", help="Read every file of the database, too.")] = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Check that record graphs, provenance and the default graph agree. Nothing is changed, and a server may run.

    With --deep every file of the database is compared with its checksum, or read as a whole if it has none. The exit
    status is 1 if something does not agree, and 3 if a file is damaged.

    Example: graphmap store verify --deep
    """
    if deep and (damaged := _asked(workspace, "verify-files")):
        table(("file", "what"), damaged)
        note("next: restore a backup with `graphmap store restore DIR --force`")
        raise typer.Exit(_DAMAGED)
    faults = _asked(workspace, "verify")
    if not faults:
        print("no faults found")
        return
    table(("where", "what"), faults)
    raise typer.Exit(_FAULTY)


def erase(iri: Iri, workspace: WorkspaceFolder = None) -> None:
    """Remove a record everywhere: graphs, provenance, history, quarantine, findings, journal and database files.

    The exit status is 1 if there was nothing to remove; the files are rewritten all the same.

    Example: graphmap erase https://example.org/shop/Customer#42
    """
    erased = _asked(workspace, "erase", iri=_absolute(iri))
    found = erased["quads"] or erased["set_aside"]
    if found:
        kept = counted(erased["set_aside"], "quarantined record")
        print(f"{erased['document']}: {counted(erased['quads'], 'quad')} and {kept} removed")
    if not erased["rebuilt"]:
        note("the server's own files, logs and backups may still hold its texts; see to them there")
    for document in erased["mentions"]:
        note(f"another record links to it: {document}")
    for folder in erased["backups"]:
        note(f"a backup still holds it: {folder}")
    if not found:
        _unknown(iri)
