"""The arrays of a portion of a table, and the text of its rows.

Arrow's arrays have no types that a checker knows, so they are `Any` here and in no other module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graphmap.lifting.code import Piece
from graphmap.lifting.column_plan import ColumnPlan, Converted, Escaped, First, Step, Text
from graphmap.lifting.runtime import Odd
from graphmap.terms import escape

__all__ = ["RowTexts", "constants", "row_texts"]

_ESCAPED = bytes((*range(32), 127, *b'"\\'))
_NEEDS_ESCAPE = r'["\\\x00-\x1f\x7f]'

Array = Any


class RowTexts(NamedTuple):
    """The text of each row, one after the other in one buffer.

    Args:
        data: UTF-8 of all rows.
        ends: where in it each row ends; the first number is 0, where the first row begins.
        odd: the rows, counted from 0, whose text is not to be used: they need the interpreter.
    """

    data: memoryview
    ends: memoryview
    odd: tuple[int, ...]


def constants(plan: ColumnPlan) -> Mapping[str, Array]:
    """The constant pieces of a plan as Arrow takes them; made once, because a making costs more than a joining."""
    texts = [*plan.texts, *(text for step in plan.steps.values() for text in _texts_of(step))]
    return {piece.text: _scalar(piece.text) for text in texts for piece in text.pieces if not piece.is_variable}


def _texts_of(step: Step) -> tuple[Text, ...]:
    if isinstance(step, Converted | Escaped):
        return ()
    return step.choices if isinstance(step, First) else (step,)


def _scalar(text: str | None) -> Array:
    return pa.scalar(text, pa.string())


def row_texts(plan: ColumnPlan, known: Mapping[str, Array], columns: Iterable[Array]) -> RowTexts:
    """Lift the rows of a table.

    Args:
        plan: for its columns.
        known: the plan's constants.
        columns: arrays of texts, nulls where a row has no value.
    """
    work = _Work({f"c{at}": column for at, column in enumerate(columns)}, known)
    for name, step in plan.steps.items():
        work.make(name, step)
    for name in plan.required:
        work.set_aside(work.arrays[name].is_null())
    # Arrow leaves a row out of which every piece is null, so each begins with an empty text
    joined = _join([_scalar(""), *work.pieces_of(plan.texts)], "skip")
    _, ends, data = joined.buffers()
    odd = () if work.odd is None else tuple(pc.indices_nonzero(work.odd).to_pylist())
    return RowTexts(data=memoryview(data or b""), ends=memoryview(ends).cast("i"), odd=odd)


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

    def pieces_of(self, texts: Iterable[Text]) -> list[Array]:
        """What the whole text of each row is joined of: pieces of texts that all rows have, and texts."""
        pieces: list[Array] = []
        for text in texts:
            if all(not self.arrays[name].null_count for name in text.needs):
                pieces.extend(map(self._piece, text.pieces))
            else:
                pieces.append(self._joined(text))
        return pieces

    def _piece(self, piece: Piece) -> Array:
        return self.arrays[piece.text] if piece.is_variable else self._known[piece.text]

    def _joined(self, text: Text) -> Array:
        pieces = [*map(self._piece, text.pieces)]
        joined = _join(pieces, "emit_null") if len(pieces) > 1 else pieces[0]
        for name in text.unseen:
            joined = pc.if_else(self.arrays[name].is_valid(), joined, _scalar(None))
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


def _join(pieces: Sequence[Array], nulls: str) -> Array:
    # the system's allocator gives memory back, which Arrow's own keeps
    return pc.binary_join_element_wise(*pieces, _scalar(""), null_handling=nulls, memory_pool=pa.system_memory_pool())


def _with_each(column: Array, rows: Array, convert: Callable[[str], str | None]) -> Array:
    """The column with some of its values converted; each distinct one is converted once."""
    values = column.filter(rows).dictionary_encode()
    made = pa.array([convert(value) for value in values.dictionary.to_pylist()], pa.string())
    return pc.replace_with_mask(column, rows, made.take(values.indices))


def _unlike(column: Array, pattern: str) -> Array:
    """Which values a pattern does not match as a whole."""
    return pc.fill_null(pc.invert(pc.match_substring_regex(column, f"^(?:{pattern})$")), fill_value=False)


def _attempt(convert: Callable[[str], str], value: str) -> str | None:
    try:
        return convert(value)
    except Odd:
        return None
