"""Records into the store: stored, unchanged, stale, deleted, checked, quarantined or rejected.

Records that came together share their look-ups and their writes. What is new of them goes in by one addition; what
replaces or removes something goes in by one transaction behind it, which also notes how far the journal is taken in.
Additions of what is in the journal may be written later. Who asks about a record that is among them waits for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from graphmap.ingest.check import ValidatedRecord
from graphmap.ingest.workspace_model import Knowledge
from graphmap.ingest.write.arrival import Arrival, Unreadable, Written, runs
from graphmap.ingest.write.dangling_references import DanglingReferences
from graphmap.ingest.write.key_collisions import add_collisions
from graphmap.ingest.write.known_triples import KnownTriples
from graphmap.ingest.write.pending_writes import PendingWrites
from graphmap.provenance import (
    SET_ASIDE,
    DocumentState,
    History,
    Provenance,
    RejectedRecord,
    ReportGraph,
    changes_of,
    digest_of_lines,
    document_states,
    is_equal,
    payload_of,
    position_line,
)
from graphmap.rdf import RDF_TYPE, Graph, Token, Triple, iri_of
from graphmap.store import Layout, Quad, Replacement, Store, replacement
from graphmap.validation.report import Finding, plain

__all__ = ["RecordWriter"]

_SAME_VERSION_RULE = "graphmap.Document.version.repeated"


@dataclass(slots=True, kw_only=True)
class _Change:
    """Changes to the store by a run of records.

    Args:
        knowledge: lines of the default graph that come; records share many of them.
        texts: N-Quads that come, beside them.
        records: documents that the store knows, with what their records assert from now on.
        asides: N-Quads of each record that is set aside, by its node.
        remove: quads that go, beside those of the records' graphs.
        behind: N-Quads that come when the others are gone.
    """

    knowledge: dict[bytes, None] = field(default_factory=dict)
    texts: list[bytes] = field(default_factory=list)
    records: dict[str, Iterable[Triple]] = field(default_factory=dict)
    asides: dict[Token, str] = field(default_factory=dict)
    remove: list[Quad] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)

    def come(self, written: Written) -> None:
        """A record comes whose document the store does not know."""
        self.knowledge.update(dict.fromkeys(written.knowledge.split(b"\n")))
        self.texts.append(written.record)

    def additions(self, lines: Sequence[bytes]) -> bytes:
        """Pure additions: lines of the default graph, and all others."""
        return b"".join((b"\n".join((*lines, b"")) if lines else b"", *self.texts))


class RecordWriter:
    """Puts records into a store.

    Args:
        store: opened for writing.
        knowledge: mappings, shapes and ontology.
    """

    def __init__(self, store: Store, knowledge: Knowledge) -> None:
        self.layout: Layout = knowledge.workspace.layout
        self.reporting = ReportGraph(layout=self.layout)
        self.history = History(layout=self.layout)
        self.references = DanglingReferences(store, knowledge, self.reporting)
        self._store = store
        self._knowledge = knowledge
        self._known_lines = KnownTriples(store)
        self._pending = PendingWrites()

    def take(self, items: Sequence[Arrival | Unreadable], *, first: int) -> list[str]:
        """Take in records of the journal, each as if it came alone and after those before it.

        Args:
            items: in the order of the journal; findings are added to those that share a key with another record.
            first: position of the first of them.

        Returns:
            Their outcomes, in order.

        Raises:
            StoreError: where the store cannot be written; some of them may be there then, each of them whole.
        """
        outcomes: list[str] = []
        for run in runs(items):
            outcomes += self._take(run, position=first + len(outcomes) + len(run) - 1)
        return outcomes

    def _take(self, run: Sequence[Arrival | Unreadable], *, position: int) -> list[str]:
        arrivals = [item for item in run if isinstance(item, Arrival)]
        marks = {mark for arrival in arrivals for mark in arrival.marks}
        lagging = not self._pending.has_any(marks)
        add_collisions(arrivals, self._store, self._knowledge, lagging=lagging)
        change, outcomes = self._changed_by(run, lagging=lagging)
        self._write(change, marks, position_line(self.layout, position))
        self.settle_references(arrivals, outcomes_of=dict(zip(map(id, run), outcomes, strict=True)))
        return outcomes

    def settle_references(self, arrivals: Sequence[Arrival], *, outcomes_of: Mapping[int, str]) -> None:
        """Note references of stored records to what is not there, and take back notes of what came.

        Args:
            arrivals: records; those whose references dangle get their findings.
            outcomes_of: the outcomes by the identity of the records.
        """
        stored = [each for each in arrivals if outcomes_of[id(each)] == "stored"]
        if not stored or not self.references.used:
            return
        by_document = {self.document(each.validated) or "": each.validated for each in stored}
        noted = self.references.note({name: validated.all_references() for name, validated in by_document.items()})
        for name, found in noted.items():
            by_document[name].findings += tuple(found)
        self.references.take_back({node for each in stored for node, _ in each.validated.typed})

    def keep(self, arrivals: Sequence[Arrival]) -> list[str]:
        """Take in records whose keys were looked at; one that brings other content for a stored version gets a finding.

        Returns:
            Their outcomes: stored, unchanged, stale, deleted, checked, quarantined or rejected.

        Raises:
            StoreError: as `take` does.
        """
        outcomes: list[str] = []
        for run in runs(arrivals):
            change, told = self._changed_by(run)
            self._write(change)
            outcomes += told
        return outcomes

    def collisions(self, arrivals: Sequence[Arrival]) -> None:
        """Add a finding to each record that shares a key with another record of the store."""
        add_collisions(arrivals, self._store, self._knowledge)

    def document(self, validated: ValidatedRecord) -> str | None:
        """IRI of the record's document; `None` where it has no subject."""
        return self.layout.document(iri_of(validated.subject)) if validated.subject else None

    def written(self, arrival: Arrival, document: str) -> Written:
        """A record as N-Quads, its findings apart; may be called from any thread."""
        asserted = arrival.validated.asserted.encode()
        graph = asserted.replace(b" .\n", f" <{document}> .\n".encode())
        about = self._about(arrival, document, asserted)
        return Written(knowledge=asserted + arrival.validated.entailed.encode(), record=graph + about)

    def _about(self, arrival: Arrival, document: str, asserted: bytes) -> bytes:
        """N-Quads of provenance about a record that is stored."""
        digest = arrival.digest(self._knowledge.fingerprint)
        writer, seal = self._provenance(arrival), digest_of_lines(asserted)
        kept = arrival.header is None and arrival.source.keep_messages
        message = payload_of(arrival.raw, None) if kept else None
        return writer.lines(document, arrival.validated, arrival.version, digest, seal=seal, message=message).encode()

    def write_ahead(self, arrival: Arrival) -> None:
        """Make a record's text before its turn comes; may be called from any thread."""
        validated = arrival.validated
        document = self.document(validated)
        if (
            document is not None
            and validated.acceptable
            and (validated.envelope is None or validated.envelope.action != "DELETE")
        ):
            arrival.written = self.written(arrival, document)

    def document_states(self, documents: Iterable[str], *, lagging: bool = False) -> Mapping[str, DocumentState]:
        """Look up the state of documents; see `graphmap.provenance.document_state.standings`."""
        return document_states(self._store, self.layout, dict.fromkeys(documents), lagging=lagging)

    def document_state(self, arrival: Arrival, known: DocumentState) -> str | None:
        """`unchanged` or `stale` where the store has the same or a newer state; `None` where the record is news."""
        return known.against(arrival.digest(self._knowledge.fingerprint), arrival.version) if known.provenance else None

    def put_aside(self, arrival: Arrival, *, instead: Iterable[Quad]) -> str:
        """Keep a record that is not stored, with its payload and its findings.

        Args:
            arrival: the record.
            instead: quads that go: those of an earlier judgement of the same record.
        """
        _, text, outcome = self.aside_text(arrival)
        self._store.replace(remove=instead, add=text.encode())
        return outcome

    def aside_text(self, arrival: Arrival) -> tuple[Token, str, str]:
        """The node of a record that is not stored, its N-Quads, and its outcome."""
        record = self._set_aside(arrival)
        return *self.reporting.set_aside(record, arrival.validated.findings, arrival.moment), record.outcome

    def stale_text(self, arrival: Arrival, document: str) -> str:
        """N-Quads of the revision that a stale record leaves; empty where the store has it."""
        digest = arrival.digest(self._knowledge.fingerprint)
        pairs = self._provenance(arrival).pairs(arrival.validated, arrival.version, digest)
        text = self.history.refused(document, "stale", pairs)
        return "" if self.history.is_known(self._store, text) else text

    def withdraw(self, document: str) -> None:
        """Take a document out of the store again, with its provenance."""
        change = self.removal(document)
        remove = (*change.remove, *self.provenance_of(document))
        self._store.replace(remove=remove, drop=change.drop, add=change.add)

    def removal(self, document: str) -> Replacement:
        """Compute the changes that remove a document from the graphs of knowledge."""
        return self._replacement({document: ()})

    def provenance_of(self, document: str) -> tuple[Quad, ...]:
        """All that provenance says of a document's present state."""
        return self.document_states([document])[document].provenance

    def _changed_by(self, run: Sequence[Arrival | Unreadable], *, lagging: bool = False) -> tuple[_Change, list[str]]:
        """Compute the changes by records that share neither subject nor key, and their outcomes."""
        documents = (
            self.document(item.validated) for item in run if isinstance(item, Arrival) and item.validated.acceptable
        )
        known = self.document_states((document for document in documents if document is not None), lagging=lagging)
        change = _Change()
        return change, [self._place(item, known, change) for item in run]

    def _place(self, item: Arrival | Unreadable, known: Mapping[str, DocumentState], change: _Change) -> str:
        """Say what becomes of a record, and add to the change what it writes."""
        if isinstance(item, Unreadable):
            node, text = self.reporting.set_aside(item.record, [item.finding], item.moment)
            change.asides[node] = text
            return item.record.outcome
        validated = item.validated
        if validated.acceptable and validated.envelope is not None and validated.envelope.mode != "LIVE":
            return "checked"
        document = self.document(validated)
        if not validated.acceptable or document is None:
            node, text, outcome = self.aside_text(item)
            change.asides[node] = text
            return outcome
        before = known[document]
        document_state = self.document_state(item, before)
        if document_state is not None:
            if document_state == "stale":
                change.texts.append(self.stale_text(item, document).encode())
            return document_state
        return self._store_in(item, document, before, change)

    def _store_in(self, arrival: Arrival, document: str, before: DocumentState, change: _Change) -> str:
        validated = arrival.validated
        deleted = validated.envelope is not None and validated.envelope.action == "DELETE"
        if is_equal(arrival.version, before.version):
            validated.findings += (_same_version(arrival),)
        findings = self.reporting.findings(validated.findings, document) if validated.findings else ""
        if before.provenance or before.noted or deleted:
            self._replace(arrival, document, before, change, deleted=deleted)
            change.behind.append(findings)  # what said the same of the state before goes first
        else:
            arrival.is_news = True
            change.come(arrival.written or self.written(arrival, document))
            change.texts.append(findings.encode())
        return "deleted" if deleted else "stored"

    def _replace(
        self, arrival: Arrival, document: str, before: DocumentState, change: _Change, *, deleted: bool
    ) -> None:
        validated, writer = arrival.validated, self._provenance(arrival)
        change.records[document] = () if deleted else tuple(Graph.of_lines(validated.asserted).triples())
        digest = arrival.digest(self._knowledge.fingerprint)
        if deleted:
            about = writer.tombstone(document, validated, arrival.version, digest)
        else:
            about = self._about(arrival, document, validated.asserted.encode()).decode()
        settled = self.reporting.about(document, self._store, version=arrival.version) if before.noted else []
        change.remove += (*before.provenance, *settled)
        old = self._store.graph(f"<{document}>") if before.provenance else ()
        changes = changes_of(old, change.records[document], self.layout.entity(document))
        past = self.history.past(document, before.provenance, changes)
        change.behind += (about, past, *self._refused(document, settled))

    def _write(self, change: _Change, marks: AbstractSet[object] = frozenset(), mark: bytes = b"") -> None:
        """Write what changes.

        Args:
            change: what records do.
            marks: of the records.
            mark: says how far the journal is taken in, where they are in it. It goes with what comes last; without it
                they are taken in again after a kill, which does no harm.
        """
        marks = marks | change.asides.keys()
        lagging = not self._pending.has_any(change.asides.keys())
        earlier = self.reporting.earlier(change.asides, self._store, lagging=lagging)
        if earlier:
            change.remove += earlier
            change.behind += change.asides.values()
        else:
            change.texts += (text.encode() for text in change.asides.values())
        lines = self._known_lines.news(filter(None, change.knowledge))
        additions = change.additions(lines)
        replaces = bool(change.records or change.remove)
        if additions:
            if mark and not replaces:
                self._pending.add(self._store.add_later(additions + mark), marks)
            else:
                self._store.load(additions)
            self._known_lines.added(lines)
        if not replaces:
            return
        replaced = self._replacement(change.records)  # asks the store, which has the new records by now
        behind = "".join(change.behind).encode()
        remove = (*replaced.remove, *change.remove)
        self._store.replace(remove=remove, drop=replaced.drop, add=replaced.add + behind + mark)

    def _provenance(self, arrival: Arrival) -> Provenance:
        return Provenance(source=arrival.source.name, moment=arrival.moment, graph=self.layout.provenance)

    def _replacement(self, records: Mapping[str, Iterable[Triple]]) -> Replacement:
        saturation = self._knowledge.saturation
        return replacement(
            store=self._store,
            layout=self.layout,
            records=records,
            entail=saturation.entailed,
            premises=saturation.premises,
        )

    def _set_aside(self, arrival: Arrival) -> RejectedRecord:
        validated = arrival.validated
        rejected = validated.refusal is not None
        is_record = arrival.header is not None or isinstance(arrival.raw, dict)
        return RejectedRecord(
            outcome="rejected" if rejected else "quarantined",
            source=arrival.name,
            row=validated.row,
            payload=payload_of(arrival.raw, arrival.header),
            is_json=True,
            document=self.document(validated),
            kind=arrival.source.name,
            version=None if rejected else arrival.version,
            digest=arrival.digest(self._knowledge.fingerprint) if is_record else None,
        )

    def _refused(self, document: str, settled: Iterable[Quad]) -> Iterator[str]:
        """Revisions for the quarantined states that a record replaces."""
        nodes: dict[Token, list[tuple[Token, Token]]] = {}
        for quad in settled:
            nodes.setdefault(quad.subject, []).append((quad.predicate, quad.object))
        for pairs in nodes.values():
            if (RDF_TYPE, SET_ASIDE) in pairs:
                yield self.history.refused(document, "quarantined", pairs)


def _same_version(arrival: Arrival) -> Finding:
    version = "" if arrival.version is None else plain(arrival.version)
    return Finding(
        focus_node=arrival.validated.subject,
        received=version,
        rule=_SAME_VERSION_RULE,
        severity="Warning",
        message=f"Version {version} was stored before with another content; what came last stands",
        source=arrival.name,
        row=arrival.validated.row,
        pointer="/data/@version" if arrival.header is None else f"/{arrival.source.version}",
    )
