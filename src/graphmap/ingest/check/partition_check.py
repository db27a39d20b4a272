"""JSON Lines checked in portions: what each of several processes does, and how an input is cut for them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from graphmap.errors import RecordError
from graphmap.files import reading
from graphmap.ingest.check.record_validator import RecordValidator, ValidatedRecord
from graphmap.ingest.detect_input import Input, looks_like_json
from graphmap.ingest.workspace_model import Knowledge
from graphmap.records import Refusal
from graphmap.records.readers import Documents, decode_json, line_portions
from graphmap.validation.report import Coverage, Tally
from graphmap.validation.shapes import Unevaluable

__all__ = ["CheckedPartition", "PartitionCheck", "document_portions"]

_PORTION = 1 << 18
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINES = b"{}\n"
"""A whole document in the first line tells the reader that every line is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPartition:
    """Result of checking a portion.

    Args:
        documents: every one, judged or refused, in order.
        tally: the focus nodes.
        unevaluable: what nobody could evaluate so far.
    """

    documents: tuple[ValidatedRecord | Refusal, ...]
    tally: Tally
    unevaluable: tuple[Unevaluable, ...]

    def moved(self, rows: int) -> CheckedPartition:
        """The same with other rows: those of a portion become those of the input."""
        return replace(self, documents=tuple(_moved(each, rows) for each in self.documents))


class PartitionCheck:
    """Judges the documents of portions of one input.

    Args:
        knowledge: mappings and shapes.
        opened: the input, for its source and its name.
    """

    def __init__(self, knowledge: Knowledge, opened: Input) -> None:
        self._name = opened.records.name
        self._largest = knowledge.workspace.limits.document_bytes
        self._engine = knowledge.engine
        self._coverage = coverage = Coverage.of(knowledge.engine.shapes)
        self._validator = RecordValidator(
            knowledge, opened.source, name=self._name, header=None, coverage=coverage, infer=False
        )

    def __call__(self, portion: bytes) -> CheckedPartition:
        """Validate all documents of a portion.

        Raises:
            SourceError: where a document is too large.
        """
        found: list[ValidatedRecord | Refusal] = []
        stream = io.BytesIO(_LINES + portion)
        for row, raw in Documents(self._name, refuse=found.append, largest=self._largest, stream=stream):
            if row > 1:
                # texts and envelopes are for those who store them
                found.append(replace(self._validator.validate(row - 1, raw), asserted="", entailed="", envelope=None))
        documents = tuple(_moved(each, -1) if isinstance(each, Refusal) else each for each in found)
        return CheckedPartition(documents=documents, tally=self._coverage.taken(), unevaluable=self._engine.unevaluable)


def document_portions(name: str, stream: BinaryIO, *, largest: int) -> Iterator[bytes] | None:
    """Cut JSON Lines at the ends of documents.

    Args:
        name: of the input.
        stream: opened at its start, with `peek`; untouched where the answer is `None`.
        largest: bytes of the largest document.

    Returns:
        Portions of whole lines; `None` where the input does not begin with a whole document in a line.

    Raises:
        SourceError: where the input cannot be read, now or while the portions are taken.
    """
    with reading(name):
        if not looks_like_json(stream) or not _begins_with_a_document(stream):
            return None
    return _readable(name, line_portions(stream, size=_PORTION, largest=largest))


def _begins_with_a_document(stream: BinaryIO) -> bool:
    peeked: bytes = stream.peek()  # type: ignore[attr-defined]  # open_bytes gives a buffered reader
    try:
        return isinstance(decode_json(peeked.removeprefix(_BYTE_ORDER_MARK).split(b"\n", 1)[0].decode()), dict)
    except ValueError:
        return False


def _readable(name: str, portions: Iterator[bytes]) -> Iterator[bytes]:
    with reading(name):
        first = next(portions, b"")
        yield first.removeprefix(_BYTE_ORDER_MARK)
        yield from portions


def _moved(document: ValidatedRecord | Refusal, rows: int) -> ValidatedRecord | Refusal:
    if isinstance(document, Refusal):
        return replace(document, error=_moved_error(document.error, rows))
    refusal = None if document.refusal is None else _moved_error(document.refusal, rows)
    findings, references = (
        tuple(replace(each, row=(each.row or 0) + rows) for each in some)
        for some in (document.findings, document.references)
    )
    return replace(document, row=document.row + rows, findings=findings, references=references, refusal=refusal)


def _moved_error(error: RecordError, rows: int) -> RecordError:
    return error.moved(replace(error.where, row=(error.where.row or 0) + rows))
