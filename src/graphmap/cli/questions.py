"""`query` and `serve`: answers from the graph."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from graphmap.cli.options import WorkspaceFolder, workspace_of
from graphmap.cli.printing import note, table, write_result
from graphmap.errors import CallError, ConfigurationError, Locator, QueryError
from graphmap.ingest import Ingestor, load_knowledge
from graphmap.queries import bind, load_queries, read_query
from graphmap.store import EmbeddedStore, QueryLimits, WorkerLimits, Workers, parse_query
from graphmap.workspace import Workspace

__all__ = ["add_to"]

_TABULAR = ("SELECT", "ASK")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(query)
    app.command()(serve)


@contextmanager
def _workers(workspace: Workspace, *, size: int) -> Iterator[tuple[EmbeddedStore, Workers]]:
    """The store and the processes that answer queries over it; both are closed again."""
    store = EmbeddedStore(workspace.store)
    folder = Path(tempfile.mkdtemp(prefix=".checkpoints-", dir=workspace.store.parent))
    limits = WorkerLimits(timeout_s=workspace.limits.query_deadline_s)
    workers = Workers(store=store, folder=folder, limits=limits, size=size)
    try:
        yield store, workers
    finally:
        workers.close()
        store.close()
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
    """Ask the graph a question. Without an argument, list the saved queries."""
    settings = workspace_of(workspace)
    if name is None and text is None:
        _list(settings)
        return
    parsed = parse_query(_bound(settings, name, text, _pairs(param or [])), QueryLimits())
    if parsed.form == "UPDATE":
        raise QueryError("this is an update", hint="graphmap query only reads")
    chosen = syntax or ("table" if parsed.form in _TABULAR else "turtle")
    with _workers(settings, size=1) as (_, workers):
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


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise CallError(f"{text!r} is no pair", hint="write --param NAME=VALUE")
        pairs[name] = value
    return pairs


def _print_table(body: bytes) -> None:
    answer = msgspec.json.decode(body)
    if "boolean" in answer:
        print("yes" if answer["boolean"] else "no")
        return
    names = answer["head"]["vars"]
    rows = [[_cell(row.get(name)) for name in names] for row in answer["results"]["bindings"]]
    table(names, rows)
    note(f"{len(rows)} rows" if len(rows) != 1 else "1 row")


def _cell(term: Mapping[str, str] | None) -> str:
    return "" if term is None else str(term["value"])


def serve(
    *,
    host: Annotated[
        str, typer.Option("--host", metavar="H", help="Address to listen on; loopback by default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", help="Port to listen on.")] = 8080,
    workspace: WorkspaceFolder = None,
) -> None:
    """Serve the graph: SPARQL, documents, records, reports and pages."""
    import uvicorn  # noqa: PLC0415  # the web framework takes 0.3 s to import, which no other command should pay

    from graphmap.service import Services, create_app  # noqa: PLC0415  # as above

    settings = workspace_of(workspace)
    knowledge = load_knowledge(settings)
    envelopes = [source for source in settings.sources.values() if source.kind == "envelope"]
    if len(envelopes) != 1:
        where = Locator(source=str(settings.root / "graphmap.toml"))
        raise ConfigurationError("the server needs one source of envelopes", where=where, hint="add it to [sources]")
    with _workers(settings, size=2) as (store, workers):
        services = Services(
            workers=workers,
            ingest=Ingestor(store, knowledge, envelopes[0]),
            queries=load_queries(settings.queries),
            context=msgspec.json.decode(settings.context.read_bytes()),
            layout=settings.layout,
            body_bytes=settings.limits.body_bytes,
            hosts=("localhost", "127.0.0.1", "[::1]") if host in ("127.0.0.1", "localhost", "::1") else ("*",),
        )
        note(f"serving http://{host}:{port}/ with SPARQL at http://{host}:{port}/sparql; stop with Ctrl-C")
        # uvicorn hands a SIGTERM on to whoever waited for it before; leaving in order lets the store be closed
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        uvicorn.run(create_app(services), host=host, port=port, log_level="warning", access_log=False)
