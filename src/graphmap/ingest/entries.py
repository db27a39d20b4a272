"""What records let be found: themselves, and what has a label in them.

Labels, names, keys, codes and identifiers count: properties whose own name ends in such a word. A record is found by
what is embedded in it as well, so that an account is found by the name of its payer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphmap.ingest.judge import Judged
from graphmap.ingest.searched import LABELS, LONGEST, is_searched
from graphmap.store import Layout, Store
from graphmap.store.search import Entry
from graphmap.terms import RDF_TYPE, Token, iri_of, literal_parts, local_name
from graphmap.validation.graph import NOTHING, Graph

__all__ = ["Entries", "Findable"]

_LABELS = tuple(f"<{iri}>" for iri in LABELS)
_MOST_KNOWN = 50_000

_Said = Mapping[Token, Mapping[Token, Sequence[Token]]]
"""Subject to predicate to objects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """What a document lets be found.

    Args:
        document: its IRI.
        entries: the things, each once; of a record that is news, without those that are found already.
        things: IRIs of all that the document speaks of.
    """

    document: str
    entries: Sequence[Entry]
    things: Sequence[str]


class Entries:
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
        """What was found before may be gone."""
        self._known.clear()

    def of(self, documents: Mapping[str, Judged | None]) -> list[Findable]:
        """What documents let be found, in their order.

        Args:
            documents: IRI to the record, where the store had nothing of it before; to `None` where it had, or where
                nobody knows.
        """
        said = {document: self._said(document, judged) for document, judged in documents.items()}
        wanted = {document: self._wanted(document, said[document], judged) for document, judged in documents.items()}
        known = self._asked(dict.fromkeys(subject for each in wanted.values() for subject in each))
        return [
            Findable(
                document=document,
                entries=tuple(self._entries(document, said[document], wanted[document], known)),
                things=tuple(iri_of(subject) for subject in said[document] if subject[0] == "<"),
            )
            for document in documents
        ]

    def _said(self, document: str, judged: Judged | None) -> _Said:
        """What a record asserts; typed literals as the database writes them."""
        if judged is not None:
            graph = Graph.of_lines(judged.asserted).forward
            if not any(_is_typed_text(properties) for properties in graph.values()):
                return graph
        return Graph(self._store.graph(f"<{document}>")).forward

    def _wanted(self, document: str, said: _Said, judged: Judged | None) -> Sequence[Token]:
        """The subjects of which the store has to be asked for their labels and kinds."""
        if judged is None:
            self.forget()
            return [subject for subject in said if subject[0] == "<"]
        root = f"<{self._layout.entity(document)}>"
        entailed = Graph.of_lines(judged.entailed).forward
        wanted = [root]
        for subject, properties in said.items():
            more = entailed.get(subject, NOTHING)
            if subject[0] != "<" or subject == root or not any(each in properties or each in more for each in _LABELS):
                continue
            words = hash((*properties.items(), *more.items()))
            if self._known.get(subject) != words:
                self._known[subject] = words
                wanted.append(subject)
        if len(self._known) > _MOST_KNOWN:
            self.forget()
        return wanted

    def _asked(self, subjects: Iterable[Token]) -> Mapping[Token, Mapping[Token, Sequence[Token]]]:
        """Labels and kinds in the default graph, each in order, in one question."""
        values = " ".join(subjects)
        if not values:
            return {}
        asked = ", ".join((RDF_TYPE, *_LABELS))
        rows = self._store.select(
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o FILTER(?p IN ({asked})) }}"
        )
        return Graph(sorted((s, p, o) for s, p, o in rows if s and p and o)).forward

    def _entries(self, document: str, said: _Said, wanted: Iterable[Token], known: _Said) -> Iterator[Entry]:
        root = f"<{self._layout.entity(document)}>"
        for subject in sorted(wanted):
            found = known.get(subject, NOTHING)
            labels = [each for label in _LABELS for each in found.get(label, ())]
            if subject not in said or (not labels and subject != root):
                continue
            iri = iri_of(subject)
            others = (properties for each, properties in said.items() if each != subject)
            yield Entry(
                iri=iri,
                label=next((literal_parts(each).lexical for each in labels if each[0] == '"'), local_name(iri)),
                kinds=tuple(iri_of(kind) for kind in found.get(RDF_TYPE, ()) if kind[0] == "<"),
                names=_texts([said[subject]]),
                parts=_texts(others) if subject == root else (),
                home=document,
            )


def _texts(things: Iterable[Mapping[Token, Sequence[Token]]]) -> tuple[str, ...]:
    """The texts of literals that can be searched for, in an order that stays the same."""
    found = {
        literal_parts(value).lexical[:LONGEST]
        for properties in things
        for predicate, values in properties.items()
        if is_searched(iri_of(predicate))
        for value in values
        if value[0] == '"'
    }
    return tuple(sorted(found))


def _is_typed_text(properties: Mapping[Token, Sequence[Token]]) -> bool:
    """Whether a value that can be searched for has a datatype: the database may write it in another way."""
    return any(
        value[-1] == ">" and value[0] == '"'
        for predicate, values in properties.items()
        if is_searched(iri_of(predicate))
        for value in values
    )
