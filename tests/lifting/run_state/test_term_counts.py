"""Terms and nulls by term map, counted alike by the interpreter and by generated code."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from graphmap.lifting import Interpreter, as_mapping, compile_plan
from graphmap.lifting.run_state.join_index import JoinIndex, SharedState
from graphmap.lifting.run_state.term_counts import Counts, TermCounter, counted_maps
from graphmap.records.value_forms import ValueForms
from tests.lifting.mappings import mapping, source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphmap.lifting import Plan
    from graphmap.lifting.plan.triples_maps import Join, ViewJoin

_OBJECTS = """rml:predicateObjectMap
    [ rml:predicate ex:p , ex:q ; rml:objectMap [ rml:reference "{a}" ] ] ,
    [ rml:predicate ex:n ; rml:objectMap [ rml:reference "{b}" ; rml:datatype xsd:integer ] ] ,
    [ rml:predicate ex:t ; rml:objectMap [ rml:template "http://e/{{{b}}}" ] ] .
ex:other rml:logicalSource {logical} ; rml:subjectMap [ rml:reference "{b}" ; rml:graph ex:graph ] ;
  rml:predicateObjectMap [ rml:predicate ex:g ; rml:objectMap [ rml:reference "{b}" ] ] ."""


def _counted(
    plan: Plan,
    records: list[Any],
    header: tuple[str, ...] | None = None,
    joined: Mapping[Join | ViewJoin, JoinIndex] = MappingProxyType({}),
) -> Counts:
    """The counts of the interpreter, held against those of the compiled plan."""
    tallies = TermCounter(plan), TermCounter(plan)
    interpreter = Interpreter(plan, forms=ValueForms(), outside=SharedState(tally=tallies[0], joined=joined))
    lift = compile_plan(
        plan, header=header, forms=ValueForms(), outside=SharedState(tally=tallies[1], joined=joined)
    ).lift
    for record in records:
        interpreter.lift(record if header is None else as_mapping(header, record, frozenset()))
        assert lift(record) is not None
        assert tallies[0].counts() == tallies[1].counts()
    return tallies[0].counts()


def test_cells_without_value_are_nulls_where_there_is_a_subject(tmp_path: Path) -> None:
    body = """ex:rows rml:source "x.csv" ; rml:referenceFormulation rml:CSV .
    ex:map rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{id}" ] ; """
    plan = mapping(tmp_path, body + _OBJECTS.format(logical="ex:rows", a="a", b="b"))
    rows = [["1", "x", "1"], ["2", "", "2"], ["", "x", "3"], ["4", "", ""]]
    assert _counted(plan, rows, ("id", "a", "b")) == Counts((3, 1, 2, 2, 3, 3), (1, 2, 1, 1, 1, 0))


@pytest.mark.parametrize(("iterator", "wrap"), [("$", False), ("$.list[*]", True)])
def test_each_value_of_a_document_counts_and_so_does_each_node_without(
    tmp_path: Path,
    iterator: str,
    wrap: bool,  # noqa: FBT001  # a parameter
) -> None:
    body = source(iterator=iterator) + 'ex:map rml:logicalSource ex:source ; rml:subjectMap [ rml:reference "$.id" ] ; '
    plan = mapping(tmp_path, body + _OBJECTS.format(logical="ex:source", a="$.a[*]", b="$.b"))
    records = [{"id": "1", "a": ["x", "y"], "b": 1}, {"id": "2", "a": [], "b": 2}, {"a": ["x"]}, {"id": "4"}]
    documents = [{"list": records}] if wrap else records
    assert _counted(plan, documents) == Counts((3, 2, 2, 2, 2, 2), (1, 2, 1, 1, 2, 0))


def test_a_term_map_is_counted_once_however_often_it_is_used(tmp_path: Path) -> None:
    body = (
        source()
        + """ex:one rml:logicalSource ex:source ; rml:subjectMap ex:s ;
      rml:predicateObjectMap [ rml:predicate ex:p ; rml:object ex:o ] .
    ex:two rml:logicalSource ex:source ; rml:subjectMap ex:s ;
      rml:predicateObjectMap [ rml:predicate ex:q ; rml:objectMap [ rml:reference "$.a" ] ] .
    ex:s rml:template "http://e/{$.id}" ."""
    )
    plan = mapping(tmp_path, body)
    assert [each.triples_map for each in counted_maps(plan)] == ["<http://example.com/one>", "<http://example.com/two>"]
    assert _counted(plan, [{"id": 1, "a": 1}, {"a": 2}]) == Counts((2, 1), (2, 0))


