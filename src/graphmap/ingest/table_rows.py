"""Rows of typed values, as in Parquet and Excel, as cells of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphmap.records import Raw, Records

__all__ = ["CellRows"]


class CellRows:
    """Rows of typed values as cells of text, so that a table gives the same records in any format.

    Args:
        records: rows as mappings of column to value.
        header: the columns, in the order of the cells.
    """

    def __init__(self, records: Records, header: tuple[str, ...]) -> None:
        self.name = records.name
        self.header: tuple[str, ...] | None = header
        self._columns = header
        self._records = records

    def close(self) -> None:
        """Close the input; may be called more than once."""
        self._records.close()

    def __iter__(self) -> Iterator[tuple[int, Raw]]:
        """Yield number (from 1) and cells."""
        for number, record in self._records:
            values: Mapping[str, Any] = record
            yield number, [_cell(values.get(column)) for column in self._columns]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
