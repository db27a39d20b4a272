"""Databases that SQL is sent to: DuckDB, with files as its tables, and PostgreSQL; read-only, with a time limit.

Source: DuckDB, Python API; PostgreSQL, statement_timeout and transaction_read_only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import quote

from graphmap.errors import DeadlineError, Locator, SourceError
from graphmap.records import AT_ONCE, Cursor, Database, missing, natural, opened, path_of, refusal

__all__ = ["Column", "DuckDb", "Engine", "PostgreSql", "engine_of"]

Column = tuple[str, str]
"""Name and kind of a column; see `Engine.columns`."""
Values = tuple[Any, ...]


class Engine(Protocol):
    """A database that answers SQL.

    Args:
        dialect: as sqlglot calls it.
        name: for messages, without secrets.
    """

    @property
    def dialect(self) -> str:
        """The name that sqlglot has for its SQL."""

    @property
    def name(self) -> str:
        """The name for messages, without secrets."""

    def columns(self, query: str) -> tuple[Column, ...]:
        """The columns of a query; a kind is text, integer, decimal, double, boolean, date, timestamp or other."""

    def keys(self, table: str) -> tuple[frozenset[str], ...]:
        """Column sets of a table that are unique and never null, by its constraints."""

    def rows(self, query: str, timeout_s: float) -> Iterator[Sequence[Any]]:
        """The rows of a query, streamed."""

    def close(self) -> None:
        """Close the connection."""


_MOST_DIGITS = 18
_DUCKDB_COLLATIONS = (
    "SELECT coalesce(string_agg(sql, ' '), '') FROM (SELECT sql FROM duckdb_tables() WHERE sql ILIKE '%collate%' "
    "UNION ALL SELECT sql FROM duckdb_views() WHERE NOT internal AND sql ILIKE '%collate%')"
)
"""Collations in use; with one, texts that differ may be equal to SQL, and its types do not tell."""
_DUCKDB_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "VARCHAR": "text",
        **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), "integer"),
        "DOUBLE": "double",
        "BOOLEAN": "boolean",
        "DATE": "date",
        "TIMESTAMP": "timestamp",
    }
)


class DuckDb:
    """A DuckDB file opened for reading, or a database in memory that reads other files.

    Args:
        path: of the file; `None` for one in memory.
        memory: limit, as DuckDB writes it.

    Raises:
        SourceError: where it cannot be opened.
    """

    dialect = "duckdb"

    def __init__(self, path: str | None, *, memory: str = "1GB") -> None:
        self.name = (path or "files").partition("?")[0]
        try:
            import duckdb  # noqa: PLC0415  # an extra: only those who ask tables in place need it
        except ImportError as error:
            raise missing(self.name, "DuckDB", error.name or "duckdb", "virtual") from error
        self._errors = (duckdb.Error,)
        try:
            self._connection = duckdb.connect(path or ":memory:", read_only=path is not None)
            self._connection.execute(f"SET memory_limit = '{memory}'")
            self._connection.execute("SET TimeZone = 'UTC'")
        except duckdb.Error as error:
            raise refusal(self.name, "cannot be opened", error, None, "check the path") from error

    def columns(self, query: str) -> tuple[Column, ...]:
        """As `Engine.columns`."""
        described = self._fetched(f"DESCRIBE {query}", ())
        (written,) = self._fetched(_DUCKDB_COLLATIONS, ())
        plain = "collate" not in f"{query} {written[0]}".lower()
        return tuple((name, _duckdb_kind(kind, plain=plain)) for name, kind, *_ in described)

    def keys(self, table: str) -> tuple[frozenset[str], ...]:
        """As `Engine.keys`."""
        sql = (
            "SELECT constraint_type, constraint_column_names FROM duckdb_constraints() "
            "WHERE lower(table_name) = lower(?) AND schema_name = current_schema()"
        )
        found = self._fetched(sql, (table.strip('"'),))
        certain = {name for kind, names in found if kind in ("PRIMARY KEY", "NOT NULL") for name in names}
        keys = (frozenset(names) for kind, names in found if kind in ("PRIMARY KEY", "UNIQUE"))
        return tuple(key for key in keys if key <= certain)

    def define(self, view: str, query: str) -> None:
        """Name a query of a database in memory.

        Raises:
            SourceError: where DuckDB refuses it.
        """
        self._fetched(f"CREATE OR REPLACE VIEW {view} AS {query}", ())

    def _fetched(self, sql: str, values: Sequence[Any]) -> list[Values]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except self._errors as error:
            raise self._refusal(error) from error

    def rows(self, query: str, timeout_s: float) -> Iterator[Sequence[Any]]:
        """As `Engine.rows`; interrupted when the time is up.

        Raises:
            SourceError: where DuckDB refuses the query or cannot read its files.
            DeadlineError: when the time is up.
        """
        from graphmap.records.readers import arrow_values  # noqa: PLC0415  # needs Arrow, which is large

        expired = threading.Event()
        cursor = self._connection.cursor()

        def stop() -> None:
            expired.set()
            cursor.interrupt()

        timer = threading.Timer(timeout_s, stop)
        timer.daemon = True
        timer.start()
        try:
            for batch in cursor.sql(query).to_arrow_reader(AT_ONCE):
                yield from zip(*(arrow_values(column) for column in batch.columns), strict=True)
                if expired.is_set():
                    raise _late(self.name, timeout_s)
        except self._errors as error:
            if expired.is_set():
                raise _late(self.name, timeout_s) from error
            raise self._refusal(error) from error
        except (OSError, OverflowError, ValueError) as error:  # Arrow's own, and dates that Python has not
            if expired.is_set():
                raise _late(self.name, timeout_s) from error
            raise self._refusal(error) from error
        finally:
            timer.cancel()
            cursor.close()

    def _refusal(self, error: Exception) -> SourceError:
        return refusal(self.name, "the database refuses", error, None, "check the source and its mapping")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _duckdb_kind(kind: Any, *, plain: bool) -> str:
    text = str(kind)
    if text.startswith("DECIMAL("):
        digits, scale = (int(each) for each in text[8:-1].split(","))
        return _decimal_kind(digits, scale)
    found = _DUCKDB_KINDS.get(text, "other")
    return found if plain or found != "text" else "other"


def _decimal_kind(digits: int, scale: int) -> str:
    """Decimals are those that the embedded store holds exactly."""
    return "decimal" if scale <= _MOST_DIGITS and digits - scale <= _MOST_DIGITS else "other"


_POSTGRESQL_KINDS: Mapping[int, str] = MappingProxyType(
    {
        **dict.fromkeys((20, 21, 23), "integer"),
        **dict.fromkeys((25, 1043), "text"),
        16: "boolean",
        701: "double",
        1082: "date",
        1114: "timestamp",
    }
)
"""Type OID to kind; `char(n)` is other, as it compares without padding, and so is `numeric`, as NaN may be in it."""


def _postgresql_kind(column: Any, *, plain: bool) -> str:
    found = _POSTGRESQL_KINDS.get(column[1], "other")
    return found if plain or found != "text" else "other"


_POSTGRESQL_COLLATIONS = "SELECT count(*) FROM pg_collation WHERE NOT collisdeterministic"
"""By such a collation texts that differ may be equal to SQL."""
_KEYS = """
SELECT array_agg(a.attname::text), bool_and(a.attnotnull)
FROM pg_index i
JOIN LATERAL unnest(i.indkey::smallint[]) AS k(n) ON true
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n
WHERE i.indrelid = to_regclass('{table}') AND i.indisunique AND i.indisvalid AND i.indimmediate
  AND i.indpred IS NULL AND i.indexprs IS NULL
