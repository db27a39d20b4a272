"""Which graph holds what, and what a record takes with it when it is replaced.

The default graph is the knowledge: what any stored record asserts, once, and what the ontology entails of it. Each
record has a named graph with just its own assertions. A triple may leave the default graph only when no other record
still supports it, by asserting it or by asserting something that entails it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from graphmap.errors import TermError
from graphmap.store.protocol import Quad, Store
from graphmap.terms import Token, Triple, iri_token

__all__ = ["Entail", "Layout", "Premises", "Replacement", "replacement"]

Entail = Callable[[frozenset[Triple]], Iterable[Triple]]
"""What a set of asserted triples entails; whether it repeats the asserted ones makes no difference."""

Premises = Callable[[Triple], Iterable[Triple]]
"""The single triples each of which alone entails the given one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The names of the graphs of one knowledge base.

    Args:
        base: absolute IRI that ends with a slash.

    >>> layout = Layout(base="https://schema.limbergraph.com/")
    >>> layout.document("https://schema.limbergraph.com/limber/CustomerAccount#a%2Fb")
    'https://schema.limbergraph.com/limber/CustomerAccount/a%2Fb'
    >>> layout.entity("https://schema.limbergraph.com/limber/CustomerAccount/a%2Fb")
    'https://schema.limbergraph.com/limber/CustomerAccount#a%2Fb'
    >>> layout.is_record_graph(layout.reports)
    False
    """

    base: str

    def __post_init__(self) -> None:
        iri_token(self.base)
        if not self.base.endswith("/"):
            raise TermError(f"the base {self.base!r} has no slash at its end", hint="add one")

    @property
    def provenance(self) -> Token:
        """The graph that says of each document where it came from."""
        return f"<{self.base}graph/provenance>"

    @property
    def reports(self) -> Token:
        """The graph of findings and quarantined payloads."""
        return f"<{self.base}graph/reports>"

    @property
    def ontology(self) -> Token:
        """The graph of classes and properties."""
        return f"<{self.base}graph/ontology>"

    @property
    def shapes(self) -> Token:
        """The graph of SHACL shapes."""
        return f"<{self.base}graph/shapes>"

    @property
    def void(self) -> Token:
        """The graph that describes the dataset."""
        return f"<{self.base}graph/void>"

    @property
    def special(self) -> frozenset[Token]:
        """All graphs that are no record's."""
        return frozenset((self.provenance, self.reports, self.ontology, self.shapes, self.void))

    def is_record_graph(self, graph: Token) -> bool:
        """Whether a named graph holds the assertions of a record."""
        return graph not in self.special

    def document(self, entity: str) -> str:
        """The IRI of the document about an entity, which is also the IRI of its record's graph."""
        head, _, fragment = entity.partition("#")
        return f"{head}/{fragment}" if fragment else head

    def entity(self, document: str) -> str:
        """The inverse of `document`, for IRIs of the form base, schema, class, key; any other comes back as it is."""
        if not document.startswith(self.base):
            return document
        parts = document[len(self.base) :].split("/", 2)
        return document if len(parts) < 3 else f"{self.base}{parts[0]}/{parts[1]}#{parts[2]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What to hand to `Store.replace`.

    Args:
        remove: quads that go.
        drop: graphs that go as a whole, when a record is deleted.
        add: N-Quads that come.
    """

    remove: tuple[Quad, ...]
    drop: tuple[Token, ...]
    add: bytes


def replacement(
    *,
    store: Store,
    layout: Layout,
    document: str,
    new: Iterable[tuple[Token, Token, Token]],
    entail: Entail,
    premises: Premises,
) -> Replacement:
    """Compute how a record's triples change the store.

    Removal comes before addition in `Store.replace`, so that a term which the database gives back in another form
    (see `Store`) is removed and added again and nothing is lost.

    Args:
        store: asked for the record's present graph, and for other records that support a triple.
        layout: tells record graphs from others.
        document: IRI of the document, without brackets.
        new: what the record asserts from now on; empty deletes it.
        entail: what triples entail.
        premises: what alone would entail a triple.

    Returns:
        The difference: empty where nothing changes.
    """
    graph = f"<{document}>"
    old = store.graph(graph)
    asserted = frozenset(Triple(*triple) for triple in new)
    before, after = old.union(entail(old)), asserted.union(entail(asserted))
    leaving = (
        triple
        for triple in sorted(before - after)
        if not _supported(triple, store=store, layout=layout, graph=graph, premises=premises)
    )
    gone = sorted(old - asserted) if asserted else ()
    return Replacement(
        remove=(*(Quad(*triple) for triple in leaving), *(Quad(*triple, graph) for triple in gone)),
        drop=(graph,) if old and not asserted else (),
        add="".join(_lines(after - before, asserted - old, graph)).encode(),
    )


def _supported(triple: Triple, *, store: Store, layout: Layout, graph: Token, premises: Premises) -> bool:
    return any(
        other != graph and layout.is_record_graph(other)
        for reason in (triple, *premises(triple))
        for other in store.graphs_with(reason)
    )


def _lines(knowledge: frozenset[Triple], record: frozenset[Triple], graph: Token) -> Iterator[str]:
    for subject, predicate, obj in sorted(knowledge):
        yield f"{subject} {predicate} {obj} .\n"
    for subject, predicate, obj in sorted(record):
        yield f"{subject} {predicate} {obj} {graph} .\n"
