"""`virtual`: answers from tables that stay where they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphmap.cli.options import Source, WorkspaceFolder, pairs, workspace_of
from graphmap.cli.output import write_result
from graphmap.cli.terminal import note, table
from graphmap.cli.virtual.query_options import graph_of, query_text

if TYPE_CHECKING:
    from graphmap.virtual import Answer

__all__ = ["add_to"]

_File = Annotated[
    str | None, typer.Argument(metavar="NAME|FILE", help="A saved query of the workspace, or a file with SPARQL.")
]
_Text = Annotated[str | None, typer.Option("-q", "--query", metavar="TEXT", help="SPARQL text.")]
_Mappings = Annotated[
    list[Path] | None,
    typer.Option(
        "--mapping", metavar="FILE", help="RML or R2RML of tables; may be repeated. Without it, a workspace's source."
    ),
]
_Bind = Annotated[
    list[str] | None,
    typer.Option(
        "--bind",
        metavar="NAME=VALUE",
        help="A source's file or database URL, or a name in ${}; may be repeated.",
    ),
]
_Param = Annotated[
    list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A parameter of a saved query.")
]
_Format = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="table, json, csv, tsv, xml; turtle, ntriples or jsonld for graphs."),
]
_Timeout = Annotated[float, typer.Option("--timeout", metavar="SECONDS", min=0.01, help="For the whole query.")]
_Most = Annotated[
    int, typer.Option("--max-triples", metavar="N", min=1, help="Most triples that may be fetched for the query.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.callback()(_group)
    for command in (query, explain):
        group.command()(command)
    app.add_typer(group, name="virtual")


def _group() -> None:
    """Ask tables that stay where they are, by their RML or R2RML mapping: DuckDB, PostgreSQL, CSV and Parquet files.

    Example: graphmap virtual query --mapping mapping.ttl -q 'ASK { ?person <http://example.com/name> ?name }'
    """


def query(  # noqa: PLR0913  # each argument is an option of the command
    name: _File = None,
    *,
    text: _Text = None,
    mapping: _Mappings = None,
    source: Source = None,
    bind: _Bind = None,
    param: _Param = None,
    syntax: _Format = None,
    timeout: _Timeout = 60,
    most: _Most = 1_000_000,
    workspace: WorkspaceFolder = None,
) -> None:
    """Answer a SPARQL query from tables; nothing is copied, and nothing is written to them.

    Example: graphmap virtual query --mapping mapping.ttl -q 'ASK { ?person <http://example.com/name> ?name }'
    """
    from graphmap.virtual import serialized  # noqa: PLC0415  # another start for those who ask for help alone

    settings = workspace_of(workspace) if mapping is None else None
    asked = query_text(settings, name, text, pairs(param or [], "--param NAME=VALUE"))
    with graph_of(settings, source, mapping, bind, timeout=timeout, most=most) as graph:
        answer = graph.query(asked)
        chosen = syntax or ("turtle" if answer.triples is not None else "table")
        if chosen == "table" and answer.triples is None:
            _print_table(answer)
        else:
            write_result([serialized(answer, chosen)], None)


def explain(
    name: _File = None,
    *,
    text: _Text = None,
    mapping: _Mappings = None,
    source: Source = None,
    bind: _Bind = None,
    param: _Param = None,
    workspace: WorkspaceFolder = None,
) -> None:
    """Show how a query would be answered, with its SQL; secrets are left out.

    Example: graphmap virtual explain --mapping mapping.ttl -q 'ASK { ?person <http://example.com/name> ?name }'
    """
    settings = workspace_of(workspace) if mapping is None else None
    asked = query_text(settings, name, text, pairs(param or [], "--param NAME=VALUE"))
    with graph_of(settings, source, mapping, bind) as graph:
        explanation = graph.explain(asked)
    fetched = f"triples are fetched, then asked in memory: {explanation.why}"
    print("-- one query in SQL" if explanation.way == "sql" else f"-- {fetched}")
    for database, sql in explanation.queries:
        print(f"-- {database}\n{sql};")


def _print_table(answer: Answer) -> None:
    from graphmap.rdf import iri_of, literal_parts  # noqa: PLC0415  # as above

    def cell(term: str | None) -> str:
        if term is None:
            return ""
        return literal_parts(term).lexical if term[0] == '"' else iri_of(term) if term[0] == "<" else term

    if answer.boolean is not None:
        print("yes" if answer.boolean else "no")
        return
    rows = [[cell(term) for term in row] for row in answer.rows]
    table(answer.variables, rows)
    note(f"{len(rows)} rows" if len(rows) != 1 else "1 row")
