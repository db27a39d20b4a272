"""A person's record, erased: from every graph, from the journal, and from the files of the database themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graphmap.ingest.admin.quarantine import quarantined_records
from graphmap.ingest.workspace_model import Knowledge
from graphmap.ingest.write import RecordWriter
from graphmap.rdf import Token, iri_token
from graphmap.store import HeldStore, Quad
from graphmap.store.embedded import backups_of, holds_graph

__all__ = ["Erasure", "erase"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Result of an erasure, and the places that still hold the record.

    Args:
        document: IRI of the record's document.
        quads: how many quads went.
        set_aside: how many set-aside records went with their payloads.
        mentions: documents of other records that link to it; their links stay.
        backups: folders of backups that still hold it.
        rebuilt: whether the files of the database were written anew.
    """

    document: str
    quads: int
    set_aside: int
    mentions: tuple[str, ...]
    backups: tuple[Path, ...]
    rebuilt: bool = True


def erase(store: HeldStore, knowledge: Knowledge, iri: str, *, settle: Callable[[], None]) -> Erasure:
    """Erase a record.

    The database keeps the text of terms that no quad has any more, so its files are written anew.

    Args:
        store: opened for writing, by this process alone.
        knowledge: what entails what.
        iri: of the entity or of its document.
        settle: takes in what the journal holds and empties it.

    Raises:
        TermError: where the IRI is none.
        StoreError: where the disk fails.
    """
    iri_token(iri)
    layout = knowledge.workspace.layout
    entity = layout.entity(iri)
    document = layout.document(entity)
    settle()
    keeper = RecordWriter(store, knowledge)
    change = keeper.removal(document)
    aside = [
        record
        for record in quarantined_records(store, layout)
        if record.document == document or (record.document is None and _names(record.payload, entity, document))
    ]
    quads = {
        *change.remove,
        *(Quad(*triple, graph) for graph in change.drop for triple in store.graph(graph)),
        *keeper.provenance_of(document),
        *keeper.history.revisions(document, store),
        *keeper.reporting.about(document, store),
        *(quad for record in aside for quad in keeper.reporting.record(record.node, store)),
        *_findings_about(store, layout.reports, entity, document),
    }
    store.replace(remove=quads, drop=change.drop, add=change.add)
    rebuilt = store.rebuild()
    held = tuple(each for each in backups_of(store.place) if holds_graph(each, f"<{document}>"))
    return Erasure(
        document=document,
        quads=len(quads),
        set_aside=len({record.node for record in aside}),
        mentions=tuple(_mentions(store, entity)),
        backups=held,
        rebuilt=rebuilt,
    )


def _findings_about(store: HeldStore, graph: Token, *iris: str) -> Iterator[Quad]:
    """Findings of any record that name it; and the links to those findings."""
    tests = " || ".join(f'CONTAINS(STR(?o), "{iri}")' for iri in iris)
    rows = store.select(f"SELECT DISTINCT ?s ?o {{ GRAPH {graph} {{ ?s ?p ?o FILTER({tests}) }} }}")
    nodes = {s for s, o in rows if s and o and "/finding/" in s and _names(o, *iris)}
    for node in nodes:
        yield from _quads(store, f"{node} ?p ?o BIND({node} AS ?s)", graph)
        yield from _quads(store, f"?s ?p {node} BIND({node} AS ?o)", graph)


def _quads(store: HeldStore, pattern: str, graph: Token) -> Iterable[Quad]:
    rows = store.select(f"SELECT ?s ?p ?o {{ GRAPH {graph} {{ {pattern} }} }}")
    return [Quad(s, p, o, graph) for s, p, o in rows if s and p and o]


def _names(text: str, *iris: str) -> bool:
    """Return whether a text has an IRI, and not just a longer one that begins with it."""
    return any(re.search(re.escape(iri) + r"(?![\w%~-]|\.\w)", text) for iri in iris)


def _mentions(store: HeldStore, entity: str) -> Iterator[str]:
    rows = store.select(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p <{entity}> }} }} ORDER BY ?g")
    return (graph[1:-1] for (graph,) in rows if graph)
