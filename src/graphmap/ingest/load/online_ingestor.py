"""Envelopes into the store as they come over HTTP: acknowledged when they are in the journal, synced, and have a place.

Envelopes that arrive together share one sync of the journal, and take effect in its order. What is new goes to the
store a moment later, with others, and before anybody reads; the next ones are judged while the database writes, since
it lets go of the interpreter meanwhile. After a kill the journal is read again; the store notes with each write how far
it has come, so that none counts twice.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice

from graphmap.errors import DataError, Locator, StoreError
from graphmap.ingest.check import DocumentValidator, ValidatedRecord
from graphmap.ingest.load.write_order import WriteOrder
from graphmap.ingest.workspace_model import Knowledge
from graphmap.ingest.write import Arrival, RecordWriter, Unreadable
from graphmap.provenance import RejectedRecord, now, position_of, settle_position
from graphmap.rdf import Token, literal_parts
from graphmap.records.readers import decode_json
from graphmap.store import Journal, Store
from graphmap.validation import failures_of
from graphmap.validation.formats import report_dict
from graphmap.validation.report import Finding, Report, guides
from graphmap.workspace import SourceSettings

__all__ = ["IngestResult", "Ingestor"]

_TOGETHER = 512
_FIRST_TOGETHER = 256
"""The first of many go to the store early, so that it writes while the next ones are judged."""
_LARGEST_JOURNAL = 64 << 20
_PATIENCE_S = 10.0
"""Time that envelopes wait for a load to end before they are sent back."""
_OPEN_S = 5.0
"""Time that a load pauses to let more envelopes in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """Outcome for one record.

    Args:
        outcome: stored, unchanged, stale, deleted, checked, quarantined or rejected.
        document: IRI of its document, where it has a subject.
        report: the conformance report, ready for JSON.
        version: its version, where it has one.
        news: the record, where the store had nothing of its document before.
    """

    outcome: str
    document: str | None
    report: Mapping[str, object]
    version: str | None = None
    news: ValidatedRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Promised:
    """Envelopes that are in the journal.

    Args:
        items: what they say.
        first: position of the first of them.
        inside: is left when they have their place.
    """

    items: Sequence[Arrival | Unreadable]
    first: int
    inside: ExitStack


