"""Records that a program hands over, with the natural datatype of each value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphmap.errors import Locator, RecordError
from graphmap.records.datatypes import natural
from graphmap.records.source import Refusal, Refuse, raise_refusal

__all__ = ["GivenRecords"]


class GivenRecords:
    """Numbered records of an iterable, in its order, lazily.

    Args:
        name: of the source.
        records: for a table, mappings of column to value; for documents, any values as JSON has them.
        nulls: texts that stand for no value in a table; `None` where the records are documents.
        refuse: called for a record of a table that is no mapping; by default it stops the reading.
    """

    header = None

    def __init__(
        self,
        name: str,
        records: Iterable[Any],
        *,
        nulls: frozenset[str] | None,
        refuse: Refuse = raise_refusal,
    ) -> None:
        self.name = name
        self._records = records
        self._nulls = nulls
        self._refuse = refuse

    def close(self) -> None:
        """Nothing to close."""

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Yield record number (from 1) and record."""
        for number, record in enumerate(self._records, 1):
            if self._nulls is None:
                yield number, natural(record)
            elif isinstance(record, Mapping):
                yield number, _row(record, self._nulls)
            else:
                where = Locator(source=self.name, row=number)
                what = f"the record is not a mapping of columns to values, but {type(record).__name__}"
                error = RecordError(what, where=where, hint="hand over mappings")
                self._refuse(Refusal(error=error, payload=str(record)))


def _row(record: Mapping[str, Any], nulls: frozenset[str]) -> dict[str, Any]:
    """A row without its nulls; as in a table, the empty text is one unless the mapping names others."""
    found = ((str(name), natural(value)) for name, value in record.items())
    return {name: value for name, value in found if not _is_null(value, nulls)}


def _is_null(value: Any, nulls: frozenset[str]) -> bool:
    return value is None or (isinstance(value, str) and (value in nulls if nulls else not value))
