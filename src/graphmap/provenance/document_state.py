"""State of documents in a store, queried in batches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from graphmap.provenance.document import is_older
from graphmap.provenance.report_graph import DOCUMENT
from graphmap.provenance.revisions import CONTENT_HASH, VERSION
from graphmap.rdf import Token, iri_of
from graphmap.store import Layout, Quad, Store

__all__ = ["DocumentState", "document_states"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentState:
    """State of one document in a store.

    Args:
        provenance: all that provenance says of its present state; empty for a document that is new.
        noted: whether the reports say something about it.
    """

    provenance: tuple[Quad, ...] = ()
    noted: bool = False

    @property
    def version(self) -> Token | None:
        """Token of the version that is stored."""
        return next((quad.object for quad in self.provenance if quad.predicate == VERSION), None)

    def against(self, digest: Token, version: Token | None) -> str | None:
        """`unchanged` or `stale` where the store has the same or a newer state; `None` where a record is news."""
        if any(quad.predicate == CONTENT_HASH and quad.object == digest for quad in self.provenance):
            return "unchanged"
        return "stale" if is_older(version, self.version) else None


def document_states(
    store: Store, layout: Layout, documents: Collection[str], *, lagging: bool = False
) -> Mapping[str, DocumentState]:
    """Look documents up, all in two questions.

    Args:
        store: opened for reading.
        layout: names the graphs.
        documents: IRIs without brackets.
        lagging: whether what the store is to add later says nothing about them.

    Returns:
        The standing of each of them.
    """
    if not documents:
        return {}
    values = f"VALUES ?d {{ {' '.join(f'<{document}>' for document in documents)} }}"
    about: dict[str, list[Quad]] = {}
    stored = f"SELECT ?d ?p ?o WHERE {{ {values} GRAPH {layout.provenance} {{ ?d ?p ?o }} }}"
    for d, p, o in store.select(stored, lagging=lagging):
        if d and p and o:
            about.setdefault(iri_of(d), []).append(Quad(d, p, o, layout.provenance))
    said = f"SELECT DISTINCT ?d WHERE {{ {values} GRAPH {layout.reports} {{ ?s {DOCUMENT} ?d }} }}"
    noted = {iri_of(document) for (document,) in store.select(said, lagging=lagging) if document}
    return {each: DocumentState(provenance=tuple(about.get(each, ())), noted=each in noted) for each in documents}
