"""Lifted text in the syntax that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile

import pyoxigraph as ox

from graphmap.errors import CallError, GraphmapError

__all__ = ["groups_statements", "in_syntax"]

_OUTPUTS = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
_LINES = ("nquads", "ntriples")
_BLOCK = 1 << 20


def groups_statements(syntax: str) -> bool:
    """Return whether a syntax writes a subject once for all statements that follow one another."""
    return syntax in _OUTPUTS


def in_syntax(texts: Iterable[bytes | memoryview], syntax: str) -> Iterable[bytes | memoryview]:
    """N-Quads text in another syntax; all but N-Quads and N-Triples go by way of a temporary file.

    Raises:
        CallError: where the syntax is unknown.
        GraphmapError: at the first statement in a named graph, where the syntax has none; when the text is taken, as
            are faults of the disk.
    """
    if syntax in _LINES:
        return texts
    if syntax not in _OUTPUTS:
        raise CallError(f"{syntax!r} is not a syntax", hint=f"use {', '.join((*_LINES, *_OUTPUTS))}")
    return _serialized(texts, _OUTPUTS[syntax])


def _serialized(texts: Iterable[bytes | memoryview], form: ox.RdfFormat) -> Iterator[bytes]:
    # lenient: an rml:UnsafeIRI need not be an IRI
    quads = (quad for text in texts for quad in ox.parse(bytes(text), ox.RdfFormat.N_QUADS, lenient=True))
    with TemporaryFile(prefix="graphmap-") as file:
        try:
            ox.serialize(quads if form.supports_datasets else _triples(quads), file, form)
        except OSError as error:
            what = f"a temporary file cannot be written: {error.strerror}"
            raise GraphmapError(what, hint="free some space, or write N-Quads") from error
        file.seek(0)
        while block := file.read(_BLOCK):
            yield block


def _triples(quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
    for quad in quads:
        if quad.graph_name != ox.DefaultGraph():
            what = f"a statement is in the graph {quad.graph_name}, which the syntax cannot hold"
            raise GraphmapError(what, hint="write N-Quads, TriG or JSON-LD")
        yield quad.triple