def test_what_was_counted_is_taken_or_forgotten(tmp_path: Path) -> None:
    body = source() + 'ex:map rml:logicalSource ex:source ; rml:subjectMap [ rml:template "http://e/{$.id}" ] .'
    plan = mapping(tmp_path, body)
    tally, (only,) = TermCounter(plan), counted_maps(plan)
    tally.count(only.term_map, ["x"])
    kept = tally.counts()
    tally.count(only.term_map, [])
    tally.back_to(kept)
    assert tally.take() == Counts((1,), (0,))
    assert tally.counts() == Counts((0,), (0,))


def test_terms_of_a_join_count_once_for_all_predicates(tmp_path: Path) -> None:
    body = """ex:rows rml:source "x.csv" ; rml:referenceFormulation rml:CSV .
    ex:others rml:source "y.csv" ; rml:referenceFormulation rml:CSV .
    ex:other rml:logicalSource ex:others ; rml:subjectMap [ rml:template "http://o/{id}" ] .
    ex:map rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{id}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:p , ex:q ; rml:objectMap [ rml:parentTriplesMap ex:other ;
        rml:joinCondition [ rml:child "a" ; rml:parent "k" ] ] ] ."""
    whole = mapping(tmp_path, body)
    index = JoinIndex()
    for subject in ("<1>", "<2>"):
        index.add(("x",), subject)
    plan = whole.over(next(source for source in whole.sources if source.path == "x.csv"))
    rows = [["1", "x"], ["2", ""], ["3", "none"], ["", "x"]]
    joined: Mapping[Join | ViewJoin, JoinIndex] = dict.fromkeys(plan.joins, index)
    assert _counted(plan, rows, ("id", "a"), joined) == Counts((3, 2), (1, 2))


@pytest.mark.parametrize("kind", ["leftJoin", "innerJoin"])
def test_iterations_of_views_count_alike(tmp_path: Path, kind: str) -> None:
    body = f"""ex:right rml:source "right.csv" ; rml:referenceFormulation rml:CSV .
    ex:other rml:viewOn ex:right ; rml:field [ rml:fieldName "k" ; rml:reference "k" ] ,
      [ rml:fieldName "v" ; rml:reference "v" ] .
    ex:view rml:viewOn ex:source ; rml:field [ rml:fieldName "id" ; rml:reference "$.id" ] ,
      [ rml:fieldName "item" ; rml:iterator "$.items[*]" ; rml:field [ rml:fieldName "a" ; rml:reference "$.a" ] ] ;
      rml:{kind} [ rml:parentLogicalView ex:other ; rml:joinCondition [ rml:child "id" ; rml:parent "k" ] ;
        rml:field [ rml:fieldName "v" ; rml:reference "v" ] ] .
    ex:map rml:logicalSource ex:view ; rml:subjectMap [ rml:template "http://e/{{id}}" ] ; rml:predicateObjectMap
      [ rml:predicate ex:a ; rml:objectMap [ rml:reference "item.a" ] ] ,
      [ rml:predicate ex:v ; rml:objectMap [ rml:reference "v" ] ] ."""
    plan = mapping(tmp_path, source() + body)
    index = JoinIndex()
    index.add(("1",), '[0, ["v", "x", null]]')
    index.add(("1",), '[1, ["v", "y", null]]')
    index.add(("2",), "[2]")
    records = [{"id": 1, "items": [{"a": 1}, {"a": 2}]}, {"id": 2}, {"id": 3, "items": [{}]}, {"items": [{"a": 5}]}]
    counts = _counted(plan, records, joined={plan.view_joins[0]: index})
    assert counts.terms == ((6, 4, 4) if kind == "leftJoin" else (5, 4, 4))