GROUP BY i.indexrelid
"""


_CANCELED = "57014"
"""SQLSTATE of a statement that was ended, as by its timeout."""
_CATALOG_SECONDS = 60


class PostgreSql:
    """A PostgreSQL database; every query is a read-only transaction of its own with a statement timeout."""

    dialect = "postgres"

    def __init__(self, database: Database, name: str) -> None:
        self.name = name
        self._database = database

    def columns(self, query: str) -> tuple[Column, ...]:
        """As `Engine.columns`."""
        # a cursor on the server has its description only after a fetch
        (collations, *_), _ = self._all(_POSTGRESQL_COLLATIONS)
        plain = not collations[0]
        _, description = self._all(f"SELECT * FROM ({query}) AS described LIMIT 0")  # noqa: S608  # the mapping's own query
        return tuple((each[0], _postgresql_kind(each, plain=plain)) for each in description)

    def keys(self, table: str) -> tuple[frozenset[str], ...]:
        """As `Engine.keys`."""
        rows, _ = self._all(_KEYS.format(table=table.replace("'", "''")))
        return tuple(frozenset(names) for names, certain in rows if certain)

    def _all(self, query: str) -> tuple[list[Sequence[Any]], Sequence[Any]]:
        with self._cursor(_CATALOG_SECONDS) as cursor:
            cursor.execute(query)
            rows = list(cursor.fetchmany(AT_ONCE))
            return rows, cursor.description or ()

    @contextmanager
    def _cursor(self, timeout_s: float) -> Iterator[Cursor]:
        """A cursor of a read-only connection, closed at the end; what the driver says is told without secrets."""
        mark = "&" if "?" in self._database.url else "?"
        options = quote(f"-c statement_timeout={max(1, int(timeout_s * 1000))}", safe="")
        given = self._database
        url = f"{given.url}{mark}options={options}&connect_timeout={max(2, int(timeout_s))}"
        at = opened(self.name, Database(url=url, username=given.username, password=given.password))
        try:
            yield at.cursor
        except at.faults as error:
            if getattr(error, "sqlstate", None) == _CANCELED:
                raise _late(self.name, timeout_s) from None
            raise self._refusal(error) from None
        finally:
            with suppress(*at.faults):  # a cursor on a server that went away
                at.cursor.close()
            at.close()

    def rows(self, query: str, timeout_s: float) -> Iterator[Sequence[Any]]:
        """As `Engine.rows`; the server ends a statement when the time is up.

        Raises:
            SourceError: where PostgreSQL refuses the query or goes away.
            DeadlineError: when the time is up.
        """
        with self._cursor(timeout_s) as cursor:
            cursor.execute(query)
            while found := cursor.fetchmany(AT_ONCE):
                yield from ([natural(value) for value in row] for row in found)

    def _refusal(self, error: Exception) -> SourceError:
        return refusal(self.name, "the database refuses", error, self._database, "check the source and its mapping")

    def close(self) -> None:
        """Nothing stays open."""


def _late(name: str, timeout_s: float) -> DeadlineError:
    what = f"the database did not answer within {timeout_s:g} s"
    return DeadlineError(what, where=Locator(source=name), hint="ask for less, or allow more time")


def engine_of(database: Database, name: str) -> Engine:
    """The engine of a database.

    Args:
        database: where it is.
        name: of the source, for messages.

    Raises:
        SourceError: where it is of a kind that is not asked in place, or cannot be opened.
    """
    make = _ENGINES.get(database.scheme)
    if make is None:
        what = f"a {database.scheme} database is not asked in place"
        raise SourceError(what, where=Locator(source=name), hint="use DuckDB, PostgreSQL or files, or load its rows")
    return make(database, name)


_ENGINES: Mapping[str, Callable[[Database, str], Engine]] = MappingProxyType(
    {
        "duckdb": lambda database, _: DuckDb(path_of(database)),
        "postgresql": PostgreSql,
        "postgres": PostgreSql,
    }
)
"""Scheme of a URL to what opens its engine."""
