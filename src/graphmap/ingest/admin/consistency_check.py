"""Consistency of a store: each graph has provenance, and the default graph is the sum of the record graphs.

It reads only; what is wrong comes out as a fault that names the document and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from graphmap.ingest.workspace_model import Knowledge
from graphmap.provenance import CONTENT_HASH, INVALIDATED, SEAL, SPECIALIZATION, digest_of_graph
from graphmap.rdf import Token, Triple
from graphmap.store import Store

__all__ = ["Inconsistency", "inconsistencies"]


class Inconsistency(NamedTuple):
    """Something that is not as it should be: in which graph, and what."""

    graph: str
    what: str


def inconsistencies(store: Store, knowledge: Knowledge) -> Iterator[Inconsistency]:
    """Look a store over.

    Yields:
        Record graphs without provenance, provenance without a graph, graphs that are not what was stored, and triples
        that the default graph lacks or has without support; nothing where all is well.
    """
    layout = knowledge.workspace.layout
    present = dict(_present(store, layout.provenance))
    graphs = {name for name in store.named_graphs() if name in present or layout.is_record_graph(name)}
    for name in sorted(graphs - present.keys()):
        yield Inconsistency(name, "has no provenance")
    for name in sorted(present.keys() - graphs):
        yield Inconsistency(name, "has provenance and no graph")
    supported: set[Triple] = set()
    for name in sorted(graphs):
        triples = store.graph(name)
        supported |= triples
        if present.get(name) not in (None, "", digest_of_graph(triples)):
            yield Inconsistency(name, "is not what was stored")
    yield from _knowledge_faults(store, knowledge, supported, records=bool(graphs))


def _present(store: Store, graph: Token) -> Iterator[tuple[Token, Token]]:
    """Document and seal of every record that holds; the seal is empty where there is none."""
    pattern = f"?d {SPECIALIZATION} ?e ; {CONTENT_HASH} ?h OPTIONAL {{ ?d {SEAL} ?s }}"
    query = f"SELECT ?d ?s {{ GRAPH {graph} {{ {pattern} FILTER NOT EXISTS {{ ?d {INVALIDATED} ?x }} }} }}"
    return ((document, seal or "") for document, seal in store.select(query) if document)


def _knowledge_faults(
    store: Store, knowledge: Knowledge, supported: set[Triple], *, records: bool
) -> Iterator[Inconsistency]:
    """Differences between the default graph and what the record graphs assert and entail."""
    entailed = knowledge.saturation.entailed(supported)
    wanted = supported.union(Triple(*each) for each in entailed)
    there = store.graph(None)
    for what, triples in (("lacks", wanted - there), ("has without support", there - wanted if records else ())):
        if triples:
            some = "; ".join(" ".join(each) for each in sorted(triples)[:3])
            yield Inconsistency("the default graph", f"{what} {len(triples)} triples, such as {some}")
