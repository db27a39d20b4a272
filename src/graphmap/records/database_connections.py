"""Database connections: a table by URL scheme, and SQLAlchemy for all others.

Drivers are imported when they are needed; each is an extra. No message holds a password, whatever a driver says.
Source: PEP 249; JDBC and SQLAlchemy, URLs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote, unquote

from graphmap.errors import Locator, SourceError

__all__ = ["AT_ONCE", "Cursor", "Database", "Opened", "missing", "opened", "opened_by_caller", "path_of", "refusal"]

AT_ONCE = 2_000
"""Rows that are asked for at a time."""
_SECRET = re.compile(r"://[^/?#@\s]*?:([^/?#\s]*)@|[?&;\s]password=([^&;\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Address and credentials of a database.

    Args:
        url: `postgresql://...`, `sqlite:...`, `duckdb:...` or any URL of SQLAlchemy, with or without `jdbc:` before it.
        username: where the URL has none.
        password: where the URL has none; shown nowhere.
    """

    url: str = field(repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def scheme(self) -> str:
        """Scheme of the URL, without `jdbc:`."""
        return self.url.removeprefix("jdbc:").partition(":")[0]

    def without_secrets(self, text: str) -> str:
        """A text without the passwords by which the database is reached, whichever way they are written."""
        found = {part for match in _SECRET.finditer(self.url) for part in match.groups() if part}
        found |= {self.password} if self.password else set()
        for secret in sorted(found | {unquote(each) for each in found} | {quote(each) for each in found}, key=len)[
            ::-1
        ]:
            text = text.replace(secret, "***")
        return text


class Cursor(Protocol):
    """Part of a cursor of PEP 249 that is used."""

    @property
    def description(self) -> Sequence[Any] | None:
        """One sequence a column, its name first."""

    def execute(self, query: Any) -> Any:
        """Run a query."""

    def fetchmany(self, size: int) -> Sequence[Sequence[Any]]:
        """The next rows."""

    def close(self) -> None:
        """Let go of the result."""


class Opened(NamedTuple):
    """The classes of the driver's errors, a cursor, and what closes the connection."""

    faults: tuple[type[Exception], ...]
    cursor: Cursor
    close: Callable[[], object]


def opened(name: str, database: Database) -> Opened:
    """Open a database.

    Args:
        name: of the source, for messages.
        database: where it is.

    Raises:
        SourceError: where it cannot be reached, or its driver is missing.
    """
    return _DRIVERS.get(database.scheme, _sqlalchemy)(name, database)


def opened_by_caller(connection: Any) -> Opened:
    """A cursor of a connection that somebody else opened and closes."""
    module = sys.modules.get(type(connection).__module__.partition(".")[0])
    kinds = (getattr(connection, "Error", None), getattr(module, "Error", None))
    faults = tuple(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Exception))
    return Opened(faults or (RuntimeError, OSError), connection.cursor(), lambda: None)


def refusal(name: str, what: str, error: Exception, database: Database | None, hint: str) -> SourceError:
    """An error that tells what a driver said, in one line and without secrets."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    said = lines[0] if database is None else database.without_secrets(lines[0])
    return SourceError(f"{what}: {said}", where=Locator(source=name), hint=hint)


def missing(name: str, what: str, package: str, extra: str) -> SourceError:
    """An error that tells which package is not there."""
    hint = f"install graphmap[{extra}]"
    return SourceError(f"{what} needs the package {package}", where=Locator(source=name), hint=hint)


def _postgresql(name: str, database: Database) -> Opened:
    try:
        import psycopg  # noqa: PLC0415  # an extra: only those who read PostgreSQL need it
    except ImportError as error:
        raise missing(name, "PostgreSQL", "psycopg", "postgres") from error
    given = {"user": database.username, "password": database.password}
    url = database.url.removeprefix("jdbc:")
    try:
        connection = psycopg.connect(url, **{key: value for key, value in given.items() if value})  # type: ignore[arg-type]  # texts alone
    except psycopg.Error as error:
        raise refusal(name, "cannot connect", error, database, "check address, user and password") from None
    connection.read_only = True
    return Opened((psycopg.Error,), connection.cursor(name="graphmap"), connection.close)


def _sqlite(name: str, database: Database) -> Opened:
    import sqlite3  # noqa: PLC0415  # only those who read SQLite need it

    try:
        connection = sqlite3.connect(f"file:{path_of(database)}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise refusal(name, "cannot be opened", error, database, "check the path") from error
    return Opened((sqlite3.Error,), connection.cursor(), connection.close)


def path_of(database: Database) -> str:
    """The path in a URL such as `sqlite:PATH`, or as SQLAlchemy has it `sqlite:///PATH`."""
    return re.sub("^[a-z]+:(///|//)?", "", database.url.removeprefix("jdbc:"))


def _sqlalchemy(name: str, database: Database) -> Opened:
    try:
        import sqlalchemy  # noqa: PLC0415  # an extra: only those who read other databases need it
    except ImportError as error:
        raise missing(name, f"a {database.scheme} database", "SQLAlchemy", "sqlalchemy") from error
    hint = "use postgresql:, sqlite:, duckdb: or a URL of SQLAlchemy whose driver is installed"
    try:
        url = sqlalchemy.make_url(database.url.removeprefix("jdbc:"))
        given = {"username": database.username, "password": database.password}
        url = url.set(**{key: value for key, value in given.items() if value})  # type: ignore[arg-type]  # texts alone
        # without a pool, which would keep the driver's connection open
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    except (sqlalchemy.exc.ArgumentError, ImportError) as error:
        raise refusal(name, "the database is of no kind read here", error, database, hint) from None
    try:
        connection = engine.connect().execution_options(stream_results=True, max_row_buffer=AT_ONCE)
    except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
        raise refusal(name, "cannot connect", error, database, "check address, user and password") from None
    return Opened((sqlalchemy.exc.SQLAlchemyError,), _AlchemyCursor(connection), connection.close)


class _AlchemyCursor:
    """A connection of SQLAlchemy as a cursor."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._result: Any = None

    @property
    def description(self) -> Sequence[Any]:
        """One tuple a column, its name in it."""
        return [(name,) for name in self._result.keys()]  # noqa: SIM118  # no mapping

    def execute(self, query: str) -> None:
        """Run a query as it is written."""
        self._result = self._connection.exec_driver_sql(query)

    def fetchmany(self, size: int) -> Sequence[Sequence[Any]]:
        """The next rows."""
        rows: Sequence[Sequence[Any]] = self._result.fetchmany(size)
        return rows

    def close(self) -> None:
        """Let go of the result."""
        if self._result is not None:
            self._result.close()


_DRIVERS: Mapping[str, Callable[[str, Database], Opened]] = MappingProxyType(
    {"postgresql": _postgresql, "postgres": _postgresql, "sqlite": _sqlite}
)
"""Scheme of a URL to how a database of that kind is opened."""
