"""Layout of named graphs, and the changes when a record is replaced.

The default graph is the knowledge: what any stored record asserts, once, and what the ontology entails of it. Each
record has a named graph with just its own assertions. A triple may leave the default graph only when no other record
still supports it, by asserting it or by asserting something that entails it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from graphmap.errors import TermError
from graphmap.rdf import Token, Triple, iri_token
from graphmap.store.protocol import Quad, Store

__all__ = ["Entail", "Layout", "Premises", "Replacement", "replacement"]

_OF_RECORD = "<http://www.w3.org/ns/prov#specializationOf>"
"""Property that provenance has for the graph of a record, and for no other."""

Entail = Callable[[frozenset[Triple]], Iterable[Triple]]
"""Function from asserted triples to those that they entail; it may repeat the asserted ones."""

Premises = Callable[[Triple], Iterable[Triple]]
"""The single triples each of which alone entails the given one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The names of the graphs of one knowledge base.

    Args:
        base: absolute IRI that ends with a slash.

    >>> layout = Layout(base="https://example.org/")
    >>> layout.document("https://example.org/shop/Customer#a%2Fb")
    'https://example.org/shop/Customer/a%2Fb'
    >>> layout.entity("https://example.org/shop/Customer/a%2Fb")
    'https://example.org/shop/Customer#a%2Fb'
    >>> layout.is_record_graph(layout.reports), layout.is_record_graph("<https://example.org/graphs/mine>")
    (False, False)
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
    def special(self) -> frozenset[Token]:
        """All graphs that are no record's."""
        return frozenset((self.provenance, self.reports, self.ontology, self.shapes))

    @property
    def own(self) -> str:
        """Graphs below this IRI belong to users, who write them as they like."""
        return f"{self.base}graphs/"

    def is_record_graph(self, graph: Token) -> bool:
        """Return whether a named graph is that of a record by its name: it is below the base."""
        within = graph.startswith(f"<{self.base}") and not graph.startswith(f"<{self.own}")
        return within and graph not in self.special

    def holds_record(self, graph: Token, store: Store) -> bool:
        """Return whether a named graph holds the assertions of a record: by its name, or because provenance knows it.

        Mappings may mint subjects outside of the base; graphs there that provenance does not know are users' own.
        """
        return self.is_record_graph(graph) or (
            not graph.startswith(f"<{self.base}") and bool(store.objects(graph, _OF_RECORD, self.provenance))
        )

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
    """Arguments for `Store.replace`.

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
    records: Mapping[str, Iterable[tuple[Token, Token, Token]]],
    entail: Entail,
    premises: Premises,
) -> Replacement:
    """Compute how the triples of records change the store, all of them in one step.

    Removal comes before addition in `Store.replace`, so that a term which the database gives back in another form
    (see `Store`) is removed and added again and nothing is lost.

    Args:
        store: asked for the records' present graphs, and for other records that support a triple.
        layout: tells record graphs from others.
        records: IRI of each document, without brackets, with what its record asserts from now on; nothing deletes it.
        entail: what triples entail; what several sets entail together is what each of them entails.
        premises: what alone would entail a triple.

    Returns:
        The difference: empty where nothing changes.
    """
    olds = {f"<{document}>": store.graph(f"<{document}>") for document in records}
    news = {f"<{document}>": frozenset(Triple(*each) for each in triples) for document, triples in records.items()}
    before, after = _with_entailed(olds.values(), entail), _with_entailed(news.values(), entail)
    leaving = (
        triple
        for triple in sorted(before - after)
        if not _supported(triple, store=store, layout=layout, graphs=news.keys(), premises=premises)
    )
    gone = (Quad(*each, graph) for graph, new in news.items() if new for each in sorted(olds[graph] - new))
    come = {graph: new - olds[graph] for graph, new in news.items()}
    return Replacement(
        remove=(*(Quad(*triple) for triple in leaving), *gone),
        drop=tuple(graph for graph, new in news.items() if olds[graph] and not new),
        add="".join(_lines(after - before, come)).encode(),
    )


def _with_entailed(graphs: Iterable[frozenset[Triple]], entail: Entail) -> frozenset[Triple]:
    triples = frozenset[Triple]().union(*graphs)
    return triples.union(entail(triples))


def _supported(triple: Triple, *, store: Store, layout: Layout, graphs: AbstractSet[Token], premises: Premises) -> bool:
    """Return whether a record that is not among the changing ones supports a triple."""
    return any(
        other not in graphs and layout.holds_record(other, store)
        for reason in (triple, *premises(triple))
        for other in store.graphs_with(reason)
    )


def _lines(knowledge: frozenset[Triple], records: Mapping[Token, frozenset[Triple]]) -> Iterator[str]:
    for subject, predicate, obj in sorted(knowledge):
        yield f"{subject} {predicate} {obj} .\n"
    for graph, triples in records.items():
        for subject, predicate, obj in sorted(triples):
            yield f"{subject} {predicate} {obj} {graph} .\n"
