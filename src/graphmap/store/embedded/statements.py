"""Statements of our own making between their texts and what the database takes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from graphmap.errors import StoreError
from graphmap.rdf import Token, iri_of, iri_token, literal_parts
from graphmap.store.protocol import Quad

__all__ = ["data_block", "graph_of", "graph_update", "quads_of", "resource", "term"]

_LITERAL = r'"(?:[^"\\]++|\\.)*+"(?:\^\^<[^<>]*>|@[A-Za-z0-9-]+)?'
_LINE = re.compile(rf"(<[^<>]*>) (<[^<>]*>) (<[^<>]*>|{_LITERAL})(?: (<[^<>]*>))? ?\.").fullmatch


def graph_of(name: Token | None) -> ox.NamedNode | ox.DefaultGraph:
    """A graph's name for the database; `None` is the default graph."""
    return ox.DefaultGraph() if name is None else resource(name)


def resource(token: Token) -> ox.NamedNode:
    """An IRI for the database."""
    return ox.NamedNode(iri_of(token))


def term(token: Token) -> ox.NamedNode | ox.Literal:
    """An IRI or a literal for the database."""
    if token[0] == "<":
        return resource(token)
    parts = literal_parts(token)
    if parts.language is not None:
        return ox.Literal(parts.lexical, language=parts.language)
    return ox.Literal(parts.lexical, datatype=ox.NamedNode(parts.datatype))


def quads_of(nquads: bytes) -> Iterator[Quad]:
    """Take lines of our own making apart; `\\n` alone ends a line, since the others may stand inside a literal.

    Raises:
        StoreError: where a line is no statement, or has a blank node.
    """
    for line in nquads.decode("utf-8").split("\n"):
        if line:
            match = _LINE(line)
            if match is None:
                raise StoreError(f"{line!r} is not an N-Quads statement of ours", hint="blank nodes have no place here")
            yield Quad(*match.groups())


def graph_update(graph: str | None, ntriples: bytes, *, replace: bool) -> str:
    """The update that puts triples into a graph.

    Args:
        graph: its IRI; `None` is the default graph.
        ntriples: what the engine wrote.
        replace: whether what was there goes.
    """
    name = "DEFAULT" if graph is None else f"GRAPH {iri_token(graph)}"
    body = ntriples.decode("utf-8")
    data = f"INSERT DATA {{ {body} }}" if graph is None else f"INSERT DATA {{ {name} {{ {body} }} }}"
    create = [] if graph is None else [f"CREATE SILENT {name}"]
    return " ;\n".join([f"DROP SILENT {name}", *create, data] if replace else [*create, data])


def data_block(verb: str, quads: Iterable[Quad]) -> str:
    """Quads as a step of a SPARQL Update: `INSERT DATA` or `DELETE DATA`, empty where there are none."""
    graphs: defaultdict[Token | None, list[str]] = defaultdict(list)
    for subject, predicate, obj, graph in quads:
        graphs[graph].append(f"{subject} {predicate} {obj} .")
    blocks = [
        "\n".join(lines) if graph is None else f"GRAPH {graph} {{\n" + "\n".join(lines) + "\n}"
        for graph, lines in graphs.items()
    ]
    return f"{verb} DATA {{\n" + "\n".join(blocks) + "\n}" if blocks else ""
