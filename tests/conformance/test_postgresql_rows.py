"""Rows of a real PostgreSQL: datatypes, a cursor on the server, a server that goes away."""

from __future__ import annotations

import itertools
from contextlib import closing

import pytest

from graphmap.errors import SourceError
from graphmap.rdf.xsd import XSD
from graphmap.records.database_connections import AT_ONCE
from graphmap.records.datatypes import Typed
from graphmap.records.readers.database import Database, sql_rows

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.conformance

_VALUES = {
    "1::bigint": (1, None),
    "1.10::numeric": ("1.10", "decimal"),
    "0.1::float8": ("0.1", "double"),
    "true": (True, None),
    "date '2025-01-10'": ("2025-01-10", "date"),
    "timestamp '2025-01-10 05:15:30.5'": ("2025-01-10T05:15:30.500000", "dateTime"),
    "time '05:15'": ("05:15:00", "time"),
    "interval '1 day 2 seconds'": ("P1DT2S", "dayTimeDuration"),
    "'\\x8950'::bytea": ("8950", "hexBinary"),
    "'x'::text": ("x", None),
    "'00000000-0000-0000-0000-000000000001'::uuid": ("00000000-0000-0000-0000-000000000001", None),
    "array[1, 2]": ([1, 2], None),
}


@pytest.mark.parametrize(("expression", "expected"), _VALUES.items(), ids=_VALUES)
def test_a_value_has_its_natural_datatype(
    postgresql: str, expression: str, expected: tuple[object, str | None]
) -> None:
    with closing(sql_rows("x", Database(url=postgresql), f"select {expression} as v", wanted=["v"])) as rows:
        ((_, row),) = rows
    value, datatype = row["v"], expected[1]
    assert (value, value.datatype if isinstance(value, Typed) else None) == (expected[0], datatype and XSD + datatype)


def _urls(url: str) -> list[str]:
    """The server by its own driver and by SQLAlchemy."""
    return [url, url.replace("postgresql:", "postgresql+psycopg:")]


def test_a_server_that_goes_away_gives_its_rows_and_then_an_error(postgresql: str) -> None:
    pytest.importorskip("sqlalchemy")
    for url in _urls(postgresql):
        query = "select generate_series(1, 1000000) as id, pg_backend_pid() as process"
        with closing(sql_rows("series", Database(url=url), query, wanted=["id", "process"])) as opened:
            rows = iter(opened)
            process = next(rows)[1]["process"]
            with psycopg.connect(postgresql, autocommit=True) as other:
                other.execute("select pg_terminate_backend(%s, 5000)", (process,))
            with pytest.raises(SourceError, match=r"series: the database refuses: .*row \d+ was the last"):
                list(rows)


def test_rows_wait_on_the_server_until_they_are_asked_for(postgresql: str) -> None:
    pytest.importorskip("sqlalchemy")
    for url in _urls(postgresql):
        query = "select 1 / (50000 - n) as v from generate_series(1, 60000) as n"  # faulty far from its beginning
        with closing(sql_rows("late", Database(url=url), query, wanted=["v"])) as opened:
            rows = iter(opened)
            assert len(list(itertools.islice(rows, 50_000 - 2 * AT_ONCE))) == 50_000 - 2 * AT_ONCE
            with pytest.raises(SourceError, match="division by zero"):
                list(rows)


def test_nothing_can_be_written_by_a_query(postgresql: str) -> None:
    with psycopg.connect(postgresql, autocommit=True) as other:
        other.execute("create sequence if not exists used")
    with pytest.raises(SourceError, match="read-only"):
        sql_rows("x", Database(url=postgresql), "select nextval('used')", wanted=[])
