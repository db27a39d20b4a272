"""Records that were set aside: listed, shown, judged again, dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphmap.errors import CallError
from graphmap.ingest.check import Gathering, Judge
from graphmap.ingest.workspace_model import Knowledge
from graphmap.ingest.write import Arrival, Keeper
from graphmap.provenance import (
    DOCUMENT,
    FINDING,
    GENERATED,
    KIND,
    OUTCOME,
    PAYLOAD,
    ROW,
    SET_ASIDE,
    SOURCE_NAME,
    History,
    Reporting,
)
from graphmap.rdf import RDF, Token, iri_of, literal_parts
from graphmap.records import is_envelope
from graphmap.records.readers import decode_json
from graphmap.store import Layout, Store

__all__ = ["Kept", "Retrial", "drop", "kept_records", "messages_of"]

_MESSAGE = "<http://www.w3.org/ns/shacl#resultMessage>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record that was set aside.

    Args:
        node: token of its IRI.
        outcome: `quarantined` or `rejected`.
        moment: when, UTC.
        source: the input that it came from.
        kind: name of the source whose mapping it was read with, where that is known.
        row: data row or document, counted from 1.
        document: IRI of the document that it would have become.
        payload: JSON text of the record, or the text as far as it could be read.
        is_json: whether the payload is JSON.
    """

    node: Token
    outcome: str
    moment: str
    source: str
    kind: str | None
    row: int | None
    document: str | None
    payload: str
    is_json: bool

    @property
    def identifier(self) -> str:
        """What people call it: the last part of its IRI."""
        return iri_of(self.node).rpartition("/")[2]


def kept_records(store: Store, layout: Layout, identifiers: Collection[str] = ()) -> list[Kept]:
    """Records that are set aside: all of them, the oldest first, then by source and row; or those that are named.

    Args:
        store: where they are.
        layout: names its graphs.
        identifiers: each names one by its beginning; without them all records are read, with their payloads.

    Raises:
        CallError: where an identifier fits none, or several.
    """
    named = ""
    if identifiers:
        rows = store.select(f"SELECT ?node {{ GRAPH {layout.reports} {{ ?node a {SET_ASIDE} }} }}")
        known = {iri_of(node).rpartition("/")[2]: node for (node,) in rows if node}
        named = f"VALUES ?node {{ {' '.join(known[_only(known, each)] for each in identifiers)} }} "
    pattern = f"{named}?node a {SET_ASIDE} ; ?p ?o FILTER(?p != {FINDING})"
    nodes: dict[Token, dict[Token, Token]] = {}
    for node, predicate, value in store.select(f"SELECT ?node ?p ?o {{ GRAPH {layout.reports} {{ {pattern} }} }}"):
        if node and predicate and value:
            nodes.setdefault(node, {})[predicate] = value
    found = [_kept(node, pairs) for node, pairs in nodes.items()]
    return sorted(found, key=lambda each: (each.moment, each.source, each.row or 0, each.identifier))


def messages_of(record: Kept, store: Store, layout: Layout) -> list[str]:
    """What was found in a record."""
    inner = f"{record.node} {FINDING}/{_MESSAGE} ?message"
    rows = store.select(f"SELECT ?message {{ GRAPH {layout.reports} {{ {inner} }} }} ORDER BY ?message")
    return [literal_parts(message).lexical for (message,) in rows if message]


def drop(record: Kept, store: Store, layout: Layout) -> None:
    """Give a record up, with its payload and its findings; the history of its document says so.

    Raises:
        StoreError: where the store cannot be written; nothing is changed then.
    """
    quads = Reporting(layout=layout).record(record.node, store)
    text = ""
    if record.document is not None:
        pairs = [(quad.predicate, quad.object) for quad in quads if quad.subject == record.node]
        text = History(layout=layout).refused(record.document, "dropped", pairs)
    store.replace(remove=quads, add=text.encode())


