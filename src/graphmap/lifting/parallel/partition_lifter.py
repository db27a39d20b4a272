"""Lifting a portion of an input: what one of several processes does."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from graphmap.errors import DataError, GraphmapError, Locator, RecordError
from graphmap.lifting.compiler import as_mapping, compile_plan, line_of
from graphmap.lifting.compiler.columns import column_plan
from graphmap.lifting.execution import Collected, Indexer, kept
from graphmap.lifting.interpreter import Interpreter, data_error
from graphmap.lifting.plan import Plan
from graphmap.lifting.run_state import Counts, Key, Outside, undoing
from graphmap.rdf import Token
from graphmap.records import PaddedRows, Raw, Records, Refusal, Refuse, ValueForms, read_envelope
from graphmap.records.readers import Documents, Elements, RowForm, Rows, decode_json, sniff_delimiter

if TYPE_CHECKING:
    from graphmap.lifting.compiler import Entailment
    from graphmap.lifting.compiler.columns import ColumnLift

__all__ = ["LiftWork", "LiftedPortion", "moved"]

_Error = TypeVar("_Error", bound=GraphmapError)


class LiftedPortion(NamedTuple):
    """What became of a portion: its number of records, its N-Quads in pieces, and why records were set aside.

    `counts` are the terms and nulls of its records by term map, where somebody asks for them; `keys` what its records
    add to indexes, one list an index.
    """

    records: int
    pieces: list[bytes | memoryview]
    refused: tuple[RecordError | DataError, ...]
    counts: Counts | None = None
    keys: tuple[list[tuple[Key, Token]], ...] = ()


class _Unusual(Exception):  # noqa: N818  # a signal inside this module
    """The quick way cannot read the portion."""


def moved(error: _Error, rows: int) -> _Error:
    """An error about a portion, counted from the start of the input."""
    if error.where.row is None:
        return error
    return error.moved(replace(error.where, row=error.where.row + rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """How records become text: the compiled way, and the careful one."""

    lift: Callable[[Raw], tuple[str, str, str, tuple[str, ...]] | None]
    interpreter: Interpreter
    saturation: Entailment | None


class LiftWork:
    """Lifts portions of one input.

    Args:
        plan: triples maps over its source.
        forms: how the source writes values.
        name: the input, for Locators.
        header: columns of a table; `None` for documents.
        delimiter: of a table; `None` has it told from the header.
        saturation: what to infer; `None` for nothing.
        envelopes: whether documents are Limber envelopes.
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
        outside: Outside | None = None,
        indexers: tuple[Indexer, ...] = (),
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
        outside = outside or Outside()  # one for both ways, so that fresh blank nodes have numbers of their own
        self._tally = outside.tally
        quick = compile_plan(plan, header=header, forms=forms, entailment=saturation, outside=outside).lift
        self._terms = _Terms(
            lift=quick if self._tally is None else undoing(quick, self._tally),
            interpreter=Interpreter(plan, forms=forms, outside=outside),
            saturation=saturation,
        )

        self._keys = tuple(Collected(indexer, header, forms) for indexer in indexers)

    def take_columns(self, first: bytes) -> bool:
        """From now on, lift whole columns of portions of a table.

        Args:
            first: portion of the input.

        Returns:
            Whether the plan can be lifted so; portions then may be lifted by several threads at once.
        """
        asked = self._terms.saturation is not None or self._tally is not None or self._keys
        if self._header is None or asked or self._empty:
            return False
        plan = column_plan(self._plan, self._header, self._forms)
        if plan is None:
            return False
        from graphmap.lifting.compiler.columns import ColumnLift  # noqa: PLC0415  # Arrow's import outlasts a small table

        delimiter = self._delimiter or sniff_delimiter(first[: first.find(b"\n")].decode())
        self._columns = ColumnLift(plan, delimiter=delimiter)
        return True

    def __call__(self, portion: bytes) -> LiftedPortion:
        """Lift a portion.

        Args:
            portion: of a table with its header line, lines of JSON, or an array of JSON.

        Raises:
            DataError: in strict mode, at the first record that gives no proper terms; its row counts in the portion.
            RecordError: in strict mode, at the first record that cannot be read.
        """
        lifted = self._lifted(portion)
        if self._tally is None and not self._keys:
            return lifted
        counts = None if self._tally is None else self._tally.take()
        return lifted._replace(counts=counts, keys=tuple(each.taken() for each in self._keys))

    def _lifted(self, portion: bytes) -> LiftedPortion:
        if self._columns is not None and (found := self._by_columns(portion, self._columns)) is not None:
            return found
        if self._header is not None:
            with contextlib.suppress(_Unusual, csv.Error, UnicodeDecodeError):  # a careful reader says what is wrong
                return self._collected(enumerate(self._quick_rows(portion), 1), [])
        elif (values := self._quick_elements(portion)) is not None:
            return self._collected(enumerate(values, 1), [])
        if self._tally is not None:
            self._tally.take()  # of rows that were lifted before the quick way gave up
        for each in self._keys:
            each.taken()
        refused: list[RecordError | DataError] = []
        unread: list[Refusal] = []
        lifted = self._collected(iter(self._reader(portion, self.note(refused, unread))), refused)
        return lifted._replace(records=lifted.records + len(unread))

    def _by_columns(self, portion: bytes, columns: ColumnLift) -> LiftedPortion | None:
        refused: list[RecordError | DataError] = []
        rows = portion[portion.find(b"\n") + 1 :]
        lifted = columns.lift(rows, lambda row, cells: self.lift(row, cells, refused))
        return None if lifted is None else LiftedPortion(*lifted, tuple(refused))

    def records(self, records: Records) -> Iterator[LiftedPortion]:
        """Lift records that cannot be read in portions, one at a time; their errors have the row of the input."""
        for row, raw in records:
            refused: list[RecordError | DataError] = []
            text = self.lift(row, raw, refused)
            counts = None if self._tally is None else self._tally.take()
            yield LiftedPortion(1, [text.encode()], tuple(refused), counts)

    def note(self, refused: list[RecordError | DataError], unread: list[Refusal]) -> Refuse:
        """What to do with a record that cannot be read."""

        def refuse(refusal: Refusal) -> None:
            unread.append(refusal)
            refusal.error.record = refusal.payload
            self._set_aside(refusal.error, refused)

        return refuse

    def _collected(self, records: Iterator[tuple[int, Raw]], refused: list[RecordError | DataError]) -> LiftedPortion:
        texts, count, lift, keys = [], 0, self._terms.lift, self._keys
        plain = self._header is not None and self._terms.saturation is None
        for row, raw in records:
            quick = lift(raw) if plain else None
            texts.append(self.lift(row, raw, refused) if quick is None else quick[1])
            count += 1
            for each in keys:
                each.take(raw)
        return LiftedPortion(count, ["".join(texts).encode()], tuple(refused))

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
                error.record = kept(raw)
                self._set_aside(error, refused)
                return ""
        quick = self._terms.lift(raw)
        if quick is None:
            return self._carefully(row, raw, refused)
        return quick[1] + _new_lines(quick[1], quick[2])

    def _carefully(self, row: int, raw: Raw, refused: list[RecordError | DataError]) -> str:
        record = raw if self._header is None else as_mapping(self._header, raw, self._forms.nulls)
        tally = self._tally
        before = None if tally is None else tally.counts()
        lifted = self._terms.interpreter.lift(record)
        where, hint = Locator(source=self._name, row=row), None
        if self._strict:
            hint = "mend the value, or lift with --best-effort"
        error = data_error(lifted.faults, where, hint=hint, record=kept(record) if lifted.faults else None)
        if error is not None:
            if tally is not None and before is not None:
                tally.back_to(before)
            self._set_aside(error, refused)
            return ""
        saturation = self._terms.saturation
        entailed = saturation.entailed(each[:3] for each in lifted.statements) if saturation is not None else ()
        lines = dict.fromkeys(map(line_of, lifted.statements))
        return "".join(lines | dict.fromkeys(f"{s} {p} {o} .\n" for s, p, o in entailed))

    def _set_aside(self, error: RecordError | DataError, refused: list[RecordError | DataError]) -> None:
        if self._strict:
            raise error
        refused.append(error)


def _new_lines(asserted: str, entailed: str) -> str:
    if not entailed:
        return ""
    known = set(asserted.split("\n"))
    return "".join(f"{line}\n" for line in dict.fromkeys(entailed.split("\n")) if line and line not in known)
