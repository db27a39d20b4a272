"""Files into the store: lifted, judged and loaded as one pipeline.

A load works on a copy of the store, made of hard links, that takes the store's place at the end: readers see all of it
or none, and a load that was killed leaves nothing behind.

Records that the store does not know yet go through bulk loads; those that it knows, and those that come twice in
the input, are written one by one afterwards, in the order of the input. Keys that several records of the input share
are known at its end: then all of them are withdrawn and set aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice

from graphmap.errors import RecordError
from graphmap.ingest.check import InputCheck, Progress, ValidatedRecord, types_in, validated_records
from graphmap.ingest.detect_input import Input, open_input
from graphmap.ingest.publish_schema import publish_schema
from graphmap.ingest.spool_input import spooled_input
from graphmap.ingest.workspace_model import Knowledge
from graphmap.ingest.write import Arrival, BulkLoad, QuarantineBatch, RecordWriter
from graphmap.provenance import SPECIALIZATION, DocumentState, RejectedRecord, payload_of
from graphmap.rdf import Token, iri_of
from graphmap.records import Raw, Refusal
from graphmap.store import Store
from graphmap.validation.report import Finding, Report

__all__ = ["OUTCOMES", "LoadOptions", "LoadResult", "load_files"]

_BATCH = 500
_MOST_DEFERRED = 5_000
"""Records that wait for the end of a bulk load; with more of them it ends, so that memory does not grow."""
_STAGE = 50_000
"""Records of one part where a load commits in parts."""
OUTCOMES = ("stored", "unchanged", "stale", "deleted", "checked", "quarantined", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """Result of a load: number of records by outcome, the report, and errors of unreadable records."""

    outcomes: Counter[str]
    report: Report
    refused: tuple[RecordError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """Callbacks during a load.

    Args:
        progress: told the number of records now and then.
        pause: called between the parts of a load in stages, so that others may write to the store.
    """

    progress: Progress | None = None
    pause: Callable[[], None] | None = None


def load_files(
    names: Iterable[str] | Mapping[str, str],
    knowledge: Knowledge,
    store: Store,
    *,
    moment: Token,
    source: str | None = None,
    record_graphs: bool = True,
    in_stages: bool = False,
    meanwhile: LoadOptions | None = None,
) -> LoadResult:
    """Load files; where this fails, nothing is loaded.

    Args:
        names: paths, or `-`; or each name with the path that it stands for.
        knowledge: mappings, shapes, ontology.
        store: opened for writing.
        moment: token of the time that provenance gives.
        source: name of a source that overrides the choice by content.
        record_graphs: whether each record gets a graph and provenance of its own; without, the default graph alone is
            written, and records can be neither replaced nor attributed.
        in_stages: whether records are committed in parts, each of whole records, and stay where the load fails;
            the same load begun again passes over those that the store has.
        meanwhile: what is done in the course of it.

    Raises:
        SourceError: where a file cannot be read to its end.
        StoreError: where the store cannot be written.
    """
    with spooled_input(names) as files, nullcontext(store) if in_stages else store.staged() as target:
        publish_schema(target, knowledge)
        target.flush()  # later it would have to wait until what was bulk-loaded is merged
        watch = meanwhile or LoadOptions()
        options = {"record_graphs": record_graphs, "in_stages": in_stages}
        loader = _Loader(knowledge, target, moment, **options, progress=watch.progress)
        for name, path in files.items():
            for _ in loader.load(name, path, source):
                if in_stages and watch.pause is not None:
                    watch.pause()
                    loader.look_again()
        loaded = loader.finish()
        target.flush()
    return loaded


class _Loader:
    def __init__(
        self,
        knowledge: Knowledge,
        store: Store,
        moment: Token,
        *,
        record_graphs: bool,
        in_stages: bool,
        progress: Progress | None,
    ) -> None:
        self._knowledge = knowledge
        self._store = store
        self._moment = moment
        self._record_writer = RecordWriter(store, knowledge)
        self._record_graphs = record_graphs
        self._in_stages = in_stages
        self._progress = progress
        self._gathering = InputCheck(knowledge.engine, stores=True)
        self._outcomes: Counter[str] = Counter()
        self._known = _holds_records(store, knowledge)
        self._noted = self._record_writer.reporting.documents(store)
        self._seen: set[int] = set()
        self._fates: dict[tuple[str, int], str] = {}
        self._paths: dict[str, str] = {}
        self._sources: dict[str, str | None] = {}
        self._deferred: list[Arrival] = []
        self._later: set[str] = set()
        self._quarantine = QuarantineBatch(store, self._record_writer.reporting)

    def look_again(self) -> None:
        """Take note of what others may have written."""
        self._noted |= self._record_writer.reporting.documents(self._store)

    def load(self, name: str, path: str, source: str | None) -> Iterator[None]:
        """Load one file; stops between its parts."""
        self._paths[name] = path
        self._sources[name] = source
        opened = open_input(path, self._knowledge, refuse=self._refuse, source=source, label=name)
        validated = validated_records(opened, self._knowledge, self._gathering, infer=True)
        more = True
        while more:
            with BulkLoad(self._store) as bulk:
                more = self._pour(opened, validated, bulk)
            self._write_deferred()
            yield

    def _pour(self, opened: Input, records: Iterator[tuple[Raw, ValidatedRecord]], bulk: BulkLoad) -> bool:
        """Send records into one bulk load; says whether there may be more."""
        name, header, end = opened.records.name, opened.records.header, False
        batches = _STAGE // _BATCH if self._in_stages else None
        while not end and batches != 0 and len(self._deferred) < _MOST_DEFERRED:
            batch: list[Arrival] = []
            for raw, validated in islice(records, _BATCH):
                self._gathering.add(validated, name)
                arrival = Arrival(
                    validated=validated, raw=raw, header=header, source=opened.source, name=name, moment=self._moment
                )
                batch.append(arrival)
            end = len(batch) < _BATCH
            self._take(batch, bulk)
            batches = None if batches is None else batches - 1
        return not end

    def _take(self, batch: list[Arrival], bulk: BulkLoad) -> None:
        known: Mapping[str, DocumentState] = {}
        if self._known:
            with self._noticing(batch):
                self._record_writer.collisions(batch)
            known = self._record_writer.document_states(
                filter(None, (self._record_writer.document(each.validated) for each in batch))
            )
        for arrival in batch:
            outcome = self._pass_on(arrival, known, bulk)
            if outcome is not None:
                self._count(arrival, outcome)
        self._quarantine.send(bulk)
        if self._progress is not None:
            self._progress(self._gathering.records)

    @contextmanager
    def _noticing(self, arrivals: list[Arrival]) -> Iterator[None]:
        """Report the findings that the block adds."""
        before = [len(arrival.validated.findings) for arrival in arrivals]
        yield
        for arrival, count in zip(arrivals, before, strict=True):
            self._gathering.findings.extend(arrival.validated.findings[count:])

    def _count(self, arrival: Arrival, outcome: str) -> None:
        self._outcomes[outcome] += 1
        if outcome != "stored":
            self._fates[arrival.name, arrival.validated.row] = outcome

    def _pass_on(self, arrival: Arrival, known: Mapping[str, DocumentState], bulk: BulkLoad) -> str | None:
        """Send a record to the bulk load, or say what became of it; `None` where it has to wait."""
        validated = arrival.validated
        document = self._record_writer.document(validated)
        if document is not None and document in self._later:
            self._wait(arrival, document)  # behind those of its document that do
            return None
        if not validated.acceptable or document is None:
            node, text, outcome = self._record_writer.aside_text(arrival)
            self._quarantine.put(node, text)
            self._noted.add(document or "")
            return outcome
        if not self._record_graphs:
            bulk.add(common=(validated.asserted + validated.entailed).encode())
            return "stored"
        envelope = validated.envelope
        if envelope is not None and envelope.mode != "LIVE":
            return "checked"
        deletes = envelope is not None and envelope.action == "DELETE"
        news = hash(document) not in self._seen and document not in self._noted and not deletes
        if news and self._known:
            document_state = self._record_writer.document_state(arrival, known[document])
            if document_state is not None:
                bulk.add(
                    self._record_writer.stale_text(arrival, document).encode() if document_state == "stale" else b""
                )
                return document_state
            news = not known[document].provenance
        if not news:
            self._wait(arrival, document)
            return None
        self._seen.add(hash(document))
        self._send(arrival, document, bulk)
        return "stored"

    def _send(self, arrival: Arrival, document: str, bulk: BulkLoad) -> None:
        written, findings = self._record_writer.written(arrival, document), arrival.validated.findings
        noted = self._record_writer.reporting.findings(findings, document) if findings else ""
        bulk.add(written.record, noted.encode(), common=written.knowledge)

    def _wait(self, arrival: Arrival, document: str) -> None:
        self._deferred.append(arrival)
        self._later.add(document)

    def _write_deferred(self) -> None:
        self._quarantine.settle()
        with self._noticing(self._deferred):
            for arrival, outcome in zip(self._deferred, self._record_writer.keep(self._deferred), strict=True):
                self._count(arrival, outcome)
        self._known = True
        self._deferred.clear()
        self._later.clear()

    def _refuse(self, refusal: Refusal) -> None:
        where = refusal.error.where
        self._gathering.refuse(refusal)
        record = RejectedRecord(
            outcome="rejected",
            source=where.source or "",
            row=where.row,
            payload=refusal.payload,
            is_json=False,
            document=None,
        )
        latest = [self._gathering.findings.latest]
        self._quarantine.put(*self._record_writer.reporting.set_aside(record, latest, self._moment))
        self._outcomes["rejected"] += 1

    def finish(self) -> LoadResult:
        """Withdraw what collides, and make the report."""
        collisions = self._gathering.collisions()
        self._set_aside_colliding([each for each in collisions if each.severity == "Violation"])
        noted = [each for each in collisions if each.severity != "Violation"]
        text = "".join(self._record_writer.reporting.findings([each], self._document_of(each)) for each in noted)
        if text:
            self._store.load(text.encode())
        self._settle_references()
        refused = tuple(refusal.error for refusal in self._gathering.refused)
        report = self._gathering.report()
        self._store.bulk_load(self._record_writer.reporting.quality(report.measurements, self._moment).encode())
        return LoadResult(outcomes=self._outcomes, report=report, refused=refused)

    def _settle_references(self) -> None:
        """Report what records refer to in vain, note it of those that are stored, and take back what came."""
        kept: dict[str, list[Finding]] = {}
        others: list[Finding] = []
        for each in self._gathering.references(types_in(self._store)):
            document = self._document_of(each)
            stored = self._fates.get((each.source or "", each.row or 0)) is None and self._record_graphs
            if stored and document is not None:
                kept.setdefault(document, []).append(each)
            else:
                others.append(each)
        for found in self._record_writer.references.note(kept).values():
            self._gathering.note(found)
        self._gathering.note(others)
        self._record_writer.references.take_back()

    def _document_of(self, finding: Finding) -> str | None:
        return self._record_writer.layout.document(iri_of(finding.focus_node)) if finding.focus_node else None

    def _set_aside_colliding(self, collisions: list[Finding]) -> None:
        by_row: dict[tuple[str, int], list[Finding]] = {}
        for finding in collisions:
            by_row.setdefault((finding.source or "", finding.row or 0), []).append(finding)
        for name in dict.fromkeys(name for name, _ in by_row):
            wanted = {row: found for (where, row), found in by_row.items() if where == name}
            for row, raw, opened in self._again(name, wanted):
                self._set_aside(name, row, raw, opened, wanted[row])

    def _again(self, name: str, rows: Iterable[int]) -> Iterator[tuple[int, Raw, Input]]:
        """Read some records of an input a second time."""
        waiting = set(rows)
        opened = open_input(
            self._paths[name], self._knowledge, refuse=lambda _: None, source=self._sources[name], label=name
        )
        for row, raw in opened.records:
            if row in waiting:
                yield row, list(raw) if isinstance(raw, list) else raw, opened
                waiting.discard(row)
                if not waiting:
                    return

    def _set_aside(self, name: str, row: int, raw: Raw, opened: Input, findings: list[Finding]) -> None:
        document = self._document_of(findings[0])
        record = RejectedRecord(
            outcome="quarantined",
            source=name,
            row=row,
            payload=payload_of(raw, opened.records.header),
            is_json=True,
            document=document,
            kind=opened.source.name,
        )
        if document is not None and self._record_graphs:
            self._record_writer.withdraw(document)
        reporting = self._record_writer.reporting
        node, text = reporting.set_aside(record, findings, self._moment)
        self._store.replace(remove=reporting.earlier([node], self._store), add=text.encode())
        before = self._fates.get((name, row), "stored")
        self._outcomes[before] -= 1
        self._outcomes["quarantined"] += 1


def _holds_records(store: Store, knowledge: Knowledge) -> bool:
    graph = knowledge.workspace.layout.provenance
    return bool(store.select(f"SELECT ?x {{ GRAPH {graph} {{ ?x {SPECIALIZATION} ?y }} }} LIMIT 1"))