class Retrial:
    """Judges set-aside records again, as after a change of the rules.

    Args:
        store: opened for writing.
        knowledge: mappings, shapes and ontology of today.
        moment: token of the time that provenance gives.
    """

    def __init__(self, store: Store, knowledge: Knowledge, moment: Token) -> None:
        self._store = store
        self._knowledge = knowledge
        self._moment = moment
        self._keeper = Keeper(store, knowledge)
        self._judges: dict[tuple[str, tuple[str, ...] | None, str], Judge] = {}

    def retry(self, records: Iterable[Kept]) -> Iterator[tuple[Kept, str]]:
        """Judge records again, each in one transaction.

        Rows of one input that are the same record stay where they are while there is more than one of them.

        Yields:
            Each record with its outcome, in the order given; what was yielded is done.

        Raises:
            StoreError: where the store cannot be written.
        """
        listed = list(records)
        same = _places(self._store, self._keeper.layout)
        for record in listed:
            settings = self._knowledge.workspace.sources.get(self._kind(record) or "")
            shared = settings is not None and settings.kind != "envelope" and same[record.source, record.document] > 1
            if settings is None or not record.is_json or (record.document is not None and shared):
                yield record, record.outcome
            else:
                yield record, self._again(record)

    def _kind(self, record: Kept) -> str | None:
        if record.kind is not None or not record.is_json or not is_envelope(decode_json(record.payload)):
            return record.kind
        sources = self._knowledge.workspace.sources.values()
        return next((each.name for each in sources if each.kind == "envelope"), None)

    def _again(self, record: Kept) -> str:
        settings = self._knowledge.workspace.sources[self._kind(record) or ""]
        raw: Any = decode_json(record.payload)
        header = None
        if settings.kind == "table":
            header, raw = tuple(raw), list(raw.values())
        judge = self._judge(settings.name, header, record.source)
        judged = judge.judge(record.row or 1, raw)
        arrival = Arrival(
            judged=judged, raw=raw, header=header, source=settings, name=record.source, moment=self._moment
        )
        self._keeper.collisions([arrival])
        before = self._keeper.reporting.record(record.node, self._store)
        if not judged.acceptable:
            return self._keeper.put_aside(arrival, instead=before)
        (outcome,) = self._keeper.keep([arrival])
        self._keeper.settle_references([arrival], outcomes_of={id(arrival): outcome})
        left = self._keeper.reporting.record(record.node, self._store)
        if left:
            self._store.replace(remove=left, add=b"")
        return outcome

    def _judge(self, kind: str, header: tuple[str, ...] | None, name: str) -> Judge:
        known = self._judges.get((kind, header, name))
        if known is None:
            coverage = Gathering(self._knowledge.engine).coverage
            source = self._knowledge.workspace.sources[kind]
            known = Judge(self._knowledge, source, name=name, header=header, coverage=coverage)
            self._judges[kind, header, name] = known
        return known


def _kept(node: Token, pairs: dict[Token, Token]) -> Kept:
    payload = literal_parts(pairs[PAYLOAD])
    row = _lexical(pairs, ROW)
    return Kept(
        node=node,
        outcome=_lexical(pairs, OUTCOME) or "",
        moment=_lexical(pairs, GENERATED) or "",
        source=_lexical(pairs, SOURCE_NAME) or "",
        kind=_lexical(pairs, KIND),
        row=None if row is None else int(row),
        document=iri_of(pairs[DOCUMENT]) if DOCUMENT in pairs else None,
        payload=payload.lexical,
        is_json=payload.datatype == RDF + "JSON",
    )


def _places(store: Store, layout: Layout) -> Counter[tuple[str, str | None]]:
    """How many records are set aside of each source and document; their payloads stay where they are."""
    pattern = f"?node a {SET_ASIDE} ; {SOURCE_NAME} ?source OPTIONAL {{ ?node {DOCUMENT} ?document }}"
    rows = store.select(f"SELECT ?source ?document {{ GRAPH {layout.reports} {{ {pattern} }} }}")
    return Counter(
        (literal_parts(source).lexical, None if document is None else iri_of(document))
        for source, document in rows
        if source
    )


def _lexical(pairs: dict[Token, Token], predicate: Token) -> str | None:
    return literal_parts(pairs[predicate]).lexical if predicate in pairs else None


def _only(known: Iterable[str], identifier: str) -> str:
    fitting = [each for each in known if each.startswith(identifier)]
    if len(fitting) == 1:
        return fitting[0]
    what = "no record that is set aside" if not fitting else f"{len(fitting)} records"
    raise CallError(f"{identifier!r} names {what}", hint="`graphmap quarantine list` shows them")
