"""`lift`: records in, triples and what became of the records out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from graphmap.cli.options import Source, WorkspaceFolder, pairs, workspace_of
from graphmap.cli.printing import counting, error_lines, note, write_result
from graphmap.errors import CallError, GraphmapError
from graphmap.ingest import (
    Lifting,
    in_syntax,
    lift_files,
    lift_mapping,
    load_mappings,
)

__all__ = ["add_to"]

_UNREADABLE = 3
_NOT_FIT = 1


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(lift)


def lift(  # noqa: PLR0913  # each argument is an option of the command
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Files of a source; - is standard input.")
    ] = None,
    *,
    source: Source = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help="Lift through this RML instead of a source's own.")
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", metavar="IRI", help="Base IRI of relative references, with --mapping.")
    ] = None,
    bind: Annotated[
        list[str] | None,
        typer.Option(
            "--bind", metavar="NAME=FILE", help="Read a source of the mapping from this file; may be repeated."
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="OUT", help="File to write.")] = None,
    syntax: Annotated[
        str, typer.Option("--format", metavar="NAME", help="nquads, ntriples, trig, turtle or jsonld.")
    ] = "nquads",
    infer: Annotated[bool, typer.Option("--infer", help="Write what the ontology entails, too.")] = False,
    processes: Annotated[
        int | None,
        typer.Option("--processes", metavar="N", min=1, help="How many share the work; one a processor by default."),
    ] = None,
    strict: Annotated[
        bool | None,
        typer.Option(
            "--strict/--best-effort", help="End at the first record that gives no proper terms, or set it aside."
        ),
    ] = None,
    workspace: WorkspaceFolder = None,
) -> None:
    """Lift records into RDF.

    Without --mapping the records are of a source of the workspace, and those that cannot be lifted are set aside unless
    --strict is given. With --mapping any RML is read; it names its own sources, relative to its folder, unless FILE or
    --bind does; --strict is the default then.
    """
    if mapping is not None:
        lifting = Lifting(strict=strict is not False, infer=False)
        texts = lift_mapping(
            mapping, files or [], lifting, base=base, bind=pairs(bind or [], "--bind NAME=FILE"), processes=processes
        )
    else:
        if not files:
            raise CallError("there is nothing to lift", hint="name files, or - for standard input")
        lifting = Lifting(strict=bool(strict), infer=infer)
        mappings = load_mappings(workspace_of(workspace), infer=infer)
        texts = lift_files(files, mappings, lifting, source=source, processes=processes)
    with counting("lifting") as count:
        write_result(in_syntax(_counted(texts, lifting, count), syntax), output)
    for line in error_lines(lifting.refused):
        note(line)
    note(f"{lifting.records - len(lifting.refused)} records lifted, {len(lifting.refused)} set aside")
    raise typer.Exit(_status(lifting.refused))


def _status(refused: Iterable[GraphmapError]) -> int:
    return max((error.exit_status for error in refused), default=0)


def _counted(texts: Iterable[bytes], lifting: Lifting, count: Callable[[int], None]) -> Iterator[bytes]:
    for text in texts:
        count(lifting.records)
        yield text
