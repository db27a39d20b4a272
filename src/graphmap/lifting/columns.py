"""Lifting a portion of a table column by column: what one column gives for all rows, then the next column.

Rows that need the interpreter come one by one at the end of the portion.

Arrow is imported here and below, and this module only where a table is large.
"""

from __future__ import annotations

from collections.abc import Callable

from graphmap.lifting.compiler.columns.arrays import constants, portion_texts
from graphmap.lifting.compiler.columns.csv_batches import columns_of
from graphmap.lifting.compiler.columns.plan import ColumnPlan

__all__ = ["ColumnLift"]


class ColumnLift:
    """Lifts portions of a table.

    Args:
        plan: for the table's columns.
        delimiter: one ASCII character.
    """

    def __init__(self, plan: ColumnPlan, *, delimiter: str) -> None:
        self._plan = plan
        self._constants = constants(plan)
        self._delimiter = delimiter

    def lift(
        self, rows: bytes, one_by_one: Callable[[int, list[str]], str]
    ) -> tuple[int, list[bytes | memoryview]] | None:
        """Lift whole rows.

        Args:
            rows: of a table, without its header.
            one_by_one: gives the N-Triples text of an odd row; called with its number, from 1, and its cells.

        Returns:
            How many rows there are, and their N-Triples in pieces; `None` where the rows must be read one by one.
        """
        columns = columns_of(rows, self._delimiter, width=self._plan.width, nulls=self._plan.nulls)
        if columns is None:
            return None
        pieces, odd = portion_texts(self._plan, self._constants, columns)
        texts = (one_by_one(row + 1, [column[row].as_py() or "" for column in columns]) for row in odd)
        return len(columns[0]), [*pieces, *(text.encode() for text in texts)]