class Ingestor:
    """Takes envelopes in; its methods may be called from any thread.

    Args:
        store: opened for writing; what its journal holds and the store has not taken in yet is taken in first.
        knowledge: mappings, shapes and ontology.
        source: the one that all documents belong to; where left out, each document tells.
        name: what reports call the input.

    Raises:
        StoreError: where the journal cannot be read or written.
    """

    def __init__(
        self, store: Store, knowledge: Knowledge, source: SourceSettings | None = None, *, name: str = "POST /records"
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._sources = None if source is None else (source,)
        self._name = name
        self._validator = DocumentValidator(knowledge, name=name, sources=self._sources)
        self._guides = guides(knowledge.engine.shapes)
        position = position_of(store, knowledge.workspace.layout)
        self._judging = threading.Lock()
        self._many_at_once = threading.Lock()  # else they would wait for one another, and the store for all of them
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._shrinking: Future[None] | None = None
        self._record_writer = RecordWriter(store, knowledge)
        self._journal = Journal(store.journal, position=position)
        self._write_order = WriteOrder(self._journal.position + 1)
        if self._journal.start > position:
            self._journal.close()
            what = f"the journal goes on from {self._journal.start}, and the store has come to {position}"
            hint = "the store was replaced: put the right one back, or move the journal away"
            raise StoreError(what, where=Locator(source=str(store.journal)), hint=hint)
        self._replay(position)

    def __call__(self, body: bytes) -> IngestResult:
        """Take in one envelope.

        Args:
            body: JSON text of one envelope.

        Raises:
            DataError: where the body is not JSON, or no source reads JSON; nothing is kept of it then.
            StoreError: where the journal or the store cannot be written; it may be taken in later.
        """
        self._validator.check_readable()
        try:
            decode_json(body)
        except ValueError as error:
            where = Locator(source=self._name)
            raise DataError(f"the body is not JSON: {error}", where=where, hint="send one document") from error
        (ingested,) = self._keep(self._promise([body], 1))
        return ingested

    def many(self, bodies: Iterable[bytes]) -> Iterator[IngestResult]:
        """Take in envelopes, lazily and in their order; those that are no JSON are rejected and kept.

        Args:
            bodies: JSON text of one envelope each; some are read ahead of those that were yielded.

        Yields:
            What became of each; what was yielded is acknowledged, whatever happens to those after it.

        Raises:
            DataError: where no source reads JSON.
            StoreError: where the store cannot be written.
        """
        self._validator.check_readable()
        rest, row, size = iter(bodies), 1, _FIRST_TOGETHER
        with ThreadPoolExecutor(1, thread_name_prefix="ingest") as writer:
            ahead: deque[Future[list[IngestResult]]] = deque()
            while some := list(islice(rest, size)):
                ahead.append(writer.submit(self._keep, self._promise(some, row)))
                row, size = row + len(some), min(2 * size, _TOGETHER)
                if len(ahead) > 1:
                    yield from ahead.popleft().result()
            for waiting in ahead:
                yield from waiting.result()

    def renew(self, knowledge: Knowledge) -> None:
        """Validate by other mappings, shapes and ontology from now on.

        What came before is in the store by then. The source's settings stay.

        Args:
            knowledge: of the same workspace.

        Raises:
            StoreError: where the disk fails; nothing is changed then.
        """
        validator = DocumentValidator(knowledge, name=self._name, sources=self._sources)
        with self.alone():
            self.settle()  # entries that are left would be read by the new rules after a kill
            self._knowledge, self._validator, self._guides = knowledge, validator, guides(knowledge.engine.shapes)
            self._record_writer = RecordWriter(self._store, knowledge)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Work on the store while no envelope is taken in; those that come meanwhile wait."""
        with self._write_order.alone():
            if self._shrinking is not None:
                wait([self._shrinking])
            yield

    def pause(self) -> None:
        """While alone: let the envelopes in that wait, and go on alone after them."""
        self._write_order.let_in(longest_s=_OPEN_S)

    def settle(self) -> None:
        """Sync the store and empty the journal; to be called while alone.

        Raises:
            StoreError: where the disk fails.
        """
        settle_position(self._store, self._record_writer.layout, self._journal.position)
        self._store.flush()
        self._journal.clear()

    def close(self) -> None:
        """Wait for what is being taken in, then give the journal back; the store stays open."""
        self._beside.shutdown()
        with self.alone():
            self.settle()
            self._journal.close()

    def _promise(self, bodies: Sequence[bytes], row: int) -> _Promised:
        """Validate envelopes and write them to the journal; what is promised has to be kept."""
        moment = now()
        with ExitStack() as stack:
            stack.enter_context(self._write_order.inside(patience_s=_PATIENCE_S))  # from here on the rules stay
            with self._many_at_once if len(bodies) > 1 else nullcontext():
                items = [self._read(body, moment, row + at) for at, body in enumerate(bodies)]
            first = self._journal.append([_entry(moment, body) for body in bodies])
            return _Promised(items=items, first=first, inside=stack.pop_all())

    def _keep(self, promised: _Promised) -> list[IngestResult]:
        """Give what was promised its place, when its turn comes."""
        many = len(promised.items)
        with promised.inside, self._write_order.turn(promised.first, many=many):
            outcomes = self._record_writer.take(promised.items, first=promised.first)
            if self._journal.size > _LARGEST_JOURNAL and (self._shrinking is None or self._shrinking.done()):
                self._shrink(promised.first + many - 1)
        return [self._ingested(item, outcome) for item, outcome in zip(promised.items, outcomes, strict=True)]

    def _shrink(self, position: int) -> None:
        """Have the store synced beside what comes in, since that may take seconds, and then shorten the journal."""
        if self._shrinking is not None:
            self._shrinking.result()  # where the last time failed, this one would
        self._shrinking = self._beside.submit(self._forget, position)

    def _forget(self, position: int) -> None:
        settle_position(self._store, self._record_writer.layout, position)
        self._store.flush()
        self._journal.forget(position)

    def _replay(self, position: int) -> None:
        entries = list(self._journal.after(position))
        for number, payload in entries:
            moment, _, body = payload.partition(b"\n")
            self._record_writer.take([self._read(body, moment.decode(), 1)], first=number)
        if entries:
            self.settle()

    def _read(self, body: bytes, moment: Token, row: int) -> Arrival | Unreadable:
        try:
            raw = decode_json(body)
        except ValueError as error:
            return self._unreadable(body, moment, row, str(error))
        with self._judging:
            source, validated = self._validator.validate(row, raw)
        arrival = Arrival(validated=validated, raw=raw, header=None, source=source, name=self._name, moment=moment)
        self._record_writer.write_ahead(arrival)
        return arrival

    def _ingested(self, item: Arrival | Unreadable, outcome: str) -> IngestResult:
        if isinstance(item, Unreadable):
            return IngestResult(outcome=outcome, document=None, report=self._report([item.finding], {}))
        validated = item.validated
        version = item.version if validated.refusal is None else None
        return IngestResult(
            outcome=outcome,
            document=self._record_writer.document(validated),
            report=self._report(validated.said(self._name), Counter(validated.unread)),
            version=None if version is None else literal_parts(version).lexical,
            news=validated if item.is_news else None,
        )

    def _unreadable(self, body: bytes, moment: Token, row: int, what: str) -> Unreadable:
        record = RejectedRecord(
            outcome="rejected",
            source=self._name,
            row=row,
            payload=body.decode("utf-8", "backslashreplace"),
            is_json=False,
            document=None,
        )
        finding = Finding(message=f"The document is not JSON: {what}", source=self._name, row=row)
        return Unreadable(record=record, finding=finding, moment=moment)

    def _report(self, findings: Sequence[Finding], unread: Mapping[str, int]) -> Mapping[str, object]:
        failures = failures_of(self._knowledge.engine)
        report = Report(records=1, findings=findings, unread=unread, failures=failures, guides=self._guides)
        return report_dict(report)


def _entry(moment: Token, body: bytes) -> bytes:
    return b"%s\n%s" % (moment.encode(), body)
