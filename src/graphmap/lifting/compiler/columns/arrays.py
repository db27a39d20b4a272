"""The arrays of a portion of a table, and the text that they are joined to.

Arrow's arrays have no types that a checker knows, so they are `Any` here and in no other module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graphmap.lifting.compiler.columns.csv_batches import columns_of
from graphmap.lifting.compiler.columns.plan import ColumnPlan, Converted, Escaped, First, Keyed, Step, Text
from graphmap.lifting.compiler.program import Piece
from graphmap.lifting.compiler.runtime import UnusualRecord
from graphmap.lifting.plan import Join, ViewJoin
from graphmap.lifting.run_state import JoinIndex, KeyColumns
from graphmap.rdf import Token, escape

__all__ = ["ColumnLift", "LiftedColumns", "PortionTexts", "constants", "portion_texts"]

_ESCAPED = bytes((*range(32), 127, *b'"\\'))
_NEEDS_ESCAPE = r'["\\\x00-\x1f\x7f]'

Array = Any

AnyJoin = Join | ViewJoin
_NONE: Mapping[AnyJoin, JoinIndex] = MappingProxyType({})


class PortionTexts(NamedTuple):
    """The text of a portion.

    Args:
        pieces: UTF-8, one after the other; each has a part of the statements of every row that is not odd.
        odd: the rows, counted from 0, that the pieces leave out: they need the interpreter.
        keys: what the other rows add to the index of each join whose parent the table is.
    """

    pieces: list[bytes | memoryview]
    odd: list[int]
    keys: tuple[KeyColumns, ...] = ()


class LiftedColumns(NamedTuple):
    """Rows of a portion: their number, their N-Quads in pieces, and what they add to indexes of joins."""

    rows: int
    pieces: list[bytes | memoryview]
    keys: tuple[KeyColumns, ...]


def constants(plan: ColumnPlan) -> Mapping[str, Array]:
    """The constant pieces of a plan as Arrow takes them; made once, because a making costs more than a joining."""
    texts = [*plan.texts, *(text for step in plan.steps.values() for text in _texts_of(step))]
    texts += [each.subject for each in (*(joined.child for joined in plan.joined), *plan.parents)]
    return {piece.text: _scalar(piece.text) for text in texts for piece in text.pieces if not piece.is_variable}


def _texts_of(step: Step) -> tuple[Text, ...]:
    if isinstance(step, Converted | Escaped):
        return ()
    return step.choices if isinstance(step, First) else (step,)


def _scalar(text: str | None) -> Array:
    return pa.scalar(text, pa.string())


def portion_texts(
    plan: ColumnPlan, known: Mapping[str, Array], columns: Sequence[Array], indexes: Mapping[AnyJoin, JoinIndex] = _NONE
) -> PortionTexts:
    """Lift the rows of a table.

    Args:
        plan: for its columns.
        known: the plan's constants.
        columns: arrays of texts, nulls where a row has no value.
        indexes: of the plan's joins.
    """
    work = _Work({f"c{at}": column for at, column in enumerate(columns)}, known)
    for name, step in plan.steps.items():
        work.make(name, step)
    for name in plan.required:
        work.set_aside(work.arrays[name].is_null())
    if work.odd is None:
        pieces = [work.text(text, len(columns[0])) for text in plan.texts]
        pieces += [indexes[each.join].lines(work.keys(each.child), each.predicate).encode() for each in plan.joined]
        return PortionTexts(pieces, [], tuple(work.keys(each) for each in plan.parents))
    proper = pc.invert(work.odd)
    found = portion_texts(plan, known, [column.filter(proper) for column in columns], indexes)
    return found._replace(odd=pc.indices_nonzero(work.odd).to_pylist())


class _Work:
    """Arrays by name, and which rows are odd (`None`: none so far)."""

    def __init__(self, arrays: dict[str, Array], known: Mapping[str, Array]) -> None:
        self.arrays = arrays
        self._known = known
        self.odd: Array = None

    def set_aside(self, rows: Array) -> None:
        """Add to the odd rows."""
        if rows.true_count:
            self.odd = rows if self.odd is None else pc.or_(self.odd, rows)

    def make(self, name: str, step: Step) -> None:
        """Make the array of a step."""
        if isinstance(step, Converted):
            self.arrays[name] = self._converted(self.arrays[step.column], step)
        elif isinstance(step, Escaped):
            self.arrays[name] = self._escaped(self.arrays[step.column])
        elif isinstance(step, First):
            self.arrays[name] = pc.coalesce(*map(self._joined, step.choices))
        else:
            self.arrays[name] = self._joined(step)

    def text(self, text: Text, rows: int) -> bytes | memoryview:
        """Bytes that the rows make of a text, one after the other; nulls have no bytes."""
        if not any(piece.is_variable for piece in text.pieces):
            return "".join(piece.text for piece in text.pieces).encode() * rows
        joined = self._joined(text, otherwise="")  # Arrow's choices keep the bytes of a null, its joins do not
        _, ends, data = joined.buffers()
        return memoryview(data or b"")[: memoryview(ends).cast("i")[rows] if rows else 0]

    def keys(self, keyed: Keyed) -> KeyColumns:
        """The texts by which rows meet those of another source, and the subjects of the rows."""
        return KeyColumns([self.arrays[column].to_pylist() for column in keyed.columns], self._subjects(keyed))

    def _subjects(self, keyed: Keyed) -> list[Token | None]:
        if not any(piece.is_variable for piece in keyed.subject.pieces):
            return ["".join(piece.text for piece in keyed.subject.pieces)] * len(self.arrays[keyed.columns[0]])
        subjects: list[Token | None] = self._joined(keyed.subject).to_pylist()
        return subjects

    def _piece(self, piece: Piece) -> Array:
        return self.arrays[piece.text] if piece.is_variable else self._known[piece.text]

    def _joined(self, text: Text, *, otherwise: str | None = None) -> Array:
        pieces = [*map(self._piece, text.pieces)]
        joined = _join(pieces) if len(pieces) > 1 else pieces[0]
        for name in text.unseen:
            joined = pc.if_else(self.arrays[name].is_valid(), joined, _scalar(otherwise))
        return joined

    def _converted(self, column: Array, step: Converted) -> Array:
        rest = column.is_valid() if step.pattern is None else _unlike(column, step.pattern)
        if not rest.true_count:
            return column
        converted = _with_each(column, rest, lambda value: _attempt(step.convert, value))
        if converted.null_count > column.null_count:
            self.set_aside(pc.and_(converted.is_null(), rest))
        return converted

    def _escaped(self, column: Array) -> Array:
        texts = bytes(column.buffers()[2] or b"")
        if len(texts.translate(None, _ESCAPED)) == len(texts):
            return column
        return _with_each(column, pc.match_substring_regex(column, _NEEDS_ESCAPE), escape)


def _join(pieces: Sequence[Array]) -> Array:
    # the system's allocator gives memory back, which Arrow's own keeps
    return pc.binary_join_element_wise(*pieces, _scalar(""), memory_pool=pa.system_memory_pool())


def _with_each(column: Array, rows: Array, convert: Callable[[str], str | None]) -> Array:
    """The column with some of its values converted; each distinct one is converted once."""
    values = column.filter(rows).dictionary_encode()
    made = pa.array([convert(value) for value in values.dictionary.to_pylist()], pa.string())
    return pc.replace_with_mask(column, rows, made.take(values.indices))


def _unlike(column: Array, pattern: str) -> Array:
    """Mask of the values that a pattern does not match as a whole."""
    return pc.fill_null(pc.invert(pc.match_substring_regex(column, f"^(?:{pattern})$")), fill_value=False)


def _attempt(convert: Callable[[str], str], value: str) -> str | None:
    try:
        return convert(value)
    except UnusualRecord:
        return None


class ColumnLift:
    """Lifts portions of a table.

    Args:
        plan: for the table's columns.
        delimiter: one ASCII character.
        indexes: of the joins with other sources; several threads may look them up.
    """

    def __init__(self, plan: ColumnPlan, *, delimiter: str, indexes: Mapping[AnyJoin, JoinIndex] = _NONE) -> None:
        self._plan = plan
        self._constants = constants(plan)
        self._indexes = indexes
        self._delimiter = delimiter

    def lift(self, rows: bytes, one_by_one: Callable[[int, list[str]], str]) -> LiftedColumns | None:
        """Lift whole rows.

        Args:
            rows: of a table, without its header.
            one_by_one: gives the N-Triples text of an odd row; called with its number, from 1, and its cells.

        Returns:
            The rows that there are, but for the keys of odd ones; `None` where they must be read one by one.
        """
        columns = columns_of(rows, self._delimiter, width=self._plan.width, nulls=self._plan.nulls)
        if columns is None:
            return None
        pieces, odd, keys = portion_texts(self._plan, self._constants, columns, self._indexes)
        texts = (one_by_one(row + 1, [column[row].as_py() or "" for column in columns]) for row in odd)
        return LiftedColumns(len(columns[0]), [*pieces, *(text.encode() for text in texts)], keys)
