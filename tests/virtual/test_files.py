"""Files as tables: CSV by the rules of the project's own reader, and Parquet."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from graphmap.errors import MappingError, SourceError
from graphmap.virtual import VirtualGraph
from tests.virtual.comparison import difference
from tests.virtual.random_queries import Made
from tests.virtual.worlds import loaded

_MAPPING = """
@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:things a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "things.csv" ; rml:null "n/a", "" .
ex:source rml:source ex:things ; rml:referenceFormulation rml:CSV .
ex:T rml:logicalSource ex:source ; rml:subjectMap [ rml:template "http://example.org/{id}" ; rml:class ex:Thing ] ;
  rml:predicateObjectMap [ rml:predicate ex:name ; rml:objectMap [ rml:reference "name" ] ] ,
    [ rml:predicate ex:size ; rml:objectMap [ rml:reference "size" ; rml:datatype xsd:integer ] ] .
"""
_ROWS = 'id,name,size\n1,"a ""b""\nc",007\n2,,3\n3,n/a,-0\n3,n/a,-0\n4," x ",\nä b,é,12\n'
_QUERIES = (
    "SELECT * { ?s ?p ?o }",
    "SELECT ?s ?n { ?s a <http://example.org/Thing> ; <http://example.org/name> ?n }",
    "SELECT ?n (COUNT(*) AS ?k) { ?s <http://example.org/name> ?n } GROUP BY ?n",
    "SELECT ?s { ?s <http://example.org/size> ?z FILTER(?z > 2) }",
    "SELECT ?s ?n { ?s a <http://example.org/Thing> OPTIONAL { ?s <http://example.org/name> ?n } }",
    "SELECT ?n { <http://example.org/ä%20b> <http://example.org/name> ?n }",
)


def _mapping(folder: Path) -> Path:
    file = folder / "mapping.ttl"
    file.write_text(_MAPPING)
    return file


@pytest.mark.parametrize("byte_order_mark", [b"", b"\xef\xbb\xbf"])
def test_a_csv_file_is_read_as_by_lift(tmp_path: Path, byte_order_mark: bytes) -> None:
    mapping = _mapping(tmp_path)
    (tmp_path / "things.csv").write_bytes(byte_order_mark + _ROWS.encode())
    store = loaded(mapping, {})
    with VirtualGraph([mapping]) as graph:
        assert [difference(graph, store, Made(text)) for text in _QUERIES] == [None] * len(_QUERIES)


def test_a_parquet_file_is_read_as_by_lift(tmp_path: Path) -> None:
    mapping, file = _mapping(tmp_path), tmp_path / "it's [1].parquet"
    rows = "(VALUES ('1', 'a', 7), ('2', NULL, 3), ('3', 'n/a', NULL), ('5', '', 0), ('3', 'é', -1)) t(id, name, size)"
    quoted = str(file).replace("'", "''")
    duckdb.execute(f"COPY (SELECT * FROM {rows}) TO '{quoted}' (FORMAT parquet)")  # noqa: S608  # rows of this test
    bind = {"things.csv": str(file)}
    store = loaded(mapping, bind)
    with VirtualGraph([mapping], bind=bind) as graph:
        assert [difference(graph, store, Made(text)) for text in _QUERIES] == [None] * len(_QUERIES)


def test_a_row_of_another_length_stops_the_query(tmp_path: Path) -> None:
    (tmp_path / "things.csv").write_text("id,name,size\n1,a\n")
    with VirtualGraph([_mapping(tmp_path)]) as graph, pytest.raises(SourceError):
        list(graph.query(_QUERIES[1]).rows)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with VirtualGraph([_mapping(tmp_path)]) as graph, pytest.raises(SourceError, match=r"cannot be read"):
        graph.query(_QUERIES[0])


def test_a_dialect_that_is_read_otherwise_is_refused(tmp_path: Path) -> None:
    mapping = _mapping(tmp_path)
    csvw = "http://www.w3.org/ns/csvw#"
    dialect = f'rml:path "things.csv" ; <{csvw}dialect> [ <{csvw}commentPrefix> "#" ]'
    mapping.write_text(_MAPPING.replace('rml:path "things.csv"', dialect))
    (tmp_path / "things.csv").write_text(_ROWS)
    with VirtualGraph([mapping]) as graph, pytest.raises(MappingError, match="dialect"):
        graph.query(_QUERIES[0])
