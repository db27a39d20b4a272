"""Tables of types for the databases that need no server: what a value of each type becomes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from graphmap.records.readers.database import Database, sql_rows
from tests.records.types import DUCKDB, DUCKDB_NO_VALUES, SQLITE, SQLITE_NO_VALUES, told

if TYPE_CHECKING:
    from pathlib import Path


def _sqlite(folder: Path, declared: str, value: Any) -> Any:
    path = folder / "x.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"create table t (id integer, v {declared})")
        connection.execute("insert into t values (1, ?)", (value,))
        connection.commit()
    with closing(sql_rows("x", Database(url=f"sqlite:{path}"), "select v, id from t", wanted=["v"])) as rows:
        ((_, row),) = rows
    return row["v"]


@pytest.mark.parametrize(("given", "expected"), list(SQLITE.items()), ids=map(str, SQLITE))
def test_a_value_of_sqlite_has_the_datatype_that_its_column_declares(
    tmp_path: Path, given: tuple[str, Any], expected: Any
) -> None:
    assert told(_sqlite(tmp_path, *given)) == expected


@pytest.mark.parametrize("given", SQLITE_NO_VALUES, ids=str)
def test_a_value_of_sqlite_that_its_datatype_lacks_is_ill_typed(tmp_path: Path, given: tuple[str, Any]) -> None:
    assert told(_sqlite(tmp_path, *given))[2] == "ill-typed"


def test_a_query_of_sqlite_of_which_no_view_can_be_made_is_read_by_the_types_of_its_values(tmp_path: Path) -> None:
    _sqlite(tmp_path, "DATE", "1981-10-10")
    database = Database(url=f"sqlite:{tmp_path / 'x.db'}")
    with closing(sql_rows("x", database, "pragma table_info(t)", wanted=["name", "type"])) as rows:
        assert [row["name"] for _, row in rows] == ["id", "v"]


def _duckdb(expression: str) -> Any:
    pytest.importorskip("duckdb")
    query = f"select 7 as id, {expression} as v"
    with closing(sql_rows("x", Database(url="duckdb:"), query, wanted=["v", "id"])) as rows:
        ((_, row),) = rows
    assert row["id"] == 7
    return row["v"]


@pytest.mark.parametrize(("expression", "expected"), list(DUCKDB.items()), ids=list(DUCKDB))
def test_a_value_of_duckdb_has_its_datatype_and_its_canonical_form(expression: str, expected: Any) -> None:
    assert told(_duckdb(expression)) == expected


@pytest.mark.parametrize("expression", DUCKDB_NO_VALUES)
def test_a_value_of_duckdb_that_its_datatype_lacks_is_ill_typed(expression: str) -> None:
    assert told(_duckdb(expression))[2] == "ill-typed"
