"""Search documents of records: the record itself, and labelled things in it.

Labels, names, keys, codes and identifiers count: properties whose own name ends in such a word. A record is found by
what is embedded in it as well, so that an account is found by the name of its payer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import zstandard

from graphmap.ingest.check import ValidatedRecord
from graphmap.rdf import NOTHING, RDF_TYPE, RDFS, Graph, Token, iri_of, literal_parts, local_name
from graphmap.store import Entry, Layout, Store

__all__ = ["LABELS", "LONGEST", "DocumentReader", "NewRecord", "SearchDocument", "is_searched"]

LABELS = (
    f"{RDFS}label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://xmlns.com/foaf/0.1/name",
    "https://schema.org/name",
    "http://purl.org/dc/terms/title",
)
"""Properties whose values are what people call a thing, the best first."""
LONGEST = 300
"""Characters of a text that are looked at."""

_ENDS = re.compile(r"(name|label|title|code|number|key|id|identifier|notation|text|email|mail)$", re.IGNORECASE).search


@lru_cache(maxsize=4096)
def is_searched(predicate: str) -> bool:
    """Return whether the values of a property can be searched for.

    >>> is_searched("https://example.org/shop/code"), is_searched("urn:x#comment")
    (True, False)
    """
    return predicate in LABELS or _ENDS(local_name(predicate) or predicate) is not None


_LABELS = tuple(f"<{iri}>" for iri in LABELS)
_MOST_KNOWN = 50_000

_Said = Mapping[Token, Mapping[Token, Sequence[Token]]]
"""Subject to predicate to objects."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """Text of a new record, kept compact while it waits for indexing.

    Args:
        packed: N-Triples, what it asserts and what follows, divided by an empty line.
    """

    packed: bytes

    @classmethod
    def of(cls, validated: ValidatedRecord) -> NewRecord:
        """Statements of a record."""
        return cls(zstandard.compress(f"{validated.asserted}\n{validated.entailed}".encode(), 1))

    def graphs(self) -> tuple[_Said, _Said]:
        """Asserted and entailed statements."""
        asserted, _, entailed = zstandard.decompress(self.packed).decode().partition("\n\n")
        return Graph.of_lines(asserted).forward, Graph.of_lines(entailed).forward


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """Search entries of a document.

    Args:
        document: its IRI.
        entries: the things, each once; of a record that is news, without those that are found already.
        things: IRIs of all that the document speaks of.
    """

    document: str
    entries: Sequence[Entry]
    things: Sequence[str]


class _Read(NamedTuple):
    """A document: its IRI, its own thing, what it says, and the subjects of which the store has to be asked."""

    document: str
    root: Token
    said: _Said
    wanted: Sequence[Token]


class DocumentReader:
    """Makes entries of documents; for one thread.

    What a record that is news says of a thing in the words of a record before it brings nothing new: most of what a
    record embeds is passed over by that.

    Args:
        store: holds the documents.
        layout: names of graphs.
    """

    def __init__(self, store: Store, layout: Layout) -> None:
        self._store = store
        self._layout = layout
        self._known: dict[Token, int] = {}

    def forget(self) -> None:
        """Discard the entries of changed documents."""
        self._known.clear()

    def of(self, documents: Mapping[str, NewRecord | None]) -> list[SearchDocument]:
        """Search entries of documents, in their order.

        Args:
            documents: IRI to what is said, where the store had nothing of it before; to `None` where it had, or where
                nobody knows.
        """
        self._store.catch_up(hurry=False)
        read = [self._read(document, news) for document, news in documents.items()]
        subjects = dict.fromkeys(subject for each in read for subject in each.wanted)
        known, elsewhere = self._asked(subjects), self._with_records(subjects)
        return [
            SearchDocument(
                document=each.document,
                entries=tuple(_entries(each, known, elsewhere - {each.root})),
                things=tuple(map(iri_of, each.said)),
            )
            for each in read
        ]

    def _read(self, document: str, news: NewRecord | None) -> _Read:
        root = f"<{self._layout.entity(document)}>"
        if news is not None:
            said, entailed = map(_named, news.graphs())
            if not any(map(_has_typed_text, said.values())):
                return _Read(document, root, said, self._unknown(root, said, entailed))
        self.forget()
        said = _named(Graph(self._store.graph(f"<{document}>")).forward)
        return _Read(document, root, said, list(said))

    def _unknown(self, root: Token, said: _Said, entailed: _Said) -> Sequence[Token]:
        if len(self._known) > _MOST_KNOWN:
            self.forget()
        unknown = [root]
        for subject, properties in said.items():
            more = entailed.get(subject, NOTHING)
            if subject == root or not any(each in properties or each in more for each in _LABELS):
                continue
            words = hash((*properties.items(), *more.items()))
            if self._known.get(subject) != words:
                self._known[subject] = words
                unknown.append(subject)
        return unknown

    def _asked(self, subjects: Iterable[Token]) -> Mapping[Token, Mapping[Token, Sequence[Token]]]:
        """Labels and kinds in the default graph, each in order, in one question."""
        values = " ".join(subjects)
        if not values:
            return {}
        asked = ", ".join((RDF_TYPE, *_LABELS))
        rows = self._store.select(
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o FILTER(?p IN ({asked})) }}", lagging=True
        )
        return Graph(sorted((s, p, o) for s, p, o in rows if s and p and o)).forward

    def _with_records(self, subjects: Iterable[Token]) -> frozenset[Token]:
        """The subjects that have records of their own, which say more of them than those that embed them."""
        documents = {f"<{self._layout.document(iri_of(subject))}>": subject for subject in subjects}
        pattern = f"VALUES ?g {{ {' '.join(documents)} }} FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }}"
        rows = self._store.select(f"SELECT ?g WHERE {{ {pattern} }}", lagging=True) if documents else ()
        return frozenset(documents[graph] for (graph,) in rows if graph)


def _named(said: _Said) -> _Said:
    """Statements about IRIs; blank nodes are left out, because they have no page."""
    return {subject: properties for subject, properties in said.items() if subject[0] == "<"}


def _entries(read: _Read, known: _Said, elsewhere: AbstractSet[Token]) -> Iterator[Entry]:
    for subject in sorted(read.wanted):
        found = known.get(subject, NOTHING)
        labels = [each for label in _LABELS for each in found.get(label, ())]
        if subject not in read.said or subject in elsewhere or (not labels and subject != read.root):
            continue
        iri = iri_of(subject)
        others = (properties for each, properties in read.said.items() if each != subject)
        yield Entry(
            iri=iri,
            label=next((literal_parts(each).lexical for each in labels if each[0] == '"'), local_name(iri)),
            kinds=tuple(iri_of(kind) for kind in found.get(RDF_TYPE, ()) if kind[0] == "<"),
            names=_texts([read.said[subject]]),
            parts=_texts(others) if subject == read.root else (),
            home=read.document,
        )


def _texts(things: Iterable[Mapping[Token, Sequence[Token]]]) -> tuple[str, ...]:
    """The texts of literals that can be searched for, in an order that stays the same."""
    found = {
        value
        for properties in things
        for predicate, values in properties.items()
        if is_searched(iri_of(predicate))
        for value in values
        if value[0] == '"'
    }
    return tuple(sorted({literal_parts(each).lexical[:LONGEST] for each in found}))


def _has_typed_text(properties: Mapping[Token, Sequence[Token]]) -> bool:
    """Return whether a value that can be searched for has a datatype: the database may write it in another way."""
    return any(
        value[-1] == ">" and value[0] == '"'
        for predicate, values in properties.items()
        if is_searched(iri_of(predicate))
        for value in values
    )
