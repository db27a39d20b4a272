"""Validate RDF: files of any syntax, and what a store holds, record graph by record graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox

from graphmap.errors import CallError, DataError, Locator, SourceError
from graphmap.ingest.checking import Gathering
from graphmap.ingest.knowledge import Knowledge
from graphmap.store import Store
from graphmap.terms import Token
from graphmap.validation.findings import finding_of
from graphmap.validation.graph import Graph

__all__ = ["check_graphs", "check_store", "in_syntax", "is_rdf"]

_SYNTAXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_OUTPUTS = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
_LINES = ("nquads", "ntriples")


def is_rdf(name: str) -> bool:
    """Whether a file's suffix is that of an RDF syntax."""
    return Path(name).suffix in _SYNTAXES


def check_graphs(names: Iterable[str], knowledge: Knowledge, gathering: Gathering) -> None:
    """Validate RDF files, each as one graph; named graphs are merged into it.

    Raises:
        SourceError: where a file cannot be read.
        DataError: where a file does not parse; says line and column.
    """
    for name in names:
        _check(Graph(_triples(Path(name))), name, knowledge, gathering)


def check_store(
    store: Store, knowledge: Knowledge, gathering: Gathering, *, progress: Callable[[int], None] | None = None
) -> None:
    """Validate each record graph of a store by itself."""
    layout = knowledge.workspace.layout
    for number, graph in enumerate(sorted(filter(layout.is_record_graph, store.named_graphs())), 1):
        _check(Graph(store.graph(graph)), graph[1:-1], knowledge, gathering)
        if progress is not None:
            progress(number)
    store.close()


def _check(graph: Graph, name: str, knowledge: Knowledge, gathering: Gathering) -> None:
    gathering.records += 1
    for result in knowledge.engine.validate(graph, gathering.coverage):
        gathering.findings.append(finding_of(result, source=name))


def _triples(file: Path) -> list[tuple[Token, Token, Token]]:
    where = Locator(source=str(file))
    try:
        quads = ox.parse(file.read_bytes(), _SYNTAXES[file.suffix], base_iri=file.resolve().as_uri())
        return [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads]
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=where, hint="check the path") from error
    except SyntaxError as error:
        place = Locator(source=str(file), line=error.lineno, column=error.offset)
        raise DataError(f"is no {_SYNTAXES[file.suffix].name}: {error.msg}", where=place) from error


def in_syntax(texts: Iterable[str], syntax: str) -> Iterable[str | bytes]:
    """N-Quads text in another syntax; all but N-Quads and N-Triples are put together in memory first.

    Raises:
        CallError: where the syntax is unknown.
    """
    if syntax in _LINES:
        return texts
    if syntax not in _OUTPUTS:
        raise CallError(f"{syntax!r} is no syntax", hint=f"use {', '.join((*_LINES, *_OUTPUTS))}")
    form = _OUTPUTS[syntax]
    quads = list(dict.fromkeys(ox.parse("".join(texts).encode(), ox.RdfFormat.N_QUADS)))
    items = quads if form.supports_datasets else [quad.triple for quad in quads]
    return [ox.serialize(items, format=form) or b""]
