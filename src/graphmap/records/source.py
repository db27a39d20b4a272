"""Interface of all sources of records: numbered raw records, and a place for those that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from graphmap.errors import RecordError

__all__ = ["Counted", "PaddedRows", "Raw", "Records", "Refusal", "Refuse", "raise_refusal"]

Raw = Any
"""A raw record: a list of cells for a table, a decoded JSON value for a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A record that cannot be read, kept as it came.

    Args:
        error: what is wrong and where; its Locator has source and row.
        payload: the bytes or text of the record as far as they could be told apart from their neighbours.
    """

    error: RecordError
    payload: str


Refuse = Callable[[Refusal], None]
"""Called for each record that cannot be read; what it raises ends the reading."""


class Records(Protocol):
    """Numbered raw records of one input, in its order, read lazily and once.

    `header` is the tuple of column names of a table, `None` for documents.
    """

    @property
    def name(self) -> str:
        """The input, as the caller gave it."""

    @property
    def header(self) -> tuple[str, ...] | None:
        """Column names of a table."""

    def close(self) -> None:
        """Close the input; may be called more than once."""

    def __iter__(self) -> Iterator[tuple[int, Raw]]:
        """Yield number (from 1) and raw record."""


def raise_refusal(refusal: Refusal) -> None:
    """The strict way to meet a record that cannot be read: stop there.

    Raises:
        RecordError: always.
    """
    raise refusal.error


class Counted:
    """Records of another input, counted as they go by.

    Args:
        records: the input.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._number = 1

    @property
    def name(self) -> str:
        """The input, as the caller gave it."""
        return self._records.name

    @property
    def header(self) -> tuple[str, ...] | None:
        """Column names of a table."""
        return self._records.header

    def position(self) -> int:
        """The position of the latest record in the input, counted from 0."""
        return self._number - 1

    def close(self) -> None:
        """Close the input; may be called more than once."""
        self._records.close()

    def __iter__(self) -> Iterator[tuple[int, Raw]]:
        """Yield number (from 1) and raw record."""
        for number, raw in self._records:
            self._number = number
            yield number, raw


class PaddedRows:
    """Rows with columns that their table lacks; each cell there is empty.

    Args:
        rows: of the table.
        lacking: the columns, behind those of the table.
    """

    def __init__(self, rows: Records, lacking: tuple[str, ...]) -> None:
        self.name = rows.name
        self.header: tuple[str, ...] | None = (*(rows.header or ()), *lacking)
        self._rows = rows
        self._empty = [""] * len(lacking)

    def close(self) -> None:
        """Close the input; may be called more than once."""
        self._rows.close()

    def __iter__(self) -> Iterator[tuple[int, Raw]]:
        """Yield number (from 1) and cells."""
        for number, cells in self._rows:
            yield number, [*cells, *self._empty]
