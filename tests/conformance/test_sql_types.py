"""A table of types for each database: what a value of each type becomes, against the real server."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from graphmap.records.readers.database import Database, sql_rows
from tests.records.types import MARIADB, MARIADB_NO_VALUES, POSTGRESQL, POSTGRESQL_NO_VALUES, told

pytestmark = pytest.mark.conformance


def _value(url: str, expression: str, *, by: str = "") -> object:
    database = Database(url=url.replace("postgresql:", f"postgresql{by}:"))
    with closing(sql_rows("x", database, f"select {expression} as v", wanted=["v"])) as rows:
        ((_, row),) = rows
    return row["v"]


@pytest.fixture(scope="module")
def types(postgresql: str) -> str:
    """The server with types of its own."""
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgresql, autocommit=True) as connection:
        for name, definition in (
            ("mood", "as enum ('sad', 'ok')"),
            ("point2", "as (x int, d date)"),
            ("line2", "as (a point2, n numeric)"),
        ):
            connection.execute(f"drop type if exists {name} cascade")
            connection.execute(f"create type {name} {definition}")
        connection.execute("drop domain if exists positive; create domain positive as int check (value > 0)")
    return postgresql


@pytest.mark.parametrize(("expression", "expected"), list(POSTGRESQL.items()), ids=list(POSTGRESQL))
def test_a_value_of_postgresql_has_its_datatype_and_its_canonical_form(
    types: str, expression: str, expected: object
) -> None:
    assert told(_value(types, expression)) == expected


@pytest.mark.parametrize("expression", POSTGRESQL_NO_VALUES)
def test_a_value_of_postgresql_that_its_datatype_lacks_is_ill_typed(types: str, expression: str) -> None:
    found = told(_value(types, expression))
    assert isinstance(found, tuple)
    assert found[2] == "ill-typed"


def test_sqlalchemy_hands_over_the_same_texts(types: str) -> None:
    pytest.importorskip("sqlalchemy")
    for expression in ("date 'infinity'", "interval '1 year 2 mons'", "timestamp '0044-03-15 12:00 BC'"):
        assert _value(types, expression, by="+psycopg") == _value(types, expression)


def _mariadb(url: str, kind: str, written: str) -> Any:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("set sql_mode = 'ALLOW_INVALID_DATES'")
        connection.exec_driver_sql(f"create or replace table v (id int, v {kind})")
        connection.exec_driver_sql(f"insert into v values (1, {written})")  # noqa: S608  # a table of our own
    with closing(sql_rows("x", Database(url=url), "select * from v", wanted=["v"])) as rows:
        ((_, row),) = rows
    return row["v"]


@pytest.mark.parametrize(("given", "expected"), list(MARIADB.items()), ids=map(str, MARIADB))
def test_a_value_of_mariadb_has_its_datatype_and_its_canonical_form(
    mariadb: str, given: tuple[str, str], expected: object
) -> None:
    assert told(_mariadb(mariadb, *given)) == expected


@pytest.mark.parametrize("given", MARIADB_NO_VALUES, ids=str)
def test_a_value_of_mariadb_that_its_datatype_lacks_is_ill_typed(mariadb: str, given: tuple[str, str]) -> None:
    assert told(_mariadb(mariadb, *given))[2] == "ill-typed"
