"""Validation of records that are not stored: a document, or the rows of a table."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from graphmap.errors import DataError, GraphmapError, RecordError
from graphmap.ingest.check.document_validator import DocumentValidator
from graphmap.ingest.check.input_check import InputCheck, validated_records
from graphmap.ingest.check.record_validator import ValidatedRecord
from graphmap.ingest.detect_input import open_input
from graphmap.ingest.workspace_model import Knowledge
from graphmap.records import Refusal
from graphmap.records.readers import decode_json
from graphmap.validation import failures_of
from graphmap.validation.formats import report_dict
from graphmap.validation.report import Report

__all__ = ["CheckedRecord", "RecordCheck"]

_NAME = "POST /validate"
_TABLE = "the table"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRecord:
    """Findings of one record.

    Args:
        number: its place, counted from 1.
        record: its cells by column, for a row of a table.
        report: the conformance report, ready for JSON.
        trouble: why it could not be read; empty where it could.
        hint: what to do about that.
    """

    number: int
    record: Mapping[str, str] = field(default_factory=dict)
    report: Mapping[str, object] = field(default_factory=dict)
    trouble: str = ""
    hint: str = ""


class RecordCheck:
    """Validates records and stores nothing; for one thread.

    Args:
        knowledge: mappings, shapes and ontology.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._validator = DocumentValidator(knowledge, name=_NAME)

    def record(self, body: bytes) -> CheckedRecord:
        """Validate one document."""
        try:
            raw = decode_json(body)
        except (ValueError, RecursionError) as error:
            return CheckedRecord(number=1, trouble=f"the body is not JSON: {error}", hint="send one document")
        try:
            self._validator.check_readable()
        except DataError as error:
            return CheckedRecord(number=1, trouble=error.what, hint=error.hint or "")
        return CheckedRecord(number=1, report=self._report(self._validator.validate(1, raw)[1]))

    def rows(self, body: bytes, *, most: int) -> list[CheckedRecord]:
        """Validate the first rows of a table; keys that several of them share are not looked at.

        Args:
            body: the table with its header.
            most: how many rows are validated.
        """
        refused: list[Refusal] = []
        gathering = InputCheck(self._knowledge.engine)
        stream = io.BufferedReader(io.BytesIO(body))
        try:
            opened = open_input(_TABLE, self._knowledge, refuse=refused.append, stream=stream)
            header = opened.records.header or ()
            found = [
                CheckedRecord(
                    number=validated.row, record=dict(zip(header, raw, strict=True)), report=self._report(validated)
                )
                for raw, validated in islice(validated_records(opened, self._knowledge, gathering, infer=False), most)
            ]
        except GraphmapError as error:
            return [CheckedRecord(number=1, trouble=error.what, hint=error.hint or "")]
        found += [_unread(refusal.error) for refusal in refused]
        return sorted(found, key=lambda row: row.number)

    def _report(self, validated: ValidatedRecord) -> Mapping[str, object]:
        failures = failures_of(self._knowledge.engine)
        report = Report(records=1, findings=validated.said(_NAME), unread=Counter(validated.unread), failures=failures)
        return report_dict(report)


def _unread(error: RecordError) -> CheckedRecord:
    return CheckedRecord(number=error.where.row or 0, trouble=error.what, hint=error.hint or "")
