"""One record into the store, in one transaction: stored, unchanged, stale or deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from graphmap.ingest.documents import Provenance, content_hash, is_equal, is_older, version_of
from graphmap.ingest.history import CONTENT_HASH, VERSION, History
from graphmap.ingest.judge import Judged, KeyValue
from graphmap.ingest.knowledge import Knowledge
from graphmap.ingest.positions import position_line
from graphmap.ingest.reporting import SET_ASIDE, Reporting, SetAside, payload_of
from graphmap.records import Raw
from graphmap.store import Layout, Quad, Replacement, Store, replacement
from graphmap.terms import RDF_TYPE, Token, iri_of
from graphmap.validation.findings import Finding, plain
from graphmap.validation.graph import Graph
from graphmap.validation.key_query import key_query
from graphmap.workspace import SourceSettings

__all__ = ["Arrival", "Keeper"]

_BULK = 1 << 20
"""Bytes from which on a bulk load is faster than a transaction."""
_SAME_VERSION_RULE = "graphmap.Document.version.repeated"


@dataclass(slots=True, kw_only=True)
class Arrival:
    """A judged record with what the store has to know of it.

    Args:
        judged: what it says, and how it fits.
        raw: as it was read.
        header: columns of a table; `None` for a document.
        source: settings of its source.
        name: the input, for people.
    """

    judged: Judged
    raw: Raw
    header: tuple[str, ...] | None
    source: SourceSettings
    name: str
    _digest: Token | None = None

    def digest(self, fingerprint: bytes) -> Token:
        """The hash of its content; worked out once."""
        if self._digest is None:
            self._digest = content_hash(self.raw, fingerprint)
        return self._digest

    @property
    def version(self) -> Token | None:
        """Which state of the record it is."""
        return version_of(self.source, self.header, self.raw, self.judged.envelope)


class Keeper:
    """Puts records into a store, one at a time.

    Args:
        store: opened for writing.
        knowledge: mappings, shapes and ontology.
        moment: token of the time that provenance gives.
    """

    def __init__(self, store: Store, knowledge: Knowledge, moment: Token) -> None:
        self.layout: Layout = knowledge.workspace.layout
        self.reporting = Reporting(layout=self.layout)
        self.history = History(layout=self.layout)
        self.moment = moment
        self._store = store
        self._knowledge = knowledge
        self._reached = b""
        self._together = False
        self._waiting: list[bytes] = []
        self._touched: set[Token] = set()

    def at(self, position: int, moment: Token) -> None:
        """Say which journal entry comes next: the record's transaction notes its position."""
        self._reached = position_line(self.layout, position)
        self.moment = moment

    def document(self, judged: Judged) -> str | None:
        """IRI of the record's document; `None` where it has no subject."""
        return self.layout.document(iri_of(judged.subject)) if judged.subject else None

    def provenance(self, source: SourceSettings) -> Provenance:
        """How provenance is written for one source."""
        return Provenance(source=source.name, moment=self.moment, graph=self.layout.provenance)

    def standing(self, arrival: Arrival, document: str) -> str | None:
        """`unchanged` or `stale` where the store has the same or a newer state; `None` where the record is news."""
        graph, node = self.layout.provenance, f"<{document}>"
        if arrival.digest(self._knowledge.fingerprint) in self._store.objects(node, CONTENT_HASH, graph):
            return "unchanged"
        return "stale" if is_older(arrival.version, self._version(document)) else None

    def keep(self, arrival: Arrival) -> str:
        """Take in one record; a finding is added where another content has the version that is stored.

        Returns:
            Its outcome: stored, unchanged, stale, deleted, checked, quarantined or rejected.

        Raises:
            StoreError: where the store cannot be written; nothing is changed then.
        """
        judged = arrival.judged
        document = self.document(judged)
        if judged.acceptable and judged.envelope is not None and judged.envelope.mode != "LIVE":
            return "checked"
        if not judged.acceptable or document is None:
            return self.put_aside(arrival)
        standing = self.standing(arrival, document)
        if standing is not None:
            if standing == "stale":
                self._write_text(self.stale_text(arrival, document))
            return standing
        if is_equal(arrival.version, self._version(document)):
            judged.findings += (_same_version(arrival),)
        deleted = judged.envelope is not None and judged.envelope.action == "DELETE"
        self._write(arrival, document, deleted=deleted)
        return "deleted" if deleted else "stored"

    def put_aside(self, arrival: Arrival, *, instead: Iterable[Quad] = ()) -> str:
        """Keep a record that is not stored, with its payload and its findings.

        Args:
            arrival: the record.
            instead: quads that go, such as those of an earlier judgement of the same record.
        """
        text, outcome = self.aside_text(arrival)
        self._commit(remove=instead, add=text)
        return outcome

    def set_text_aside(self, record: SetAside, findings: Iterable[Finding]) -> None:
        """Keep a text that is no record."""
        self._commit(add=self.reporting.set_aside(record, findings, self.moment))

    def aside_text(self, arrival: Arrival) -> tuple[str, str]:
        """N-Quads of a record that is not stored, and its outcome."""
        record = self.set_aside(arrival)
        return self.reporting.set_aside(record, arrival.judged.findings, self.moment), record.outcome

    def set_aside(self, arrival: Arrival) -> SetAside:
        """A record that is not stored, as it is kept."""
        judged = arrival.judged
        rejected = judged.refusal is not None
        return SetAside(
            outcome="rejected" if rejected else "quarantined",
            source=arrival.name,
            row=judged.row,
            payload=payload_of(arrival.raw, arrival.header),
            is_json=True,
            document=self.document(judged),
            kind=arrival.source.name,
            version=None if rejected else arrival.version,
            digest=arrival.digest(self._knowledge.fingerprint) if isinstance(arrival.raw, dict | list) else None,
        )

    def stale_text(self, arrival: Arrival, document: str) -> str:
        """N-Quads of the revision that a stale record leaves; empty where the store has it."""
        digest = arrival.digest(self._knowledge.fingerprint)
        pairs = self.provenance(arrival.source).pairs(arrival.judged, arrival.version, digest)
        text = self.history.refused(document, "stale", pairs)
        return "" if self.history.is_known(self._store, text) else text

    def _version(self, document: str) -> Token | None:
        return next(iter(self._store.objects(f"<{document}>", VERSION, self.layout.provenance)), None)

    def collisions(self, arrivals: Sequence[Arrival]) -> None:
        """Add a finding to each record that shares a key with another record of the store."""
        for arrival in arrivals:
            self._meet(arrival)
        waiting = [(arrival, key) for arrival in arrivals for key in arrival.judged.keys if key.constraint.predicate]
        for constraint in {id(key.constraint): key.constraint for _, key in waiting}.values():
            mine = [(arrival, key) for arrival, key in waiting if key.constraint is constraint]
            query = key_query(constraint, dict.fromkeys(key.value for _, key in mine), self._knowledge.engine.shapes)
            taken: dict[Token, set[Token]] = {}
            for value, node in self._store.select(query.text):
                if value and node and (query.exact or self._counts(constraint.condition, node)):
                    taken.setdefault(value, set()).add(node)
            for arrival, key in mine:
                others = sorted(taken.get(key.value, set()) - {key.focus})
                if others:
                    arrival.judged.findings += (_collision(arrival, key, others),)

    def _counts(self, condition: Token | None, node: Token) -> bool:
        if condition is None:
            return True
        rows = self._store.select(f"SELECT ?p ?o WHERE {{ {node} ?p ?o }}")
        graph = Graph((node, p, o) for p, o in rows if p and o)
        return self._knowledge.engine.conforms(condition, graph, node)

    def withdraw(self, document: str) -> None:
        """Take a document out of the store again, with its provenance."""
        change = self._change(document, ())
        self._commit(remove=(*change.remove, *self.provenance_of(document)), drop=change.drop, add=change.add)

    def removal(self, document: str) -> Replacement:
        """What has to change for a document to be gone from the graphs of knowledge."""
        return self._change(document, ())

    def discard(self, quads: Iterable[Quad]) -> None:
        """Take quads out of the store."""
        self._commit(remove=quads)

    def _write(self, arrival: Arrival, document: str, *, deleted: bool) -> None:
        judged, writer = arrival.judged, self.provenance(arrival.source)
        before = self.provenance_of(document)
        if before:
            self._flush()  # what leaves the default graph depends on what all other records support
        new = () if deleted else Graph.of_lines(judged.asserted).triples()
        change = self._change(document, new)
        digest = arrival.digest(self._knowledge.fingerprint)
        about = (writer.tombstone if deleted else writer.lines)(document, judged, arrival.version, digest)
        settled = self.reporting.about(document, self._store, version=arrival.version)
        past = self.history.past(document, before) + "".join(self._refused(document, settled))
        text = about + past + self.reporting.findings(judged.findings, document)
        self._commit(remove=(*change.remove, *before, *settled), drop=change.drop, add=change.add + text.encode())

    def _refused(self, document: str, settled: Iterable[Quad]) -> Iterator[str]:
        """What history keeps of set-aside states that this one clears."""
        nodes: dict[Token, list[tuple[Token, Token]]] = {}
        for quad in settled:
            nodes.setdefault(quad.subject, []).append((quad.predicate, quad.object))
        for pairs in nodes.values():
            if (RDF_TYPE, SET_ASIDE) in pairs:
                yield self.history.refused(document, "quarantined", pairs)

    def _write_text(self, text: str) -> None:
        if text:
            self._commit(add=text)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what only adds in one go at the end of the block; each record still counts as a whole.

        Raises:
            StoreError: on leaving, where the store cannot be written; what had to wait is not there then.
        """
        self._together = True
        try:
            yield
            self._flush()
        finally:
            self._together = False
            self._waiting.clear()
            self._touched.clear()

    def _meet(self, arrival: Arrival) -> None:
        """Write what waits where a record has to see it: it is of the same document, or shares a key."""
        judged = arrival.judged
        marks = {judged.subject, *(f"{id(key.constraint)} {key.value}" for key in judged.keys)}
        if self._touched & marks:
            self._flush()
        if self._together:
            self._touched |= marks

    def _flush(self) -> None:
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._touched.clear()
        if len(data) > _BULK:
            self._store.bulk_load(data)
        elif data:
            self._store.load(data)

    def _commit(self, *, remove: Iterable[Quad] = (), drop: Iterable[Token] = (), add: str | bytes = b"") -> None:
        """One transaction, which notes the position in the journal too."""
        data = (add.encode() if isinstance(add, str) else add) + self._reached
        removed, dropped = tuple(remove), tuple(drop)
        if removed or dropped:
            self._flush()
            self._store.replace(remove=removed, drop=dropped, add=data)
            return
        self._waiting.append(data)
        if not self._together:
            self._flush()

    def _change(self, document: str, new: Iterable[tuple[Token, Token, Token]]) -> Replacement:
        saturation = self._knowledge.saturation
        return replacement(
            store=self._store,
            layout=self.layout,
            document=document,
            new=new,
            entail=saturation.entailed,
            premises=saturation.premises,
        )

    def provenance_of(self, document: str) -> list[Quad]:
        """All that provenance says of a document's present state."""
        graph = self.layout.provenance
        rows = self._store.select(f"SELECT ?p ?o WHERE {{ GRAPH {graph} {{ <{document}> ?p ?o }} }}")
        return [Quad(f"<{document}>", p, o, graph) for p, o in rows if p and o]


def _collision(arrival: Arrival, key: KeyValue, others: list[Token]) -> Finding:
    constraint = key.constraint
    named = ", ".join(iri_of(other) for other in others[:3]) + (
        f" and {len(others) - 3} more" if len(others) > 3 else ""
    )
    return Finding(
        focus_node=key.focus,
        result_path=constraint.path,
        received=plain(key.value),
        source_shape=constraint.shape,
        rule=constraint.rule,
        component=constraint.component,
        severity=constraint.severity,
        message=f"{constraint.message}; already in the store: {named}",
        source=arrival.name,
        row=arrival.judged.row,
        pointer=key.pointer,
    )


def _same_version(arrival: Arrival) -> Finding:
    version = "" if arrival.version is None else plain(arrival.version)
    return Finding(
        focus_node=arrival.judged.subject,
        received=version,
        rule=_SAME_VERSION_RULE,
        severity="Warning",
        message=f"Version {version} was stored before with another content; what came last stands",
        source=arrival.name,
        row=arrival.judged.row,
        pointer="/data/@version" if arrival.header is None else f"/{arrival.source.version}",
    )
