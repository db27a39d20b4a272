"""Records that know how many came before."""

from __future__ import annotations

from collections.abc import Iterator

from graphmap.records.source import Raw, Records

__all__ = ["Counted"]


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
