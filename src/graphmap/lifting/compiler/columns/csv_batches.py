"""A portion of a table as columns.

Arrow reads rows as the reader of rows does where each is one line and each quote is part of a cell that is quoted as a
whole. Where that is not so, or a line has a cell too many, the portion is left to that reader, which knows what to say.
Source: RFC 4180, section 2.
"""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
from pyarrow import csv

__all__ = ["columns_of"]

_LARGEST = 1 << 22
"""Bytes beyond which rows are taken one by one: Arrow's texts end at 2 GB, and each cell may stand in many terms."""

_LONE_RETURN = re.compile(rb"\r(?!\n)")


def columns_of(rows: bytes, delimiter: str, *, width: int, nulls: frozenset[str]) -> list[Any] | None:
    """Read rows.

    Args:
        rows: whole rows of a table, without its header.
        delimiter: one ASCII character.
        width: number of columns.
        nulls: cells that stand for no value, beside the empty one.

    Returns:
        An array of texts for each column; `None` where the rows must be read one by one, or there are none.
    """
    if len(rows) > _LARGEST or (b"\r" in rows and _LONE_RETURN.search(rows)):
        return None
    quoted = b'"' in rows
    if quoted and not _whole_cells_are_quoted(rows, delimiter):
        return None
    names = [f"c{at}" for at in range(width)]
    try:
        table = csv.read_csv(
            pa.BufferReader(rows),
            read_options=csv.ReadOptions(use_threads=False, column_names=names, block_size=len(rows) + 1),
            parse_options=csv.ParseOptions(delimiter=delimiter, quote_char='"' if quoted else False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=["", *nulls], strings_can_be_null=True
            ),
            memory_pool=pa.system_memory_pool(),
        )
    except pa.ArrowInvalid:
        return None
    lines = rows.count(b"\n") + (not rows.endswith(b"\n"))
    return [column.chunk(0) for column in table.columns] if table.num_rows == lines else None


def _whole_cells_are_quoted(rows: bytes, delimiter: str) -> bool:
    """Return whether every quote belongs to a cell that begins and ends with one, on one line."""
    mark = re.escape(delimiter.encode())
    quoted = re.compile(rb'"(?<![^%b\n]")(?:[^"\n]++|"")*+"(?![^%b\r\n])' % (mark, mark))
    return sum(cell[0].count(b'"') for cell in quoted.finditer(rows)) == rows.count(b'"')
