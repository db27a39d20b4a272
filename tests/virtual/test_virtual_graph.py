"""What is refused, limited and told."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest

from graphmap.errors import DataError, DeadlineError, GraphmapError, LimitError, MappingError, QueryError, SourceError
from graphmap.virtual import Limits, VirtualGraph, serialized
from tests.virtual.worlds import rail_duckdb, rail_mapping

_PREFIX = "PREFIX ex: <http://example.org/rail/> "
_HEAD = "@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix ex: <http://example.org/> .\n"


@pytest.fixture
def rail(tmp_path: Path) -> VirtualGraph:
    return VirtualGraph([rail_mapping(tmp_path)], bind={"database": rail_duckdb(tmp_path, seed=1)})


def _mapping(folder: Path, columns: str, table: str = "t") -> Path:
    file = folder / "mapping.ttl"
    file.write_text(
        f'{_HEAD}<#T> rr:logicalTable [ rr:tableName "{table}" ] ;\n'
        f'  rr:subjectMap [ rr:template "http://example.org/{{id}}" ] ;\n  rr:predicateObjectMap {columns} .\n'
    )
    return file


def _table(folder: Path, *statements: str) -> str:
    path = folder / "t.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return f"duckdb:{path}"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?a (COUNT(*) AS ?n) { ?a ex:origin ?s . ?s ex:region ?r } GROUP BY ?a HAVING(COUNT(*) > 0)",
        "SELECT ?s ?c ?h { ?s a ex:Station ; ex:code ?c . OPTIONAL { ?s ex:height ?h } FILTER(!BOUND(?h) || ?h > 3) }",
        "SELECT ?x { { ?x ex:title ?y } UNION { ?x ex:seats ?y FILTER(?y >= 40) } }",
        "ASK { <http://example.org/station/1> ex:region ?r }",
    ],
)
def test_such_questions_are_one_sql_query(rail: VirtualGraph, text: str) -> None:
    assert rail.explain(_PREFIX + text).way == "sql"


def test_a_row_is_read_once_for_all_patterns_about_its_subject(rail: VirtualGraph) -> None:
    explanation = rail.explain(_PREFIX + "SELECT * { ?s ex:tracks ?a ; ex:opened ?b ; ex:height ?c }")
    ((_, sql),) = explanation.queries
    assert sql.count("FROM") == 1
    assert "JOIN" not in sql


def test_what_is_fetched_is_limited_and_says_so(tmp_path: Path) -> None:
    url = rail_duckdb(tmp_path, seed=1)
    graph = VirtualGraph([rail_mapping(tmp_path)], bind={"database": url}, limits=Limits(triples=20))
    with graph, pytest.raises(LimitError, match="more than 20 triples"):
        graph.query("CONSTRUCT WHERE { ?s ?p ?o }")


def test_sql_that_takes_too_long_is_interrupted(tmp_path: Path) -> None:
    url = _table(tmp_path, "CREATE TABLE t AS SELECT range AS id, range::VARCHAR AS name FROM range(200000)")
    mapping = _mapping(tmp_path, '[ rr:predicate ex:name ; rr:objectMap [ rr:column "name" ] ]')
    start = time.monotonic()
    with VirtualGraph([mapping], bind={"database": url}, limits=Limits(seconds=0.3)) as graph:
        text = "SELECT (COUNT(*) AS ?n) { ?a <http://example.org/name> ?x . ?b <http://example.org/name> ?y }"
        assert graph.explain(text).way == "sql"
        with pytest.raises(DeadlineError):
            list(graph.query(text).rows)
    assert time.monotonic() - start < 20


def test_an_evaluation_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    url = _table(tmp_path, "CREATE TABLE t AS SELECT range AS id, 1.5::DOUBLE AS size FROM range(1000)")
    mapping = _mapping(tmp_path, '[ rr:predicate ex:size ; rr:objectMap [ rr:column "size" ] ]')
    one = "<http://example.org/size>"
    text = f"SELECT (COUNT(*) AS ?n) {{ ?a {one} ?x . ?b {one} ?y . ?c {one} ?z FILTER(?x < ?y || ?y < ?z) }}"
    graph = VirtualGraph([mapping], bind={"database": url}, limits=Limits(seconds=1.5))
    with graph, pytest.raises(DeadlineError):
        graph.query(text)


def test_equal_rows_without_a_key_give_their_triples_once(tmp_path: Path) -> None:
    url = _table(tmp_path, "CREATE TABLE t (id INTEGER, name VARCHAR)", "INSERT INTO t VALUES (1,'a'),(1,'a'),(1,'b')")
    mapping = _mapping(tmp_path, '[ rr:predicate ex:name ; rr:objectMap [ rr:column "name" ] ]')
    text = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/name> ?o }"
    with VirtualGraph([mapping], bind={"database": url}) as graph:
        assert graph.explain(text).way == "sql"
        assert [row[0] for row in graph.query(text).rows] == ['"2"^^<http://www.w3.org/2001/XMLSchema#integer>']


def test_texts_that_a_collation_takes_for_equal_stay_two(tmp_path: Path) -> None:
    rows = "INSERT INTO t VALUES (1, 'a'), (2, 'A')"
    url = _table(tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR COLLATE NOCASE)", rows)
    mapping = _mapping(tmp_path, '[ rr:predicate ex:name ; rr:objectMap [ rr:column "name" ] ]')
    with VirtualGraph([mapping], bind={"database": url}) as graph:
        assert len(list(graph.query("SELECT DISTINCT ?o { ?s <http://example.org/name> ?o }").rows)) == 2
        assert len(list(graph.query('SELECT ?s { ?s <http://example.org/name> "a" }').rows)) == 1


def test_a_date_that_is_endless_is_refused_and_not_lost(tmp_path: Path) -> None:
    url = _table(tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY, day DATE)", "INSERT INTO t VALUES (1, 'infinity')")
    mapping = _mapping(tmp_path, '[ rr:predicate ex:day ; rr:objectMap [ rr:column "day" ] ]')
    with VirtualGraph([mapping], bind={"database": url}) as graph, pytest.raises(DataError, match="infinity"):
        list(graph.query("SELECT ?o { ?s <http://example.org/day> ?o }").rows)


def test_a_value_that_fits_no_datatype_stops_the_query_and_is_named(tmp_path: Path) -> None:
    url = _table(tmp_path, "CREATE TABLE t (id INTEGER, day VARCHAR)", "INSERT INTO t VALUES (1, 'yesterday')")
    day = "rr:datatype <http://www.w3.org/2001/XMLSchema#date>"
    mapping = _mapping(tmp_path, f'[ rr:predicate ex:day ; rr:objectMap [ rr:column "day" ; {day} ] ]')
    with VirtualGraph([mapping], bind={"database": url}) as graph, pytest.raises(DataError) as caught:
        list(graph.query("SELECT * { ?s <http://example.org/day> ?o }").rows)
    assert "yesterday" in caught.value.what
    assert str(caught.value.where) == "database, /day"


def test_a_column_that_vanished_is_named_with_its_table(tmp_path: Path) -> None:
    url = _table(tmp_path, "CREATE TABLE t (id INTEGER)")
    mapping = _mapping(tmp_path, '[ rr:predicate ex:name ; rr:objectMap [ rr:column "name" ] ]')
    with VirtualGraph([mapping], bind={"database": url}) as graph, pytest.raises(MappingError, match="'name'"):
        graph.query("SELECT * { ?s <http://example.org/name> ?o }")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ('[ rr:predicateMap [ rr:template "http://e/{id}" ] ; rr:object "x" ]', "predicate from data"),
        ('[ rr:predicate ex:p ; rr:object "x" ; rr:graph ex:g ]', "named graph"),
    ],
)
def test_a_mapping_that_has_no_form_here_is_refused_at_the_start(tmp_path: Path, part: str, said: str) -> None:
    with pytest.raises(MappingError, match=said):
        VirtualGraph([_mapping(tmp_path, part)], bind={"database": "duckdb:none"})


def test_sql_of_a_mapping_that_is_no_query_is_refused(tmp_path: Path) -> None:
    url = _table(tmp_path, "CREATE TABLE t (id INTEGER)")
    mapping = _mapping(tmp_path, "[ rr:predicate ex:p ; rr:object ex:o ]")
    mapping.write_text(mapping.read_text().replace('rr:tableName "t"', 'rr:sqlQuery "DELETE FROM t"'))
    with VirtualGraph([mapping], bind={"database": url}) as graph, pytest.raises(MappingError, match="no query"):
        graph.query("SELECT * { ?s ?p ?c }")


@pytest.mark.parametrize(
    "text", ["SELECT * { ?s ?p }", "INSERT DATA { <a:a> <a:a> <a:a> }", "SELECT * { SERVICE <http://e.org/> { } }"]
)
def test_what_is_no_question_is_refused(rail: VirtualGraph, text: str) -> None:
    with pytest.raises(QueryError):
        rail.query(text)


def test_a_database_that_is_not_there_is_named(tmp_path: Path) -> None:
    mapping = _mapping(tmp_path, '[ rr:predicate ex:p ; rr:object "x" ]')
    url = f"duckdb:{tmp_path / 'none.duckdb'}"
    with VirtualGraph([mapping], bind={"database": url}) as graph, pytest.raises(SourceError, match=r"none\.duckdb"):
        graph.query("SELECT * { ?s ?p ?o }")


def test_answers_are_written_in_the_usual_syntaxes(rail: VirtualGraph) -> None:
    text = _PREFIX + "SELECT ?t { <http://example.org/region/north> ex:title ?t }"
    assert serialized(rail.query(text), "csv").split() == [b"t", b"north"]
    assert b"<uri>" not in serialized(rail.query(text), "xml")
    with pytest.raises(GraphmapError, match="no format"):
        serialized(rail.query(text), "turtle")
