"""Lifting from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph
import pytest

import graphmap
from graphmap.errors import DataError, GraphmapError, SourceError
from graphmap.lifting.lift import lift_to_bytes, lift_to_file
from tests.lifting.mappings import PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

_BODY = """ex:rows rml:source "rows.csv" ; rml:referenceFormulation rml:CSV .
ex:row rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "row/{id}" ; rml:graph ex:g ] ;
  rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:reference "n" ; rml:datatype xsd:integer ] ] .
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    file = tmp_path / "mapping.ttl"
    file.write_text(PREFIXES + _BODY)
    (tmp_path / "rows.csv").write_text("id,n\n1,1\n2,x\n3,3\n4\n")
    return file


def _good(mapping: Path) -> None:
    (mapping.parent / "rows.csv").write_text("id,n\n1,1\n3,3\n")


def test_quads_are_yielded_as_they_are_lifted(mapping: Path) -> None:
    _good(mapping)
    first, _ = graphmap.lift(mapping, base="http://b/")
    assert first.subject == pyoxigraph.NamedNode("http://b/row/1")
    assert first.graph_name == pyoxigraph.NamedNode("http://example.com/g")


def test_the_first_fault_ends_the_work_after_what_came_before(mapping: Path) -> None:
    quads = graphmap.lift(str(mapping), base="http://b/")
    assert next(quads).object == pyoxigraph.Literal("1", datatype=pyoxigraph.NamedNode(_INTEGER))
    with pytest.raises(DataError):
        next(quads)


_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def test_faulty_records_are_told_and_left_out_where_somebody_listens(mapping: Path) -> None:
    faults: list[GraphmapError] = []
    assert len(list(graphmap.lift(mapping, base="http://b/", on_fault=faults.append))) == 2
    assert [fault.where.row for fault in faults] == [2, 4]


def test_bytes_and_file_hold_the_same_n_quads(mapping: Path, tmp_path: Path) -> None:
    _good(mapping)
    out = tmp_path / "out.nq"
    lift_to_file(mapping, out, base="http://b/")
    assert out.read_bytes() == lift_to_bytes(mapping, base="http://b/")
    assert out.read_bytes().count(b"\n") == 2


def test_a_file_is_whole_or_not_there(mapping: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.nq"
    with pytest.raises(DataError):
        lift_to_file(mapping, out, base="http://b/")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mapping.ttl", "rows.csv"]
    with pytest.raises(SourceError, match="cannot be written"):
        lift_to_file(mapping, tmp_path / "nowhere" / "out.nq", base="http://b/")


def test_quads_go_into_the_stores_of_other_libraries(mapping: Path) -> None:
    _good(mapping)
    store = graphmap.to_pyoxigraph(graphmap.lift(mapping, base="http://b/"))
    assert {str(quad) for quad in store} == {str(quad) for quad in graphmap.lift(mapping, base="http://b/")}
    dataset = graphmap.to_rdflib(graphmap.lift(mapping, base="http://b/"))
    found = {f"<{s}> <{p}> {o.n3()} <{g}>" for s, p, o, g in dataset.quads()}
    assert found == {str(quad) for quad in graphmap.lift(mapping, base="http://b/")}
    assert graphmap.to_pyoxigraph([], store) is store
    assert graphmap.to_rdflib([], dataset) is dataset


def test_terms_of_every_kind_reach_rdflib_as_they_are() -> None:
    terms = ['"a"@en', f'"01"^^<{_INTEGER}>', "_:b", "<http://e/o>", '"x"']
    text = f"<http://e/s> <http://e/p> {', '.join(terms)} ."
    quads = pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE)
    assert sorted(value.n3() for _, _, value, _ in graphmap.to_rdflib(quads).quads()) == sorted(terms)
