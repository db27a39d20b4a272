"""The graphs of statements, and blank nodes in them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmap.ingest.lift import LiftRun, lift_mapping
from graphmap.lifting import compile_plan
from graphmap.records import ValueForms
from tests.lifting.mappings import lifted, mapping

if TYPE_CHECKING:
    from pathlib import Path

_TABLE = {"d.csv": "id,v,g\n1,a,x\n2,b,\n"}
_SOURCE = 'ex:d rml:source "d.csv" ; rml:referenceFormulation rml:CSV .\n'
_MAPS = {
    "none": ((), (None, None)),
    "constant": (("rml:graph ex:x",), ("x", "x")),
    "default": (("rml:graph rml:defaultGraph",), (None, None)),
    "data": (('rml:graphMap [ rml:template "http://example.com/{g}" ]',), ("x", ())),
    "empty": (('rml:graphMap [ rml:template "http://example.com/{g}{g}" ]',), ("xx", ())),
}
"""Graph maps of a position, and the graph that each row has by them; `()` for none at all."""


def _graphs(kinds: tuple[str, ...], row: int) -> set[str | None]:
    if all(kind == "none" for kind in kinds):
        return {None}
    named = [_MAPS[kind][1][row] for kind in kinds if kind != "none"]
    return {graph for graph in named if not isinstance(graph, tuple)}


@pytest.mark.parametrize(("subject", "pair"), list(itertools.product(_MAPS, _MAPS)))
def test_a_statement_goes_to_the_graphs_that_its_graph_maps_name_and_nowhere_else(
    tmp_path: Path, subject: str, pair: str
) -> None:
    of_subject, of_pair = (" ; ".join(("", *_MAPS[kind][0])) for kind in (subject, pair))
    body = (
        f'{_SOURCE}ex:t rml:logicalSource ex:d ; rml:subjectMap [ rml:template "http://example.com/{{id}}" ; '
        f"rml:class ex:C {of_subject} ] ; rml:predicateObjectMap [ rml:predicate ex:p ; "
        f'rml:objectMap [ rml:reference "v" ] {of_pair} ] .'
    )
    expected = []
    for row, (name, value) in enumerate((("1", "a"), ("2", "b"))):
        start = f"<http://example.com/{name}>"
        kinds: dict[str, tuple[str, ...]] = {
            f"{start} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.com/C>": (subject,),
            f'{start} <http://example.com/p> "{value}"': (subject, pair),
        }
        for line, maps in kinds.items():
            expected += [
                f"{line} ." if graph is None else f"{line} <http://example.com/{graph}> ."
                for graph in _graphs(maps, row)
            ]
    assert lifted(tmp_path, body, _TABLE) == sorted(expected)


_BLANKS = {
    "a reference": 'rml:reference "id" ; rml:termType rml:BlankNode',
    "a template": 'rml:template "n-{id}" ; rml:termType rml:BlankNode',
    "no expression": "rml:termType rml:BlankNode",
    "a list": 'rml:gather ( [ rml:reference "v" ] [ rml:reference "id" ] ) ; rml:gatherAs rdf:List',
    "a bag": 'rml:gather ( [ rml:reference "v" ] ) ; rml:gatherAs rdf:Bag',
}


@pytest.mark.parametrize("place", ["subject", "object"])
@pytest.mark.parametrize("blank", list(_BLANKS))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graphs=st.lists(st.sampled_from(["ex:a", "ex:b", "rml:defaultGraph"]), min_size=1, max_size=3, unique=True))
def test_no_blank_node_stands_in_two_graphs(tmp_path: Path, blank: str, place: str, graphs: list[str]) -> None:
    maps = {"subject": 'rml:template "http://example.com/{id}"', "object": 'rml:reference "v"', place: _BLANKS[blank]}
    body = (
        f"{_SOURCE}ex:t rml:logicalSource ex:d ; rml:subjectMap [ {maps['subject']} ] ; rml:predicateObjectMap "
        f"[ rml:predicate ex:p ; rml:objectMap [ {maps['object']} ] ; rml:graph {', '.join(graphs)} ] ."
    )
    quads = list(pyoxigraph.parse("\n".join(lifted(tmp_path, body, _TABLE)), pyoxigraph.RdfFormat.N_QUADS))
    seen: dict[pyoxigraph.BlankNode, set[str]] = {}
    for quad in quads:
        for term in (quad.subject, quad.object):
            if isinstance(term, pyoxigraph.BlankNode):
                seen.setdefault(term, set()).add(str(quad.graph_name))
    assert all(len(each) == 1 for each in seen.values())
    per_graph = {str(quad.graph_name): 0 for quad in quads}
    for quad in quads:
        per_graph[str(quad.graph_name)] += 1
    assert len(per_graph) == len(graphs)
    assert len(set(per_graph.values())) == 1  # every graph has the whole of it


def test_one_value_is_one_blank_node_within_a_graph_over_all_records(tmp_path: Path) -> None:
    body = (
        f'{_SOURCE}ex:t rml:logicalSource ex:d ; rml:subjectMap [ rml:reference "k" ; rml:termType rml:BlankNode ; '
        'rml:graph ex:a ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "v" ] ] .'
    )
    lines = lifted(tmp_path, body, {"d.csv": "k,v\n7,a\n7,b\n"})
    assert len({line.split()[0] for line in lines}) == 1
    assert len(lines) == 2


_GRAPHS = st.lists(st.sampled_from(["ex:a", "ex:b", "rml:defaultGraph"]), max_size=3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graphs=st.lists(_GRAPHS, min_size=3, max_size=3))
def test_columns_rows_and_interpreter_agree_on_graphs(tmp_path: Path, graphs: list[list[str]]) -> None:
    of_subject, *of_pairs = (f"; rml:graph {', '.join(each)}" if each else "" for each in graphs)
    pairs = " ; ".join(
        f'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "{name}" ] {each} ]'
        for name, each in zip("vg", of_pairs, strict=True)
    )
    body = (
        f'{_SOURCE}ex:t rml:logicalSource ex:d ; rml:subjectMap [ rml:template "http://example.com/{{id}}" ; '
        f"rml:class ex:C {of_subject} ] ; {pairs} ."
    )
    lines = lifted(tmp_path, body, {"d.csv": 'id,v,g\n1,a,a\n2,"b\n",\n3,c,d\n'})
    texts = lift_mapping(tmp_path / "mapping.ttl", [], LiftRun(), base=None, bind={}, environment={}, processes=1)
    by_columns = b"".join(bytes(text) for text in texts).decode().splitlines()
    assert sorted(by_columns) == lines


def test_a_plan_with_constant_graphs_is_not_left_to_the_interpreter(tmp_path: Path) -> None:
    body = (
        f'{_SOURCE}ex:t rml:logicalSource ex:d ; rml:subjectMap [ rml:template "http://example.com/{{id}}" ; '
        "rml:graph ex:a , ex:b ] ; rml:predicateObjectMap "
        '[ rml:predicate ex:p ; rml:objectMap [ rml:reference "v" ] ; rml:graph ex:c ] .'
    )
    plan = mapping(tmp_path, body)
    assert compile_plan(plan, header=("id", "v"), forms=ValueForms()).handed_over == ()
    blank = mapping(tmp_path, body.replace('rml:template "http://example.com/{id}"', "rml:termType rml:BlankNode"))
    assert compile_plan(blank, header=("id", "v"), forms=ValueForms()).handed_over != ()
