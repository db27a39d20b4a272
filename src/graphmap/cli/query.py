"""`query`: answers from the graph."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, cast

import msgspec
import typer

from graphmap.cli.options import WorkspaceFolder, pairs, tell_of_store, workspace_of
from graphmap.cli.output import write_result
from graphmap.cli.terminal import note, table
from graphmap.errors import CallError, Locator, QueryError, counted
from graphmap.ingest.admin import readable_store
from graphmap.rdf import GRAPHS, TABLES
from graphmap.saved_queries import bind, load_queries, read_query
from graphmap.store import Store, WorkerLimits
from graphmap.store.embedded import EmbeddedStore, IdleStore, checkpoints_folder
from graphmap.store.sparql import QueryLimits, parse_query
from graphmap.store.workers import Pool, Workers
from graphmap.workspace import Workspace

__all__ = ["add_to"]

_TABULAR = ("SELECT", "ASK")
_SHACL = "http://www.w3.org/ns/shacl#"


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(query)


@contextmanager
def _workers(workspace: Workspace, *, size: int) -> Iterator[Workers]:
    """Processes that answer queries over the store, which a server may hold; they are ended again."""
    tell_of_store(workspace)
    with readable_store(workspace) as store:
        still = cast("Store", IdleStore(store.path)) if isinstance(store, EmbeddedStore) else None
        folder = checkpoints_folder(workspace.store.parent, linked=still is not None)
        limits = WorkerLimits(timeout_s=workspace.limits.query_deadline_s)
        workers = Workers(
            Pool(store=still or store, folder=folder, limits=limits, size=size, endpoint=workspace.endpoint)
        )
        try:
            yield workers
        finally:
            workers.close()
            shutil.rmtree(folder, ignore_errors=True)


def query(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME|FILE", help="A saved query by name, or a file with SPARQL.")
    ] = None,
    *,
    text: Annotated[str | None, typer.Option("-q", "--query", metavar="TEXT", help="SPARQL text.")] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A parameter; may be repeated.")
    ] = None,
    syntax: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="NAME", help="table, json, csv, tsv, xml; turtle, ntriples or jsonld for graphs."
        ),
    ] = None,
    workspace: WorkspaceFolder = None,
) -> None:
    """Run a saved query or any SPARQL query. Without an argument, list the saved queries.

    Example: graphmap query accounts-by-status --param country=NZ
    """
    settings = workspace_of(workspace)
    if name is None and text is None:
        _list(settings)
        return
    parsed = parse_query(_bound(settings, name, text, pairs(param or [], "--param NAME=VALUE")), QueryLimits())
    if parsed.form == "UPDATE":
        raise QueryError("this is an update", hint="graphmap query only reads")
    chosen = syntax or ("table" if parsed.form in _TABULAR else "turtle")
    if chosen not in ("table", *TABLES, *GRAPHS):
        raise CallError(f"{chosen!r} is not an answer format", hint=f"use {', '.join(('table', *TABLES, *GRAPHS))}")
    with _workers(settings, size=1) as workers:
        answer = workers.answer(parsed, syntax="json" if chosen == "table" else chosen)
    if chosen == "table":
        _print_table(answer.body)
    else:
        write_result([answer.body], None)


def _list(workspace: Workspace) -> None:
    saved = load_queries(workspace.queries)
    rows = ((each.name, each.title, ", ".join(p.name for p in each.parameters)) for each in saved.values())
    table(("name", "what it tells", "parameters"), rows)


def _bound(workspace: Workspace, name: str | None, text: str | None, values: Mapping[str, str]) -> str:
    if text is not None:
        if name is not None or values:
            raise CallError("-q takes the whole query", hint="leave out the name and the parameters")
        return text
    saved = load_queries(workspace.queries)
    if name is not None and name in saved:
        return bind(saved[name], values)
    file = Path(name or "")
    if not file.is_file():
        raise CallError(
            f"there is no saved query and no file {name!r}", hint="`graphmap query` lists the saved queries"
        )
    try:
        content = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CallError(f"cannot be read: {error}", where=Locator(source=str(file))) from error
    return bind(read_query(content, name=file.stem, source=str(file)), values)


def _print_table(body: bytes) -> None:
    answer = msgspec.json.decode(body)
    if "boolean" in answer:
        print("yes" if answer["boolean"] else "no")
        return
    names = answer["head"]["vars"]
    rows = [[_cell(row.get(name)) for name in names] for row in answer["results"]["bindings"]]
    table(names, rows)
    note(counted(len(rows), "row"))


def _cell(term: Mapping[str, str] | None) -> str:
    """The text of a term; a term of SHACL, such as a severity, by its name."""
    return "" if term is None else str(term["value"]).removeprefix(_SHACL)
