"""Revisions of a document: earlier and refused versions in the provenance graph.

The present state is what provenance says of the document itself. A revision is an IRI of its own, linked to the
document by prov:alternateOf, with the outcome, the version, the source and the time that it had.

Source: PROV-O, section 3.2 (prov:alternateOf, prov:generatedAtTime, prov:invalidatedAtTime).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphmap.rdf import GRAPHMAP, RDF_TYPE, Token, literal_parts, literal_token
from graphmap.store import Layout, Quad, Store

__all__ = [
    "CONTENT_HASH",
    "GENERATED",
    "INVALIDATED",
    "PAYLOAD",
    "SOURCE",
    "SPECIALIZATION",
    "VERSION",
    "Event",
    "History",
]

_PROV = "http://www.w3.org/ns/prov#"
_DCTERMS = "http://purl.org/dc/terms/"
ALTERNATE: Token = f"<{_PROV}alternateOf>"
GENERATED: Token = f"<{_PROV}generatedAtTime>"
INVALIDATED: Token = f"<{_PROV}invalidatedAtTime>"
SPECIALIZATION: Token = f"<{_PROV}specializationOf>"
SOURCE: Token = f"<{_DCTERMS}source>"
IDENTIFIER: Token = f"<{_DCTERMS}identifier>"
CONTENT_HASH: Token = f"<{GRAPHMAP}contentHash>"
VERSION: Token = f"<{GRAPHMAP}version>"
PAYLOAD: Token = f"<{GRAPHMAP}payload>"
OUTCOME: Token = f"<{GRAPHMAP}outcome>"
CHANGES: Token = f"<{GRAPHMAP}changes>"
REVISION: Token = f"<{GRAPHMAP}Revision>"
_DOCUMENT: Token = f"<{GRAPHMAP}document>"
_PLAIN_SOURCE: Token = f"<{GRAPHMAP}source>"
_KEPT = (GENERATED, INVALIDATED, SOURCE, IDENTIFIER, CONTENT_HASH, VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One state of a document, or one message about it that was not taken.

    Args:
        moment: lexical form of the time, UTC.
        outcome: stored, deleted, stale or quarantined.
        version: lexical form, where it had one.
        source: name of the source, or of the input where it was set aside.
        correlation: correlation id of its message, where it had one.
        present: whether it is what holds now.
    """

    moment: str
    outcome: str
    version: str | None
    source: str | None
    correlation: str | None
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Writes and reads revisions."""

    layout: Layout

    def past(self, document: str, provenance: Iterable[Quad], changes: str = "") -> str:
        """N-Quads of a state that ends: what provenance said of the document, as a revision.

        Args:
            document: its IRI.
            provenance: the quads about it, which the caller removes; may be empty.
            changes: what changed with its end, in lines.
        """
        pairs = [(quad.predicate, quad.object) for quad in provenance if quad.predicate in _KEPT]
        outcome = "deleted" if any(predicate == INVALIDATED for predicate, _ in pairs) else "stored"
        if pairs and changes:
            pairs.append((CHANGES, literal_token(changes)))
        return self._text(document, outcome, pairs) if pairs else ""

    def refused(self, document: str, outcome: str, pairs: Iterable[tuple[Token, Token]]) -> str:
        """N-Quads of a message that was not taken; saying it twice changes nothing but its time.

        Args:
            document: its IRI.
            outcome: `stale` or `quarantined`.
            pairs: predicate and object of what provenance would have said.
        """
        renamed = ((SOURCE if predicate == _PLAIN_SOURCE else predicate, value) for predicate, value in pairs)
        return self._text(document, outcome, [pair for pair in renamed if pair[0] in _KEPT])

    def is_known(self, store: Store, text: str) -> bool:
        """Return whether a revision stands in the store already."""
        node = text.partition(" ")[0]
        return REVISION in store.objects(node, RDF_TYPE, self.layout.provenance)

    def revisions(self, document: str, store: Store) -> list[Quad]:
        """All quads of a document's revisions."""
        graph = self.layout.provenance
        inner = f"{{ ?s {ALTERNATE} <{document}> ; ?p ?o }}"
        rows = store.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {inner} }}")
        return [Quad(s, p, o, graph) for s, p, o in rows if s and p and o]

    def events(self, document: str, store: Store) -> list[Event]:
        """Events of the document, the oldest first."""
        found = [*self._present(document, store), *self._earlier(document, store), *self._aside(document, store)]
        return sorted(found, key=lambda event: (event.moment, event.present, event.version or ""))

    def _text(self, document: str, outcome: str, pairs: list[tuple[Token, Token]]) -> str:
        said = sorted(
            f"{predicate} {value}" for predicate, value in pairs if outcome == "stored" or predicate != GENERATED
        )
        digest = hashlib.blake2b("\n".join((document, outcome, *said)).encode(), digest_size=16).hexdigest()
        node = f"<{self.layout.base}revision/{digest}>"
        about = [(RDF_TYPE, REVISION), (ALTERNATE, f"<{document}>"), (OUTCOME, literal_token(outcome)), *pairs]
        graph = self.layout.provenance
        return "".join(f"{node} {predicate} {value} {graph} .\n" for predicate, value in about)

    def _present(self, document: str, store: Store) -> Iterator[Event]:
        pairs = dict(_pairs(store, f"<{document}>", self.layout.provenance))
        if pairs:
            outcome = "deleted" if INVALIDATED in pairs else "stored"
            yield _event(pairs, outcome, present=True)

    def _earlier(self, document: str, store: Store) -> Iterator[Event]:
        for pairs in _by_subject(self.revisions(document, store)):
            yield _event(pairs, _lexical(pairs[OUTCOME]) or "", present=False)

    def _aside(self, document: str, store: Store) -> Iterator[Event]:
        graph = self.layout.reports
        inner = f"{{ ?s a <{GRAPHMAP}SetAsideRecord> ; {_DOCUMENT} <{document}> ; ?p ?o }}"
        rows = store.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {inner} }}")
        for pairs in _by_subject([Quad(s, p, o, graph) for s, p, o in rows if s and p and o]):
            yield _event(pairs, _lexical(pairs[OUTCOME]) or "", present=True)


def _pairs(store: Store, node: Token, graph: Token) -> Iterator[tuple[Token, Token]]:
    rows = store.select(f"SELECT ?p ?o WHERE {{ GRAPH {graph} {{ {node} ?p ?o }} }}")
    return ((p, o) for p, o in rows if p and o)


def _by_subject(quads: Iterable[Quad]) -> Iterable[dict[Token, Token]]:
    nodes: dict[Token, dict[Token, Token]] = {}
    for quad in quads:
        nodes.setdefault(quad.subject, {})[quad.predicate] = quad.object
    return nodes.values()


def _event(pairs: dict[Token, Token], outcome: str, *, present: bool) -> Event:
    ended = pairs.get(INVALIDATED) if outcome == "deleted" else None
    return Event(
        moment=_lexical(ended or pairs.get(GENERATED)) or "",
        outcome=outcome,
        version=_lexical(pairs.get(VERSION)),
        source=_lexical(pairs.get(SOURCE) or pairs.get(_PLAIN_SOURCE)),
        correlation=_lexical(pairs.get(IDENTIFIER)),
        present=present,
    )


def _lexical(token: Token | None) -> str | None:
    return None if token is None else literal_parts(token).lexical
