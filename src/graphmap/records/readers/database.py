"""Rows of a database: what a query gives, with the natural datatype of each value.

PostgreSQL and what SQLAlchemy reaches are read through cursors on the server, DuckDB in batches of columns, so that
memory does not grow with the result. A database is called by the name that the caller gives it.
Source: RML-Core, natural mapping of SQL values; ISO/IEC 9075-2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from graphmap.errors import Locator, MappingError, SourceError
from graphmap.records.database_connections import (
    AT_ONCE,
    Database,
    Opened,
    missing,
    opened,
    opened_by_caller,
    path_of,
    refusal,
)
from graphmap.records.datatypes import natural
from graphmap.records.sql_types import DUCKDB, Convert

if TYPE_CHECKING:
    from graphmap.records.readers.arrow import ArrowRows

__all__ = ["Database", "SqlRows", "sql_rows"]


def sql_rows(name: str, database: Database | Any, query: str, *, wanted: Iterable[str] | None) -> SqlRows | ArrowRows:
    """The rows of a query.

    Args:
        name: of the source, for messages.
        database: where it is, or an open connection of PEP 249, which stays open.
        query: SQL.
        wanted: the columns to give, as the mapping writes them: a name in double quotes, or one without, which fits a
            column that differs in case alone, as in SQL; `None` is for all.

    Raises:
        SourceError: where the database cannot be reached or does not take the query.
        MappingError: where the result lacks a column, or has it twice.
    """
    if not isinstance(database, Database):
        return SqlRows(name, opened_by_caller(database), query, wanted=wanted)
    if database.scheme == "duckdb":
        return _duckdb_rows(name, database, query, wanted)
    return SqlRows(name, opened(name, database), query, wanted=wanted, database=database)


class SqlRows:
    """Numbered rows of a query, each a mapping of column to value without its nulls.

    Args:
        name: of the source, for messages.
        at: cursor of the database.
        query: SQL.
        wanted: as for `sql_rows`.
        database: where it is; what drivers say may hold its secrets.

    Raises:
        SourceError: where the database does not take the query.
        MappingError: where the result lacks a column, or has it twice.
    """

    header = None

    def __init__(
        self, name: str, at: Opened, query: str, *, wanted: Iterable[str] | None, database: Database | None = None
    ) -> None:
        self.name = name
        self._at = at
        self._database = database
        try:
            self._first, given = self._executed(query)
            columns = [each[0] for each in at.cursor.description or ()]
            found = _positions(columns, wanted, name)
        except (MappingError, SourceError):
            self.close()
            raise
        converts = given or [natural] * len(columns)
        self._wanted = [(text, at, converts[at]) for text, at in found.items()]
        self.columns = tuple(found)

    def _executed(self, query: str) -> tuple[Sequence[Sequence[Any]], Sequence[Convert]]:
        """The first rows of a query, and what is made of the values of each column."""
        try:
            self._at.cursor.execute(query)
            converts = self._at.converts(query)
            return self._at.cursor.fetchmany(AT_ONCE), converts
        except self._at.faults as error:
            raise self._fault(error, "check the query") from None

    def close(self) -> None:
        """Close the cursor, and the connection where it was opened here."""
        with suppress(*self._at.faults):  # a cursor on a server that went away
            self._at.cursor.close()
        self._at.close()

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield row number (from 1) and values, in the order of the result.

        Raises:
            SourceError: where the database goes away; the rows before were yielded.
        """
        number, rows = 0, self._first
        while rows:
            for row in rows:
                number += 1
                yield number, {text: made(row[at]) for text, at, made in self._wanted if row[at] is not None}
            try:
                rows = self._at.cursor.fetchmany(AT_ONCE)
            except self._at.faults as error:
                raise self._fault(
                    error, f"row {number} was the last; read it again when the database is there"
                ) from None

    def _fault(self, error: Exception, hint: str) -> SourceError:
        return refusal(self.name, "the database refuses", error, self._database, hint)


def _duckdb_rows(name: str, database: Database, query: str, wanted: Iterable[str] | None) -> ArrowRows:
    try:
        import duckdb  # noqa: PLC0415  # an extra: only those who read DuckDB need it

        from graphmap.records.readers.arrow import ArrowRows  # noqa: PLC0415  # needs Arrow, which is large
    except ImportError as error:
        raise missing(name, "DuckDB", error.name or "duckdb", "duckdb") from error
    path = path_of(database) or ":memory:"
    try:
        connection = duckdb.connect(path, read_only=path != ":memory:")
    except duckdb.Error as error:
        raise refusal(name, "cannot be opened", error, database, "check the path") from error
    try:
        connection.execute("set TimeZone = 'UTC'")
        relation = connection.sql(query)
        columns, types = relation.columns, [str(each).partition("(")[0] for each in relation.types]
        texts = {at for at, kind in enumerate(types) if kind in DUCKDB and DUCKDB[kind][1]}
        reader: Any = (connection.sql(_as_texts(query, len(columns), texts)) if texts else relation).to_arrow_reader(
            AT_ONCE
        )
        found = _positions(columns, wanted, name)
    except duckdb.Error as error:
        connection.close()
        raise refusal(name, "the database refuses", error, database, "check the query") from error
    except MappingError:
        connection.close()
        raise
    converts: dict[int | str, Convert] = {at: DUCKDB[kind][0] for at, kind in enumerate(types) if kind in DUCKDB}
    return ArrowRows(name, reader, wanted=found, close=connection.close, faults=(duckdb.Error,), converts=converts)


def _as_texts(query: str, width: int, texts: set[int]) -> str:
    """A query whose result has some of its columns as texts, as Arrow does not hold all their values."""
    names = [f"c{at}" for at in range(width)]
    chosen = ", ".join(f"{name}::varchar" if at in texts else name for at, name in enumerate(names))
    return f"select {chosen} from (\n{query}\n) as q({', '.join(names)})"  # noqa: S608  # the mapping's own query


def _positions(columns: Sequence[str], wanted: Iterable[str] | None, name: str) -> dict[str, int]:
    """Column to its position, as the mapping writes it; all of them where nothing is said of what is wanted."""
    if wanted is not None:
        return {text: _position(text, columns, name) for text in dict.fromkeys(wanted)}
    twice = next((each for each in columns if columns.count(each) > 1), None)
    if twice is not None:
        what = f"the query gives the column {twice!r} twice"
        raise MappingError(what, where=Locator(source=name), hint="name each column in the query, with AS")
    return {column: at for at, column in enumerate(columns)}


def _position(text: str, columns: Sequence[str], name: str) -> int:
    """Position of a column that the mapping reads."""
    quoted = text.startswith('"') and text.endswith('"') and len(text) > 1
    wanted = text[1:-1] if quoted else text
    exact = [at for at, column in enumerate(columns) if column == wanted]
    alike = [at for at, column in enumerate(columns) if column.lower() == wanted.lower()]
    found = exact or ([] if quoted else alike)
    if len(found) == 1:
        return found[0]
    what = f"the query gives the column {text!r} {'twice' if found else 'not'}"
    raise MappingError(what, where=Locator(source=name), hint=f"its columns: {', '.join(columns)}")
