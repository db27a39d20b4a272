"""Rows of a database, shown on SQLite, which needs no server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Self

import pytest

from graphmap.errors import MappingError, SourceError
from graphmap.records.readers.database import Database, sql_rows

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
    with closing(sql_rows("people", database, query, wanted=wanted)) as rows:
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


class _Leaving:
    """A connection whose database goes away after some rows."""

    class Error(Exception):
        """What its driver raises."""

    def __init__(self) -> None:
        self.description = [("id",)]
        self.closed = False
        self._left = [[(1,), (2,)]]

    def cursor(self) -> Self:
        return self

    def execute(self, query: str) -> None:
        assert query == "select id from people"

    def fetchmany(self, _: int) -> Sequence[Sequence[Any]]:
        if not self._left:
            raise self.Error("server closed the connection")
        return self._left.pop()

    def close(self) -> None:
        if self.closed:
            raise self.Error("already closed")
        self.closed = True


def test_a_database_that_goes_away_gives_its_rows_and_then_an_error_with_the_last_row() -> None:
    rows = iter(sql_rows("people", _Leaving(), "select id from people", wanted=["id"]))
    assert [next(rows), next(rows)] == [(1, {"id": 1}), (2, {"id": 2})]
    with pytest.raises(SourceError, match=r"people: the database refuses: server closed.*row 2 was the last"):
        next(rows)


def test_a_connection_of_the_caller_is_read_and_stays_open(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        with closing(sql_rows("x", connection, "select 1 as a, null as b", wanted=["a", "b"])) as rows:
            assert list(rows) == [(1, {"a": 1})]
        assert connection.execute("select 2").fetchone() == (2,)
        with pytest.raises(SourceError, match="x: the database refuses"):
            sql_rows("x", connection, "nonsense", wanted=[])


def test_any_database_of_sqlalchemy_is_read(database: Database) -> None:
    pytest.importorskip("sqlalchemy")
    url = database.url.replace("sqlite:", "sqlite+pysqlite:")
    assert _rows(Database(url=url), "select * from people where name like 'Ä%'", ["ID", "size"]) == [
        (1, {"ID": 1, "size": "1.5"})
    ]
    with pytest.raises(SourceError, match=r"the database refuses: .*no such table"):
        _rows(Database(url=url), "select * from nowhere", [])
    with pytest.raises(SourceError, match=r"cannot connect|no kind read here"):
        _rows(Database(url="mysql+pymysql://u:hidden@127.0.0.1:1/d"), "select 1", [])


def test_duckdb_gives_rows_with_their_datatypes(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "x.duckdb"
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute("create table t as select 1 as Id, 1.10::decimal(4,2) as price, null as none")
        connection.execute("insert into t values (2, 2.50, null)")
    rows = _rows(Database(url=f"duckdb:///{path}"), "select * from t order by id", ["id", "price", "none"])
    assert rows == [(1, {"id": 1, "price": "1.10"}), (2, {"id": 2, "price": "2.50"})]
    with pytest.raises(SourceError, match="the database refuses"):
        _rows(Database(url=f"jdbc:duckdb:{path}"), "select * from nowhere", [])
    with pytest.raises(SourceError, match="cannot be opened"):
        _rows(Database(url=f"duckdb:{tmp_path}/nowhere.duckdb"), "select 1", [])
    with pytest.raises(MappingError, match="'age' not"):
        _rows(Database(url=f"duckdb:{path}"), "select * from t", ["age"])


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("postgresql://u:p%40ss@h/db", None),
        ("postgresql://h/db?user=u&password=p%40ss", None),
        ("jdbc:mysql://h/db", "p@ss"),
    ],
)
def test_whatever_a_driver_says_the_password_is_left_out(url: str, password: str | None) -> None:
    database = Database(url=url, password=password)
    shown = database.without_secrets(f"cannot reach {url} with 'p@ss' or p%40ss")
    assert "p@ss" not in shown
    assert "p%40ss" not in shown
