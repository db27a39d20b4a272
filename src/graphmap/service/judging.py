"""Records that are judged and not stored: an envelope for programs, the rows of a table for people."""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Mapping
from itertools import islice

from graphmap.errors import DataError, Locator, RecordError
from graphmap.ingest import Knowledge
from graphmap.ingest.checking import Gathering, judged_records
from graphmap.ingest.inputs import open_input
from graphmap.ingest.judge import Judge, Judged
from graphmap.records import Refusal, decode_json
from graphmap.service.services import CheckedRow
from graphmap.validation.formats.json import report_dict
from graphmap.validation.report import Report
from graphmap.validation.validate import failures_of
from graphmap.workspace import SourceSettings

__all__ = ["Checker"]

_NAME = "POST /validate"
_TABLE = "the table"


class Checker:
    """Reports on records and stores nothing; may be called from any thread.

    Args:
        knowledge: mappings, shapes and ontology.
        source: the envelopes' source.
    """

    def __init__(self, knowledge: Knowledge, source: SourceSettings) -> None:
        self._knowledge = knowledge
        coverage = Gathering(knowledge.engine).coverage
        self._judge = Judge(knowledge, source, name=_NAME, header=None, coverage=coverage)
        self._one_at_a_time = threading.Lock()

    def __call__(self, body: bytes) -> Mapping[str, object]:
        """The report on one envelope.

        Raises:
            DataError: where the body is no JSON.
        """
        try:
            raw = decode_json(body)
        except ValueError as error:
            where = Locator(source=_NAME)
            raise DataError(f"the body is no JSON: {error}", where=where, hint="send one envelope") from error
        with self._one_at_a_time:
            return self._report(self._judge.judge(1, raw))

    def rows(self, body: bytes, *, most: int) -> list[CheckedRow]:
        """The reports on the first rows of a table; keys that several of them share are not looked at.

        Args:
            body: the table with its header.
            most: how many rows are judged.

        Raises:
            SourceError: where the table cannot be read, or its header fits no source.
        """
        refused: list[Refusal] = []
        gathering = Gathering(self._knowledge.engine)
        stream = io.BufferedReader(io.BytesIO(body))
        opened = open_input(_TABLE, self._knowledge, refuse=refused.append, stream=stream)
        header = opened.records.header or ()
        with self._one_at_a_time:
            found = [
                CheckedRow(number=judged.row, record=dict(zip(header, raw, strict=True)), report=self._report(judged))
                for raw, judged in islice(judged_records(opened, self._knowledge, gathering, infer=False), most)
            ]
        found += [_unread(refusal.error) for refusal in refused]
        return sorted(found, key=lambda row: row.number)

    def _report(self, judged: Judged) -> Mapping[str, object]:
        failures = failures_of(self._knowledge.engine)
        report = Report(records=1, findings=judged.findings, unread=Counter(judged.unread), failures=failures)
        return report_dict(report)


def _unread(error: RecordError) -> CheckedRow:
    return CheckedRow(number=error.where.row or 0, trouble=error.what, hint=error.hint or "")
