"""Inventory of a store, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from graphmap.rdf import GRAPHMAP, Token, iri_of, literal_parts, local_name
from graphmap.store import Layout, Store

__all__ = ["Inventory", "contents"]

_SPECIALIZATION = "<http://www.w3.org/ns/prov#specializationOf>"
_SEVERITY = "<http://www.w3.org/ns/shacl#resultSeverity>"
_SOURCE = "<http://purl.org/dc/terms/source>"
_OUTCOME = f"<{GRAPHMAP}outcome>"


class Inventory(NamedTuple):
    """Count the rows of a pattern."""

    what: str
    number: int


def contents(store: Store, layout: Layout) -> Iterator[Inventory]:
    """Records by source, things by class, records set aside by outcome, findings by severity, quads, graphs, disk.

    Yields:
        Every number exact; the largest classes first; two classes of one name with their vocabularies.
    """
    yield from _grouped(
        store, "records stored from {}", f"GRAPH {layout.provenance} {{ ?x {_SOURCE} ?key ; {_SPECIALIZATION} ?y }}"
    )
    yield from _grouped(store, "records {}", f"GRAPH {layout.reports} {{ ?x {_OUTCOME} ?key }}")
    yield from _grouped(store, "findings of severity {}", f"GRAPH {layout.reports} {{ ?x {_SEVERITY} ?key }}")
    yield from _grouped(store, "things of class {}", "?x a ?key")
    stats = store.stats()
    yield Inventory("triples of knowledge (default graph)", stats.default_triples)
    yield Inventory("quads in all graphs", stats.quads)
    yield Inventory("named graphs", stats.named_graphs)
    if stats.disk_bytes is not None:
        yield Inventory("bytes on disk", stats.disk_bytes)


def _grouped(store: Store, what: str, pattern: str) -> Iterator[Inventory]:
    query = f"SELECT ?key (COUNT(*) AS ?n) WHERE {{ {pattern} }} GROUP BY ?key ORDER BY DESC(?n) ?key"
    counts = {key: number for key, number in store.select(query) if key is not None and number is not None}
    shared = Counter(map(_readable, counts))
    for key, number in counts.items():
        name = _readable(key)
        yield Inventory(what.format(name if shared[name] == 1 else _placed(key)), int(literal_parts(number).lexical))


def _readable(key: Token) -> str:
    return literal_parts(key).lexical if key[0] == '"' else local_name(iri_of(key))


def _placed(key: Token) -> str:
    """The name with the vocabulary that it is of, where other vocabularies have one like it."""
    name = _readable(key)
    return name if key[0] == '"' else f"{name} of {iri_of(key).removesuffix(name)}"
