"""Changes of a store as SPARQL updates for a server, cut to what the server takes in one request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from graphmap.errors import StoreError
from graphmap.rdf import Token
from graphmap.store.embedded import quads_of
from graphmap.store.endpoint import Endpoint
from graphmap.store.protocol import Quad
from graphmap.store.remote.canonical_forms import canonical_quads, canonical_terms, sent

__all__ = ["Step", "additions", "batches", "replacing"]

_BLOCK = 4_000
"""Statements of one operation; a request may have many of them."""


class Step(NamedTuple):
    """One operation of an update, and how many statements it names."""

    text: str
    statements: int


def additions(nquads: bytes, endpoint: Endpoint) -> Iterator[Step]:
    """The operations that add N-Quads of our own making.

    Raises:
        StoreError: where a line does not parse.
    """
    return _blocks("INSERT", canonical_quads(nquads), endpoint)


def replacing(remove: Iterable[Quad], drop: Iterable[Token], add: bytes, endpoint: Endpoint) -> list[Step]:
    """The operations of `Store.replace`: removals first, then whole graphs, then what comes.

    Raises:
        StoreError: where a line does not parse, or has a blank node.
    """
    for _ in quads_of(add):  # raises what the embedded store raises
        pass
    gone = list(remove)
    forms = canonical_terms(quad.object for quad in gone)
    fitting = (quad._replace(object=forms.get(quad.object, quad.object)) for quad in gone)
    dropped = [Step(f"DROP SILENT GRAPH {graph}", 1) for graph in drop]
    return [*_blocks("DELETE", fitting, endpoint), *dropped, *additions(add, endpoint)]


def batches(steps: Iterable[Step], endpoint: Endpoint) -> list[str]:
    """Put operations together into as few updates as the server's limits allow.

    Returns:
        The updates, in order; one, unless the endpoint says that they may be split.

    Raises:
        StoreError: where one update would be too large and splitting is not allowed.
    """
    found = list(_batches(steps, endpoint))
    if len(found) > 1 and not endpoint.split:
        megabytes = sum(map(len, found)) / 1e6
        what = f"the change is larger than the server takes in one update ({megabytes:.0f} MB), and nothing was sent"
        hint = "load with --in-stages, or raise store.update_bytes if the server takes more"
        raise StoreError(what, where=endpoint.where, hint=hint)
    return found


def _batches(steps: Iterable[Step], endpoint: Endpoint) -> Iterator[str]:
    held: list[str] = []
    size = statements = 0
    most = endpoint.update_statements
    for step in steps:
        length = len(step.text.encode())
        full = size + length > endpoint.update_bytes or (most is not None and statements + step.statements > most)
        if held and full:
            yield " ;\n".join(held)
            held, size, statements = [], 0, 0
        held.append(step.text)
        size += length + 3
        statements += step.statements
    if held:
        yield " ;\n".join(held)


def _blocks(verb: str, quads: Iterable[Quad], endpoint: Endpoint) -> Iterator[Step]:
    rest = iter(sorted(quads, key=lambda quad: (quad.graph or "", quad.subject)))
    most = min(_BLOCK, endpoint.update_statements or _BLOCK)
    while some := list(islice(rest, most)):
        ready = [quad._replace(object=sent(quad.object), graph=quad.graph or endpoint.default_token) for quad in some]
        yield Step(_data(verb, ready), len(ready))


def _data(verb: str, quads: Iterable[Quad]) -> str:
    """Quads as `INSERT DATA` or `DELETE DATA`; a graph and a subject are named once each."""
    graphs: defaultdict[Token | None, defaultdict[Token, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, obj, graph in quads:
        graphs[graph][subject].append(f"{predicate} {obj}")
    blocks = []
    for graph, subjects in graphs.items():
        text = "\n".join(f"{subject} {' ; '.join(pairs)} ." for subject, pairs in subjects.items())
        blocks.append(text if graph is None else f"GRAPH {graph} {{\n{text}\n}}")
    return f"{verb} DATA {{\n" + "\n".join(blocks) + "\n}"
