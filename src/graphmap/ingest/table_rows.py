"""Rows of typed values, as in Parquet, Excel and databases, as cells of text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, BinaryIO

from graphmap.errors import ConfigurationError, Locator, SourceError
from graphmap.files import reading
from graphmap.records import Database, Raw, Records, Refuse
from graphmap.records.readers import encode_json, sql_rows
from graphmap.workspace import CONFIGURATION, DatabaseSettings

__all__ = ["CellRows", "database_rows", "typed_rows"]

_EMPTY_NAME = re.compile(r"\$\{[^}]*\}")


class CellRows:
    """Rows of typed values as cells of text, so that a table gives the same records in any format.

    Args:
        records: rows as mappings of column to value.
        columns: of the records, in the order of the cells.
        read: columns that the mapping reads; one that differs in case alone has its name, as in SQL.
    """

    def __init__(self, records: Records, columns: tuple[str, ...], read: Iterable[str] = ()) -> None:
        self.name = records.name
        names = {name.lower(): name for name in read}
        exact = frozenset(columns)
        self.header: tuple[str, ...] | None = tuple(
            name if (name := names.get(column.lower(), column)) not in exact else column for column in columns
        )
        self._columns = columns
        self._records = records

    def close(self) -> None:
        """Close the input; may be called more than once."""
        self._records.close()

    def __iter__(self) -> Iterator[tuple[int, Raw]]:
        """Yield number (from 1) and cells."""
        with closing(self._records):  # a connection to a database is to end with its rows
            for number, record in self._records:
                values: Mapping[str, Any] = record
                yield number, [_cell(values.get(column)) for column in self._columns]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return encode_json(value) if isinstance(value, dict | list) else str(value)


def typed_rows(name: str, stream: BinaryIO, *, refuse: Refuse) -> CellRows:
    """The rows of a Parquet, Arrow or Excel file.

    Args:
        name: of the file.
        stream: the file, opened; it is read and closed.
        refuse: called for each row that cannot be read.

    Raises:
        SourceError: where it cannot be read.
        MappingError: where it has two columns of one name.
    """
    with stream, reading(name):
        content = io.BytesIO(stream.read())
    mark = content.getvalue()[:4]
    if mark != b"PK\3\4":
        from graphmap.records.readers import arrow_file_rows, parquet_rows  # noqa: PLC0415  # needs Arrow, a large one

        rows = (parquet_rows if mark == b"PAR1" else arrow_file_rows)(name, content, wanted=None)
        return CellRows(rows, rows.columns)
    try:
        from graphmap.records.readers import SheetRows  # noqa: PLC0415  # an extra: only those who read Excel need it
    except ImportError as error:
        where, hint = Locator(source=name), "install graphmap[excel]"
        raise SourceError("an Excel workbook needs the package openpyxl", where=where, hint=hint) from error
    sheet = SheetRows(name, content, wanted=None, refuse=refuse)
    return CellRows(sheet, sheet.columns)


def database_rows(name: str, database: DatabaseSettings, read: Iterable[str]) -> CellRows:
    """The rows of a source that is in a database.

    Args:
        name: of the source.
        database: where they are.
        read: columns that the mapping reads.

    Raises:
        ConfigurationError: where a name in `${}` has no value in the environment.
        SourceError: where the database cannot be reached, or does not take the query.
        MappingError: where it gives two columns of one name.
    """
    for text in (database.url, database.username, database.password):
        missing = _EMPTY_NAME.search(text or "")
        if missing is not None:
            what = f"[sources.{name}] names {missing[0]}, which has no value"
            hint = f"set {missing[0][2:-1]} in the environment"
            raise ConfigurationError(what, where=Locator(source=CONFIGURATION), hint=hint)
    address = Database(url=database.url, username=database.username, password=database.password)
    rows = sql_rows(name, address, database.query, wanted=None)
    return CellRows(rows, rows.columns, read)
