"""Rows of a real PostgreSQL: a cursor on the server, a server that goes away."""

from __future__ import annotations

import itertools
from contextlib import closing

import pytest

from graphmap.errors import SourceError
from graphmap.records.database_connections import AT_ONCE
from graphmap.records.readers.database import Database, sql_rows

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.conformance


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
