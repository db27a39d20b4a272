"""The same world in PostgreSQL."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import psycopg
import pytest

from graphmap.errors import DeadlineError, GraphmapError
from graphmap.virtual import Limits, VirtualGraph
from tests.virtual.comparison import difference
from tests.virtual.random_queries import random_query
from tests.virtual.worlds import SCHEMA, loaded, rail_mapping, stations, trips

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rail(postgresql: str) -> str:
    """The URL of a server that holds the world."""
    random = Random(5)
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS trip, station")
        for statement in SCHEMA.split(";"):
            connection.execute(statement)
        cursor = connection.cursor()
        cursor.executemany("INSERT INTO station VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", stations(random, 24))
        cursor.executemany("INSERT INTO trip VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", trips(random, 72, 24))
    return postgresql


def test_random_queries_over_postgresql_are_answered_as_by_the_loaded_store(tmp_path: Path, rail: str) -> None:
    mapping = rail_mapping(tmp_path)
    store = loaded(mapping, {"database": rail})
    with VirtualGraph([mapping], bind={"database": rail}) as graph:
        found = [difference(graph, store, random_query(f"7/{number}")) for number in range(300)]
        ways = [graph.explain(random_query(f"7/{number}").text).way for number in range(100)]
    assert [each for each in found if each is not None] == []
    assert ways.count("sql") > 20


def test_a_statement_that_takes_too_long_is_ended_by_the_server(tmp_path: Path, rail: str) -> None:
    mapping = tmp_path / "slow.ttl"
    mapping.write_text(
        "@prefix rr: <http://www.w3.org/ns/r2rml#> .\n"
        '<#Slow> rr:logicalTable [ rr:sqlQuery "SELECT id, pg_sleep(5)::text AS nap FROM station" ] ;\n'
        '  rr:subjectMap [ rr:template "http://e.org/{id}" ] ;\n'
        '  rr:predicateObjectMap [ rr:predicate <http://e.org/nap> ; rr:objectMap [ rr:column "nap" ] ] .\n'
    )
    start = time.monotonic()
    with (
        VirtualGraph([mapping], bind={"database": rail}, limits=Limits(seconds=0.5)) as graph,
        pytest.raises(DeadlineError),
    ):
        list(graph.query("SELECT * { ?s <http://e.org/nap> ?o }").rows)
    assert time.monotonic() - start < 5


def test_nothing_is_written_and_no_password_is_told(tmp_path: Path, rail: str) -> None:
    mapping = tmp_path / "writes.ttl"
    mapping.write_text(
        "@prefix rr: <http://www.w3.org/ns/r2rml#> .\n"
        "<#Writes> rr:logicalTable [ rr:sqlQuery \"SELECT nextval('made') AS id\" ] ;\n"
        '  rr:subjectMap [ rr:template "http://e.org/{id}" ; rr:class <http://e.org/C> ] .\n'
    )
    with psycopg.connect(rail, autocommit=True) as connection:
        connection.execute("CREATE SEQUENCE IF NOT EXISTS made")
    with VirtualGraph([mapping], bind={"database": rail}) as graph, pytest.raises(GraphmapError, match="read-only"):
        list(graph.query("SELECT * { ?s a <http://e.org/C> }").rows)
    wrong = rail.replace("postgres@", "postgres:not-to-be-shown@").replace("/postgres", "/nowhere")
    with VirtualGraph([mapping], bind={"database": wrong}) as graph, pytest.raises(GraphmapError) as caught:
        graph.query("SELECT * { ?s a <http://e.org/C> }")
    assert "not-to-be-shown" not in f"{caught.value} {caught.value.hint}"
