"""Single envelopes into the store, as they come over HTTP: one body in, one outcome out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphmap.errors import DataError, Locator
from graphmap.ingest.checking import Gathering
from graphmap.ingest.documents import now
from graphmap.ingest.judge import Judge
from graphmap.ingest.keeper import Arrival, Keeper
from graphmap.ingest.knowledge import Knowledge
from graphmap.records import decode_json
from graphmap.store import Store
from graphmap.validation.formats.json import report_dict
from graphmap.workspace import SourceSettings

__all__ = ["Ingested", "Ingestor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of one record.

    Args:
        outcome: stored, unchanged, stale, deleted, checked, quarantined or rejected.
        document: IRI of its document, where it has a subject.
        report: the conformance report, ready for JSON.
    """

    outcome: str
    document: str | None
    report: Mapping[str, object]


class Ingestor:
    """Takes one envelope at a time; call it from one thread at a time.

    Args:
        store: opened for writing.
        knowledge: mappings, shapes and ontology.
        source: the envelopes' source.
        name: what reports call the input.
    """

    def __init__(
        self, store: Store, knowledge: Knowledge, source: SourceSettings, *, name: str = "POST /records"
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._source = source
        self._name = name
        self._judge = Judge(knowledge, source, name=name, header=None, coverage=Gathering(knowledge.engine).coverage)

    def __call__(self, body: bytes) -> Ingested:
        """Take in one envelope.

        Args:
            body: JSON text of one envelope.

        Raises:
            DataError: where the body is no JSON.
            StoreError: where the store cannot be written; nothing is changed then.
        """
        try:
            raw = decode_json(body)
        except ValueError as error:
            raise DataError(
                f"the body is no JSON: {error}", where=Locator(source=self._name), hint="send one envelope"
            ) from error
        keeper = Keeper(self._store, self._knowledge, now())
        gathering = Gathering(self._knowledge.engine)
        judged = self._judge.judge(1, raw)
        arrival = Arrival(judged=judged, raw=raw, header=None, source=self._source, name=self._name)
        if judged.acceptable:
            keeper.collisions([arrival])
        outcome = keeper.keep(arrival)
        gathering.add(judged, self._name)
        return Ingested(outcome=outcome, document=keeper.document(judged), report=report_dict(gathering.report()))
