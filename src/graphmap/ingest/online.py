"""Envelopes into the store as they come over HTTP: acknowledged when they are in the journal, synced, and stored.

Envelopes that arrive together share one sync of the journal, and take effect in the order in which they stand in it.
After a kill the journal is read again; the store notes with each record how far it has come, so that none counts twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice

from graphmap.errors import DataError, Locator, StoreError
from graphmap.ingest.checking import Gathering
from graphmap.ingest.documents import now
from graphmap.ingest.judge import Judge
from graphmap.ingest.keeper import Arrival, Keeper
from graphmap.ingest.knowledge import Knowledge
from graphmap.ingest.positions import position_of, settle_position
from graphmap.ingest.reporting import SetAside
from graphmap.ingest.turns import Turns
from graphmap.records import decode_json
from graphmap.store import Journal, Store
from graphmap.terms import Token, literal_parts
from graphmap.validation.findings import Finding
from graphmap.validation.formats.json import report_dict
from graphmap.validation.guidance import guides
from graphmap.validation.report import Report
from graphmap.validation.validate import failures_of
from graphmap.workspace import SourceSettings

__all__ = ["Ingested", "Ingestor"]

_TOGETHER = 64
_LARGEST_JOURNAL = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of one record.

    Args:
        outcome: stored, unchanged, stale, deleted, checked, quarantined or rejected.
        document: IRI of its document, where it has a subject.
        report: the conformance report, ready for JSON.
        version: its version, where it has one.
    """

    outcome: str
    document: str | None
    report: Mapping[str, object]
    version: str | None = None


class Ingestor:
    """Takes envelopes in; its methods may be called from any thread.

    Args:
        store: opened for writing; what its journal holds and the store has not taken in yet is taken in first.
        knowledge: mappings, shapes and ontology.
        source: the envelopes' source.
        name: what reports call the input.

    Raises:
        StoreError: where the journal cannot be read or written.
    """

    def __init__(
        self, store: Store, knowledge: Knowledge, source: SourceSettings, *, name: str = "POST /records"
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._source = source
        self._name = name
        self._judge = Judge(knowledge, source, name=name, header=None, coverage=Gathering(knowledge.engine).coverage)
        self._guides = guides(knowledge.engine.shapes)
        position = position_of(store, knowledge.workspace.layout)
        self._keeper = Keeper(store, knowledge, now())
        self._journal = Journal(store.journal, position=position)
        self._turns = Turns(self._journal.position + 1)
        if self._journal.start > position:
            self._journal.close()
            what = f"the journal goes on from {self._journal.start}, and the store has come to {position}"
            hint = "the store was replaced: put the right one back, or move the journal away"
            raise StoreError(what, where=Locator(source=str(store.journal)), hint=hint)
        self._replay(position)

    def __call__(self, body: bytes) -> Ingested:
        """Take in one envelope.

        Args:
            body: JSON text of one envelope.

        Raises:
            DataError: where the body is no JSON; nothing is kept of it then.
            StoreError: where the store cannot be written; nothing is changed then.
        """
        try:
            decode_json(body)
        except ValueError as error:
            where = Locator(source=self._name)
            raise DataError(f"the body is no JSON: {error}", where=where, hint="send one envelope") from error
        (ingested,) = self._together([body], 1)
        return ingested

    def many(self, bodies: Iterable[bytes]) -> Iterator[Ingested]:
        """Take in envelopes, lazily and in their order; those that are no JSON are rejected and kept.

        Args:
            bodies: JSON text of one envelope each.

        Yields:
            What became of each; what was yielded is acknowledged, whatever happens to those after it.

        Raises:
            StoreError: where the store cannot be written.
        """
        rest, row = iter(bodies), 1
        while some := list(islice(rest, _TOGETHER)):
            yield from self._together(some, row)
            row += len(some)

    def alone(self) -> AbstractContextManager[None]:
        """Work on the store while no envelope is taken in; those that come meanwhile wait."""
        return self._turns.alone()

    def settle(self) -> None:
        """Sync the store and empty the journal; to be called while alone.

        Raises:
            StoreError: where the disk fails.
        """
        settle_position(self._store, self._keeper.layout, self._journal.position)
        self._store.flush()
        self._journal.clear()

    def close(self) -> None:
        """Wait for what is being taken in, then give the journal back; the store stays open."""
        with self.alone():
            self.settle()
            self._journal.close()

    def _together(self, bodies: Sequence[bytes], row: int) -> list[Ingested]:
        with self._turns.inside():
            moment = now()
            first = self._journal.append([_entry(moment, body) for body in bodies])
            with self._turns.turn(first, many=len(bodies)):
                with self._keeper.together():
                    taken = [self._take(first + at, moment, body, row + at) for at, body in enumerate(bodies)]
                if self._journal.size > _LARGEST_JOURNAL and self._journal.position == first + len(bodies) - 1:
                    self.settle()
            return taken

    def _replay(self, position: int) -> None:
        entries = list(self._journal.after(position))
        for number, payload in entries:
            moment, _, body = payload.partition(b"\n")
            self._take(number, moment.decode(), body, 1)
        if entries:
            self.settle()

    def _take(self, position: int, moment: Token, body: bytes, row: int) -> Ingested:
        self._keeper.at(position, moment)
        try:
            raw = decode_json(body)
        except ValueError as error:
            return self._reject(body, row, str(error))
        judged = self._judge.judge(row, raw)
        arrival = Arrival(judged=judged, raw=raw, header=None, source=self._source, name=self._name)
        self._keeper.collisions([arrival])
        outcome = self._keeper.keep(arrival)
        version = arrival.version if judged.refusal is None else None
        return Ingested(
            outcome=outcome,
            document=self._keeper.document(judged),
            report=self._report(judged.findings, Counter(judged.unread)),
            version=None if version is None else literal_parts(version).lexical,
        )

    def _reject(self, body: bytes, row: int, what: str) -> Ingested:
        finding = Finding(message=f"The document is no JSON: {what}", source=self._name, row=row)
        record = SetAside(
            outcome="rejected",
            source=self._name,
            row=row,
            payload=body.decode("utf-8", "backslashreplace"),
            is_json=False,
            document=None,
        )
        self._keeper.set_text_aside(record, [finding])
        return Ingested(outcome="rejected", document=None, report=self._report([finding], {}))

    def _report(self, findings: Sequence[Finding], unread: Mapping[str, int]) -> Mapping[str, object]:
        failures = failures_of(self._knowledge.engine)
        report = Report(records=1, findings=findings, unread=unread, failures=failures, guides=self._guides)
        return report_dict(report)


def _entry(moment: Token, body: bytes) -> bytes:
    return b"%s\n%s" % (moment.encode(), body)
