"""Records that were set aside: listed, shown, judged again, dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphmap.errors import CallError
from graphmap.ingest.check import InputCheck, RecordValidator
from graphmap.ingest.workspace_model import Knowledge
from graphmap.ingest.write import Arrival, RecordWriter
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
    ReportGraph,
)
from graphmap.rdf import RDF, Token, iri_of, literal_parts
from graphmap.records import is_envelope
from graphmap.records.readers import decode_json
from graphmap.store import Layout, Store

__all__ = ["QuarantineRetry", "QuarantinedRecord", "drop", "messages_of", "quarantined_records"]

_MESSAGE = "<http://www.w3.org/ns/shacl#resultMessage>"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedRecord:
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
        """Identifier for people: the last part of its IRI."""
        return iri_of(self.node).rpartition("/")[2]


def quarantined_records(store: Store, layout: Layout, identifiers: Collection[str] = ()) -> list[QuarantinedRecord]:
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


def messages_of(record: QuarantinedRecord, store: Store, layout: Layout) -> list[str]:
    """Messages of the findings in a record."""
    inner = f"{record.node} {FINDING}/{_MESSAGE} ?message"
    rows = store.select(f"SELECT ?message {{ GRAPH {layout.reports} {{ {inner} }} }} ORDER BY ?message")
    return [literal_parts(message).lexical for (message,) in rows if message]


def drop(record: QuarantinedRecord, store: Store, layout: Layout) -> None:
    """Give a record up, with its payload and its findings; the history of its document says so.

    Raises:
        StoreError: where the store cannot be written; nothing is changed then.
    """
    quads = ReportGraph(layout=layout).record(record.node, store)
    text = ""
    if record.document is not None:
        pairs = [(quad.predicate, quad.object) for quad in quads if quad.subject == record.node]
        text = History(layout=layout).refused(record.document, "dropped", pairs)
    store.replace(remove=quads, add=text.encode())


class QuarantineRetry:
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
        self._record_writer = RecordWriter(store, knowledge)
        self._judges: dict[tuple[str, tuple[str, ...] | None, str], RecordValidator] = {}

    def retry(self, records: Iterable[QuarantinedRecord]) -> Iterator[tuple[QuarantinedRecord, str]]:
        """Validate records again, each in one transaction.

        Rows of one input that are the same record stay where they are while there is more than one of them.

        Yields:
            Each record with its outcome, in the order given; what was yielded is done.

        Raises:
            StoreError: where the store cannot be written.
        """
        listed = list(records)
        same = _places(self._store, self._record_writer.layout)
        for record in listed:
            settings = self._knowledge.workspace.sources.get(self._kind(record) or "")
            shared = settings is not None and settings.kind != "envelope" and same[record.source, record.document] > 1
            if settings is None or not record.is_json or (record.document is not None and shared):
                yield record, record.outcome
            else:
                yield record, self._again(record)

    def _kind(self, record: QuarantinedRecord) -> str | None:
        if record.kind is not None or not record.is_json or not is_envelope(decode_json(record.payload)):
            return record.kind
        sources = self._knowledge.workspace.sources.values()
        return next((each.name for each in sources if each.kind == "envelope"), None)

    def _again(self, record: QuarantinedRecord) -> str:
        settings = self._knowledge.workspace.sources[self._kind(record) or ""]
        raw: Any = decode_json(record.payload)
        header = None
        if settings.kind == "table":
            header, raw = tuple(raw), list(raw.values())
        validator = self._validator(settings.name, header, record.source)
        validated = validator.validate(record.row or 1, raw)
        arrival = Arrival(
            validated=validated, raw=raw, header=header, source=settings, name=record.source, moment=self._moment
        )
        self._record_writer.collisions([arrival])
        before = self._record_writer.reporting.record(record.node, self._store)
        if not validated.acceptable:
            return self._record_writer.put_aside(arrival, instead=before)
        (outcome,) = self._record_writer.keep([arrival])
        self._record_writer.settle_references([arrival], outcomes_of={id(arrival): outcome})
        left = self._record_writer.reporting.record(record.node, self._store)
        if left:
            self._store.replace(remove=left, add=b"")
        return outcome

    def _validator(self, kind: str, header: tuple[str, ...] | None, name: str) -> RecordValidator:
        known = self._judges.get((kind, header, name))
        if known is None:
            coverage = InputCheck(self._knowledge.engine).coverage
            source = self._knowledge.workspace.sources[kind]
            known = RecordValidator(self._knowledge, source, name=name, header=header, coverage=coverage)
            self._judges[kind, header, name] = known
        return known


def _kept(node: Token, pairs: dict[Token, Token]) -> QuarantinedRecord:
    payload = literal_parts(pairs[PAYLOAD])
    row = _lexical(pairs, ROW)
    return QuarantinedRecord(
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
    """Count quarantined records by source and document, without reading their payloads."""
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
    what = "no quarantined record" if not fitting else f"{len(fitting)} records"
    raise CallError(f"{identifier!r} names {what}", hint="`graphmap quarantine list` shows them")
