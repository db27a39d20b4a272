"""Lifting a portion of an input: what one of several processes does."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from graphmap.errors import DataError, GraphmapError, Locator, RecordError
from graphmap.lifting.compiler import RecordLifter
from graphmap.lifting.compiler.columns import column_plan
from graphmap.lifting.evaluation import data_error
from graphmap.lifting.execution import CollectedKeys, JoinIndexer, record_text
from graphmap.lifting.plan import Join, Plan
from graphmap.lifting.run_state import Counts, Key, KeyColumns, SharedState
from graphmap.rdf import Token
from graphmap.records import PaddedRows, Raw, Records, Refusal, Refuse, ValueForms, read_envelope
from graphmap.records.readers import Documents, Elements, RowForm, Rows, decode_json, sniff_delimiter

if TYPE_CHECKING:
    from graphmap.lifting.compiler import Entailment
    from graphmap.lifting.compiler.columns import ColumnLift

__all__ = ["LiftedPartition", "PartitionLifter", "at_row_of_input"]

_Error = TypeVar("_Error", bound=GraphmapError)


class LiftedPartition(NamedTuple):
    """Result of a portion: number of records, N-Quads in pieces, and errors of records left out.

    `counts` are the terms and nulls of its records by term map, where somebody asks for them; `keys` what its records
    add to indexes, one list an index; `key_columns` what rows add that were lifted by column.
    """

    records: int
    pieces: list[bytes | memoryview]
    refused: tuple[RecordError | DataError, ...]
    counts: Counts | None = None
    keys: tuple[list[tuple[Key, Token]], ...] = ()
    key_columns: tuple[KeyColumns, ...] = ()


class _Unusual(Exception):  # noqa: N818  # a signal inside this module
    """The quick way cannot read the portion."""


def at_row_of_input(error: _Error, rows: int) -> _Error:
    """An error about a portion, counted from the start of the input."""
    if error.where.row is None:
        return error
    return error.moved(replace(error.where, row=error.where.row + rows))


class PartitionLifter:
    """Lifts portions of one input.

    Args:
        plan: triples maps over its source.
        forms: how the source writes values.
        name: the input, for Locators.
        header: columns of a table; `None` for documents.
        delimiter: of a table; `None` has it told from the header.
        saturation: what to infer; `None` for nothing.
        envelopes: whether documents are envelopes.
        elements: whether records are the elements of arrays, whatever they are.
        lacking: how many of the last columns the table lacks.
        strict: whether a record that gives no proper terms ends the work.
        outside: indexes of joins, and what counts terms and nulls.
        indexers: of joins whose parent the input is.
    """

    def __init__(  # noqa: PLR0913  # each is a setting of its own
        self,
        plan: Plan,
        *,
        forms: ValueForms,
        name: str,
        header: tuple[str, ...] | None,
        delimiter: str | None = None,
        saturation: Entailment | None = None,
        envelopes: bool = False,
        elements: bool = False,
        strict: bool = False,
        lacking: int = 0,
        outside: SharedState | None = None,
        indexers: tuple[JoinIndexer, ...] = (),
    ) -> None:
        self._name = name
        self._header = header
        self._delimiter = delimiter
        self._envelopes = envelopes
        self._elements = elements
        self._empty = [""] * lacking
        self._strict = strict
        self._plan = plan
        self._forms = forms
        self._columns: ColumnLift | None = None
        outside = outside or SharedState()
        self._tally = outside.tally
        self._saturation = saturation
        self._lifter = RecordLifter(plan, header=header, forms=forms, outside=outside, entailment=saturation)
        self._indexers, self._joined = indexers, outside.joined
        self._keys = self._collectors()

    def take_columns(self, first: bytes) -> bool:
        """From now on, lift whole columns of portions of a table.

        Args:
            first: portion of the input.

        Returns:
            Whether the plan can be lifted so; portions then may be lifted by several threads at once.
        """
        asked = self._saturation is not None or self._tally is not None
        if self._header is None or asked or self._empty or any(each.on_disk for each in self._joined.values()):
            return False
        parents = [each.join for each in self._indexers if isinstance(each.join, Join)]
        plan = column_plan(self._plan, self._header, self._forms, parents)
        if plan is None:
            return False
        from graphmap.lifting.compiler.columns import ColumnLift  # noqa: PLC0415  # Arrow's import outlasts a small table

        delimiter = self._delimiter or sniff_delimiter(first[: first.find(b"\n")].decode())
        self._columns = ColumnLift(plan, delimiter=delimiter, indexes=self._joined)
        return True

    def __call__(self, portion: bytes) -> LiftedPartition:
        """Lift a portion.

        Args:
            portion: of a table with its header line, lines of JSON, or an array of JSON.

        Raises:
            DataError: in strict mode, at the first record that gives no proper terms; its row counts in the portion.
            RecordError: in strict mode, at the first record that cannot be read.
        """
        if self._columns is not None and (found := self._by_columns(portion, self._columns)) is not None:
            return found
        keys = self._keys if self._columns is None else self._collectors()  # several threads may be here
        lifted = self._lifted(portion, keys)
        if self._tally is None and not keys:
            return lifted
        counts = None if self._tally is None else self._tally.take()
        return lifted._replace(counts=counts, keys=tuple(each.taken() for each in keys))

    def _lifted(self, portion: bytes, keys: tuple[CollectedKeys, ...]) -> LiftedPartition:
        if self._header is not None:
            with contextlib.suppress(_Unusual, csv.Error, UnicodeDecodeError):  # a careful reader says what is wrong
                return self._collected(enumerate(self._quick_rows(portion), 1), [], keys)
        elif (values := self._quick_elements(portion)) is not None:
            return self._collected(enumerate(values, 1), [], keys)
        if self._tally is not None:
            self._tally.take()  # of rows that were lifted before the quick way gave up
        for each in keys:
            each.taken()
        refused: list[RecordError | DataError] = []
        unread: list[Refusal] = []
        lifted = self._collected(iter(self._reader(portion, self.note(refused, unread))), refused, keys)
        return lifted._replace(records=lifted.records + len(unread))

    def _by_columns(self, portion: bytes, columns: ColumnLift) -> LiftedPartition | None:
        refused: list[RecordError | DataError] = []
        odd = list[list[str]]()

        def one_by_one(row: int, cells: list[str]) -> str:
            odd.append(cells)
            return self.lift(row, cells, refused)

        lifted = columns.lift(portion[portion.find(b"\n") + 1 :], one_by_one)
        if lifted is None:
            return None
        collectors = self._collectors() if odd else ()
        for collector in collectors:
            for cells in odd:
                collector.take(cells)
        keys = tuple(each.taken() for each in collectors)
        return LiftedPartition(lifted.rows, lifted.pieces, tuple(refused), keys=keys, key_columns=lifted.keys)

    def _collectors(self) -> tuple[CollectedKeys, ...]:
        return tuple(CollectedKeys(indexer, self._header, self._forms) for indexer in self._indexers)

    def records(self, records: Records) -> Iterator[LiftedPartition]:
        """Lift records that cannot be read in portions, one at a time; their errors have the row of the input."""
        for row, raw in records:
            refused: list[RecordError | DataError] = []
            text = self.lift(row, raw, refused)
            counts = None if self._tally is None else self._tally.take()
            yield LiftedPartition(1, [text.encode()], tuple(refused), counts)

    def note(self, refused: list[RecordError | DataError], unread: list[Refusal]) -> Refuse:
        """Handle a record that cannot be read."""

        def refuse(refusal: Refusal) -> None:
            unread.append(refusal)
            refusal.error.record = refusal.payload
            self._set_aside(refusal.error, refused)

        return refuse

    def _collected(
        self,
        records: Iterator[tuple[int, Raw]],
        refused: list[RecordError | DataError],
        keys: tuple[CollectedKeys, ...],
    ) -> LiftedPartition:
        texts, count, program = [], 0, self._lifter.program
        plain = self._header is not None and self._saturation is None
        for row, raw in records:
            quick = program(raw) if plain else None
            texts.append(self.lift(row, raw, refused) if quick is None else quick[1])
            count += 1
            for each in keys:
                each.take(raw)
        return LiftedPartition(count, ["".join(texts).encode()], tuple(refused))

    def _quick_rows(self, portion: bytes) -> Iterator[list[str]]:
        width = len(self._header or ()) - len(self._empty)
        text = portion.decode()
        delimiter = self._delimiter or sniff_delimiter(text[: text.find("\n")])
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        next(rows, None)
        for row in rows:
            if len(row) != width:
                raise _Unusual
            yield [*row, *self._empty] if self._empty else row

    def _quick_elements(self, portion: bytes) -> list[Any] | None:
        """The elements of an array; `None` where a careful reader must tell them apart."""
        if not portion.startswith(b"["):
            return None
        try:
            values: list[Any] = decode_json(portion)
        except ValueError:
            return None
        plain = bool(values) and (self._elements or all(type(value) is dict for value in values))
        return values if plain else None

    def _reader(self, portion: bytes, refuse: Refuse) -> Records:
        stream = io.BytesIO(portion)
        if self._elements:
            return Elements(self._name, (portion,), refuse=refuse)
        if self._header is None:
            return Documents(self._name, refuse=refuse, stream=stream)
        rows = Rows(self._name, form=RowForm(delimiter=self._delimiter), refuse=refuse, stream=stream)
        return PaddedRows(rows, (self._header or ())[-len(self._empty) :]) if self._empty else rows

    def lift(self, row: int, raw: Raw, refused: list[RecordError | DataError]) -> str:
        """Lift one record; one that gives no proper terms is set aside and gives no text."""
        if self._envelopes:
            try:
                read_envelope(raw, Locator(source=self._name, row=row))
            except RecordError as error:
                error.record = record_text(raw)
                self._set_aside(error, refused)
                return ""
        lifted = self._lifter.lift(raw)
        if not lifted.faults:
            return lifted.text
        where, record = Locator(source=self._name, row=row), record_text(self._lifter.record(raw))
        hint = "correct the value, or lift with --best-effort" if self._strict else None
        fault = data_error(lifted.faults, where, hint=hint, record=record)
        if fault is not None:
            self._set_aside(fault, refused)
        return ""

    def _set_aside(self, error: RecordError | DataError, refused: list[RecordError | DataError]) -> None:
        if self._strict:
            raise error
        refused.append(error)
