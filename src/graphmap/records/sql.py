"""Rows of a database: what a query gives, with the natural datatype of each value.

PostgreSQL is read through a cursor on the server, so that memory does not grow with the result. No message holds a
password: a database is called by the name that the caller gives it.
Source: RML-Core, natural mapping of SQL values; ISO/IEC 9075-2.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from graphmap.errors import Locator, MappingError, SourceError
from graphmap.records.natural import natural

__all__ = ["Database", "SqlRows"]

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """How a database is reached.

    Args:
        url: `postgresql://...` or `sqlite:...`, with or without `jdbc:` before it.
        username: where the URL has none.
        password: where the URL has none; shown nowhere.
    """

    url: str = field(repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)


class _Cursor(Protocol):
    @property
    def description(self) -> Sequence[Any] | None: ...

    def execute(self, query: Any) -> Any: ...

    def fetchmany(self, size: int) -> Sequence[Sequence[Any]]: ...

    def close(self) -> None: ...


class SqlRows:
    """Numbered rows of a query, each a mapping of column to value without its nulls.

    Args:
        name: of the source, for messages.
        database: where it is.
        query: SQL.
        wanted: the columns to give, as the mapping writes them: a name in double quotes, or one without, which fits a
            column that differs in case alone, as in SQL.

    Raises:
        SourceError: where the database cannot be reached or does not take the query.
        MappingError: where the result lacks a column, or has it twice.
    """

    header = None

    def __init__(self, name: str, database: Database, query: str, *, wanted: Iterable[str]) -> None:
        self.name = name
        self._faults, self._connection, self._cursor = _opened(name, database)
        try:
            self._first = self._executed(query)
            columns = [each[0] for each in self._cursor.description or ()]
            self._wanted = {text: _position(text, columns, name) for text in dict.fromkeys(wanted)}
        except (MappingError, SourceError):
            self.close()
            raise

    def _executed(self, query: str) -> Sequence[Sequence[Any]]:
        try:
            self._cursor.execute(query)
            return self._cursor.fetchmany(_AT_ONCE)
        except self._faults as error:
            raise self._fault(error, "check the query") from error

    def close(self) -> None:
        """Close the connection."""
        with suppress(self._faults):  # a cursor on a server that went away
            self._cursor.close()
        self._connection.close()

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield row number (from 1) and values, in the order of the result.

        Raises:
            SourceError: where the database goes away; the rows before were yielded.
        """
        number, rows = 0, self._first
        while rows:
            for row in rows:
                number += 1
                found = ((text, row[at]) for text, at in self._wanted.items())
                yield number, {text: natural(value) for text, value in found if value is not None}
            try:
                rows = self._cursor.fetchmany(_AT_ONCE)
            except self._faults as error:
                raise self._fault(error, "read it again when the database is there") from error

    def _fault(self, error: Exception, hint: str) -> SourceError:
        lines = str(error).strip().splitlines()
        return SourceError(f"the database refuses: {lines[0] if lines else error}", where=self._where, hint=hint)

    @property
    def _where(self) -> Locator:
        return Locator(source=self.name)


def _opened(name: str, database: Database) -> tuple[type[Exception], Any, _Cursor]:
    """The class of the driver's errors, a connection and a cursor."""
    url = database.url.removeprefix("jdbc:")
    scheme = url.partition(":")[0]
    if scheme not in _DRIVERS:
        known = ", ".join(f"{each}:" for each in _DRIVERS)
        raise SourceError("the database is of no kind read here", where=Locator(source=name), hint=f"use {known}")
    return _DRIVERS[scheme](name, url, database)


def _postgresql(name: str, url: str, database: Database) -> tuple[type[Exception], Any, _Cursor]:
    try:
        import psycopg  # noqa: PLC0415  # an extra: only those who read PostgreSQL need it
    except ImportError as error:
        hint = "install graphmap[postgres]"
        raise SourceError("PostgreSQL needs the package psycopg", where=Locator(source=name), hint=hint) from error
    given = {"user": database.username, "password": database.password}
    try:
        connection = psycopg.connect(url, **{key: value for key, value in given.items() if value})  # type: ignore[arg-type]  # texts alone
    except psycopg.Error as error:
        what = f"cannot connect: {str(error).strip().splitlines()[-1]}"
        raise SourceError(what, where=Locator(source=name), hint="check address, user and password") from error
    connection.read_only = True
    return psycopg.Error, connection, connection.cursor(name="graphmap")


def _sqlite(name: str, url: str, _: Database) -> tuple[type[Exception], Any, _Cursor]:
    path = re.sub("^sqlite:(///|//)?", "", url)  # `sqlite:PATH`, or as SQLAlchemy has it `sqlite:///PATH`
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    except sqlite3.Error as error:
        hint = "check the path"
        raise SourceError(f"cannot be opened: {error}", where=Locator(source=name), hint=hint) from error
    return sqlite3.Error, connection, connection.cursor()


_DRIVERS: Mapping[str, Callable[[str, str, Database], tuple[type[Exception], Any, _Cursor]]] = MappingProxyType(
    {"postgresql": _postgresql, "postgres": _postgresql, "sqlite": _sqlite}
)


def _position(text: str, columns: Sequence[str], name: str) -> int:
    """Where a column stands that the mapping reads."""
    quoted = text.startswith('"') and text.endswith('"') and len(text) > 1
    wanted = text[1:-1] if quoted else text
    exact = [at for at, column in enumerate(columns) if column == wanted]
    alike = [at for at, column in enumerate(columns) if column.lower() == wanted.lower()]
    found = exact or ([] if quoted else alike)
    if len(found) == 1:
        return found[0]
    what = f"the query gives the column {text!r} {'twice' if found else 'not'}"
    raise MappingError(what, where=Locator(source=name), hint=f"its columns: {', '.join(columns)}")
