"""Rows of a database, shown on SQLite, which needs no server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from graphmap.errors import MappingError, SourceError
from graphmap.records.sql import Database, SqlRows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Database:
    path = tmp_path / "people.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('create table people (id integer, name text, "Weird Name" text, size real)')
        connection.executemany(
            "insert into people values (?, ?, ?, ?)", [(1, "Ägidius", None, 1.5), (2, "", "x", None)]
        )
        connection.commit()
    return Database(url=f"sqlite:////{str(path).lstrip('/')}")


def _rows(database: Database, query: str, wanted: Sequence[str]) -> list[tuple[int, dict[str, object]]]:
    with closing(SqlRows("people", database, query, wanted=wanted)) as rows:
        return list(rows)


def test_rows_hold_the_wanted_columns_without_nulls(database: Database) -> None:
    assert _rows(database, "select * from people", ["id", "name", "Weird Name"]) == [
        (1, {"id": 1, "name": "Ägidius"}),
        (2, {"id": 2, "name": "", "Weird Name": "x"}),
    ]


def test_a_name_fits_a_column_in_another_case_unless_it_is_quoted(database: Database) -> None:
    assert _rows(database, "select * from people", ["ID", '"Weird Name"'])[1] == (2, {"ID": 2, '"Weird Name"': "x"})
    with pytest.raises(MappingError, match="not"):
        _rows(database, "select * from people", ['"ID"'])


def test_a_column_that_is_missing_or_given_twice_is_refused_by_name(database: Database) -> None:
    with pytest.raises(MappingError, match="'age' not") as caught:
        _rows(database, "select * from people", ["age"])
    assert "id, name" in (caught.value.hint or "")
    with pytest.raises(MappingError, match="'name' twice"):
        _rows(database, "select name, name from people", ["name"])


def test_a_query_that_the_database_refuses_is_an_error_that_names_the_source(database: Database) -> None:
    with pytest.raises(SourceError, match="people: the database refuses"):
        _rows(database, "select * from nowhere", [])


def test_a_database_that_is_not_there_or_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        _rows(Database(url=f"sqlite:{tmp_path}/nowhere.db"), "select 1", [])
    with pytest.raises(SourceError, match="of no kind read here"):
        _rows(Database(url="jdbc:oracle:x"), "select 1", [])


def test_a_password_is_shown_nowhere() -> None:
    secret = Database(url="postgresql://u:hidden@127.0.0.1:1/db", username="u", password="hidden")  # noqa: S106  # a test's own
    assert "hidden" not in repr(secret)
    pytest.importorskip("psycopg")
    with pytest.raises(SourceError) as caught:
        _rows(secret, "select 1", [])
    assert "hidden" not in str(caught.value)
