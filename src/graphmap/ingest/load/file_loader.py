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
from graphmap.ingest.check import Gathering, Judged, Progress, dangling, judged_records, types_in
from graphmap.ingest.detect_input import Input, open_input
from graphmap.ingest.publish_schema import publish_schema
from graphmap.ingest.spool_input import kept_input
from graphmap.ingest.workspace_model import Knowledge
from graphmap.ingest.write import Arrival, Asides, BulkLoad, Keeper
from graphmap.provenance import SPECIALIZATION, SetAside, Standing, payload_of
from graphmap.rdf import Token, iri_of
from graphmap.records import Raw, Refusal
from graphmap.store import Store
from graphmap.validation.report import Finding, Report

__all__ = ["OUTCOMES", "Loaded", "Meanwhile", "load_files"]

_BATCH = 500
_MOST_DEFERRED = 5_000
"""Records that wait for the end of a bulk load; with more of them it ends, so that memory does not grow."""
_STAGE = 50_000
"""Records of one part where a load commits in parts."""
OUTCOMES = ("stored", "unchanged", "stale", "deleted", "checked", "quarantined", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of a load: how many records had which outcome, the report, and why records could not be read."""

    outcomes: Counter[str]
    report: Report
    refused: tuple[RecordError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """What is done in the course of a load.

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
    meanwhile: Meanwhile | None = None,
) -> Loaded:
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
    with kept_input(names) as files, nullcontext(store) if in_stages else store.staged() as target:
        publish_schema(target, knowledge)
        target.flush()  # later it would have to wait until what was bulk-loaded is merged
        watch = meanwhile or Meanwhile()
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
        self._keeper = Keeper(store, knowledge)
        self._record_graphs = record_graphs
        self._in_stages = in_stages
        self._progress = progress
        self._gathering = Gathering(knowledge.engine)
        self._outcomes: Counter[str] = Counter()
        self._known = _holds_records(store, knowledge)
        self._noted = self._keeper.reporting.documents(store)
        self._seen: set[int] = set()
        self._fates: dict[tuple[str, int], str] = {}
        self._paths: dict[str, str] = {}
        self._sources: dict[str, str | None] = {}
        self._deferred: list[Arrival] = []
        self._later: set[str] = set()
        self._asides = Asides(store, self._keeper.reporting)

    def look_again(self) -> None:
        """Take note of what others may have written."""
        self._noted |= self._keeper.reporting.documents(self._store)

    def load(self, name: str, path: str, source: str | None) -> Iterator[None]:
        """Load one file; stops between its parts."""
        self._paths[name] = path
        self._sources[name] = source
        opened = open_input(path, self._knowledge, refuse=self._refuse, source=source, label=name)
        judged = judged_records(opened, self._knowledge, self._gathering, infer=True)
        more = True
        while more:
            with BulkLoad(self._store) as bulk:
                more = self._pour(opened, judged, bulk)
            self._write_deferred()
            yield

    def _pour(self, opened: Input, records: Iterator[tuple[Raw, Judged]], bulk: BulkLoad) -> bool:
        """Send records into one bulk load; says whether there may be more."""
        name, header, end = opened.records.name, opened.records.header, False
        batches = _STAGE // _BATCH if self._in_stages else None
        while not end and batches != 0 and len(self._deferred) < _MOST_DEFERRED:
            batch: list[Arrival] = []
            for raw, judged in islice(records, _BATCH):
                self._gathering.add(judged, name)
                arrival = Arrival(
                    judged=judged, raw=raw, header=header, source=opened.source, name=name, moment=self._moment
                )
                batch.append(arrival)
            end = len(batch) < _BATCH
            self._take(batch, bulk)
            batches = None if batches is None else batches - 1
        return not end

    def _take(self, batch: list[Arrival], bulk: BulkLoad) -> None:
        known: Mapping[str, Standing] = {}
        if self._known:
            with self._noticing(batch):
                self._keeper.collisions(batch)
            known = self._keeper.standings(filter(None, (self._keeper.document(each.judged) for each in batch)))
        for arrival in batch:
            outcome = self._pass_on(arrival, known, bulk)
            if outcome is not None:
                self._count(arrival, outcome)
        self._asides.send(bulk)
        if self._progress is not None:
            self._progress(self._gathering.records)

    @contextmanager
    def _noticing(self, arrivals: list[Arrival]) -> Iterator[None]:
        """Report the findings that the block adds."""
        before = [len(arrival.judged.findings) for arrival in arrivals]
        yield
        for arrival, count in zip(arrivals, before, strict=True):
            self._gathering.findings.extend(arrival.judged.findings[count:])

    def _count(self, arrival: Arrival, outcome: str) -> None:
        self._outcomes[outcome] += 1
        if outcome != "stored":
            self._fates[arrival.name, arrival.judged.row] = outcome

    def _pass_on(self, arrival: Arrival, known: Mapping[str, Standing], bulk: BulkLoad) -> str | None:
        """Send a record to the bulk load, or say what became of it; `None` where it has to wait."""
        judged = arrival.judged
        document = self._keeper.document(judged)
        if document is not None and document in self._later:
            self._wait(arrival, document)  # behind those of its document that do
            return None
        if not judged.acceptable or document is None:
            node, text, outcome = self._keeper.aside_text(arrival)
            self._asides.put(node, text)
            self._noted.add(document or "")
            return outcome
        if not self._record_graphs:
            bulk.add(common=(judged.asserted + judged.entailed).encode())
            return "stored"
        envelope = judged.envelope
        if envelope is not None and envelope.mode != "LIVE":
            return "checked"
        deletes = envelope is not None and envelope.action == "DELETE"
        news = hash(document) not in self._seen and document not in self._noted and not deletes
        if news and self._known:
            standing = self._keeper.standing(arrival, known[document])
            if standing is not None:
                bulk.add(self._keeper.stale_text(arrival, document).encode() if standing == "stale" else b"")
                return standing
            news = not known[document].provenance
        if not news:
            self._wait(arrival, document)
            return None
        self._seen.add(hash(document))
        self._send(arrival, document, bulk)
        return "stored"

    def _send(self, arrival: Arrival, document: str, bulk: BulkLoad) -> None:
        written, findings = self._keeper.written(arrival, document), arrival.judged.findings
        noted = self._keeper.reporting.findings(findings, document) if findings else ""
        bulk.add(written.record, noted.encode(), common=written.knowledge)

    def _wait(self, arrival: Arrival, document: str) -> None:
        self._deferred.append(arrival)
        self._later.add(document)

    def _write_deferred(self) -> None:
        self._asides.settle()
        with self._noticing(self._deferred):
            for arrival, outcome in zip(self._deferred, self._keeper.keep(self._deferred), strict=True):
                self._count(arrival, outcome)
        self._known = True
        self._deferred.clear()
        self._later.clear()

    def _refuse(self, refusal: Refusal) -> None:
        where = refusal.error.where
        self._gathering.refuse(refusal)
        record = SetAside(
            outcome="rejected",
            source=where.source or "",
            row=where.row,
            payload=refusal.payload,
            is_json=False,
            document=None,
        )
        latest = [self._gathering.findings.latest]
        self._asides.put(*self._keeper.reporting.set_aside(record, latest, self._moment))
        self._outcomes["rejected"] += 1

    def finish(self) -> Loaded:
        """Withdraw what collides, and make the report."""
        collisions = self._gathering.collisions()
        self._set_aside_colliding([each for each in collisions if each.severity == "Violation"])
        noted = [each for each in collisions if each.severity != "Violation"]
        text = "".join(self._keeper.reporting.findings([each], self._document_of(each)) for each in noted)
        if text:
            self._store.load(text.encode())
        self._settle_references()
        refused = tuple(refusal.error for refusal in self._gathering.refused)
        report = self._gathering.report()
        self._store.bulk_load(self._keeper.reporting.quality(report.measurements, self._moment).encode())
        return Loaded(outcomes=self._outcomes, report=report, refused=refused)

    def _settle_references(self) -> None:
        """Report what records refer to in vain, note it of those that are stored, and take back what came."""
        kept: dict[str, list[Finding]] = {}
        others: list[Finding] = []
        for each in self._gathering.references():
            document = self._document_of(each)
            stored = self._fates.get((each.source or "", each.row or 0)) is None and self._record_graphs
            if stored and document is not None:
                kept.setdefault(document, []).append(each)
            else:
                others.append(each)
        for found in self._keeper.references.note(kept).values():
            self._gathering.note(found)
        self._gathering.note(list(dangling(others, self._knowledge.engine, types_in(self._store))))
        self._keeper.references.take_back()

    def _document_of(self, finding: Finding) -> str | None:
        return self._keeper.layout.document(iri_of(finding.focus_node)) if finding.focus_node else None

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
        record = SetAside(
            outcome="quarantined",
            source=name,
            row=row,
            payload=payload_of(raw, opened.records.header),
            is_json=True,
            document=document,
            kind=opened.source.name,
        )
        if document is not None and self._record_graphs:
            self._keeper.withdraw(document)
        reporting = self._keeper.reporting
        node, text = reporting.set_aside(record, findings, self._moment)
        self._store.replace(remove=reporting.earlier([node], self._store), add=text.encode())
        before = self._fates.get((name, row), "stored")
        self._outcomes[before] -= 1
        self._outcomes["quarantined"] += 1


def _holds_records(store: Store, knowledge: Knowledge) -> bool:
    graph = knowledge.workspace.layout.provenance
    return bool(store.select(f"SELECT ?x {{ GRAPH {graph} {{ ?x {SPECIALIZATION} ?y }} }} LIMIT 1"))
