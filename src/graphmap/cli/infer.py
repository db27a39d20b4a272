"""`infer`: the triples that the rules of shapes give."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphmap.cli.output import check_target, write_result
from graphmap.cli.terminal import note
from graphmap.ingest.check import engine_of
from graphmap.rdf import MAX_TRIPLES, Graph, read_rdf
from graphmap.validation.inference import RuleEngine

__all__ = ["add_to"]

_FAILED = 3


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(infer)


def infer(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="RDF files, taken as one graph.")],
    *,
    shapes: Annotated[list[Path], typer.Option("--shapes", metavar="FILE", help="Shapes with rules; may be repeated.")],
    ontology: Annotated[
        list[Path] | None, typer.Option("--ontology", metavar="FILE", help="RDF that is used beside the data.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="File for the triples, in N-Triples.")
    ] = None,
    timeout: Annotated[float, typer.Option("--timeout", metavar="S", help="Seconds that one query may take.")] = 10.0,
    max_rounds: Annotated[
        int, typer.Option("--max-rounds", metavar="N", help="How often all rules may be executed.")
    ] = 100,
) -> None:
    """Execute the rules of shapes over RDF files until nothing new comes, and print what was inferred."""
    if output is not None:
        check_target(output)
    engine = engine_of(shapes, ontology=ontology or (), strict=False, deadline_s=timeout)
    graph = Graph(triple for file in (*files, *(ontology or ())) for triple in read_rdf(file, max_triples=MAX_TRIPLES))
    found = RuleEngine(engine, deadline_s=timeout, rounds=max_rounds).infer(graph)
    write_result((f"{s} {p} {o} .\n" for s, p, o in found.triples), output)
    note(f"{len(found.triples)} triple(s) inferred in {found.rounds} round(s)")
    failures = (*found.failures, *(f"{each.shape}: {each.reason}" for each in engine.unevaluable))
    for failure in failures:
        note(f"failed: {failure}")
    if failures:
        raise typer.Exit(_FAILED)
