"""The guard accepts no row that the engine rejects: on the shipped shapes with mutated rows, and on made-up traps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.generate import faulty_rows
from benchmarks.rows import COLUMNS
from graphmap.lifting import Plan, compile_plan, read_mapping
from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples
from graphmap.records import Rows
from graphmap.records.value_forms import ValueForms
from graphmap.validation.engine.engine import Engine
from graphmap.validation.shapes.class_hierarchy import sub_class_facts, superclasses
from graphmap.validation.shapes.loader import load_shapes
from graphmap.validation.static.row_proof import guard
from tests.lifting.mappings import mapping
from tests.lifting.mutations import RowChanges, mutated_row, row_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.com/> .
"""
_HEADER = ("a", "b", "c")
_PROBE = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


class _Pair:
    """Guard and engine over the rows of one table."""

    def __init__(self, plan: Plan, shapes: Iterable[Path], facts: Any, header: tuple[str, ...]) -> None:
        loaded = load_shapes(shapes)
        self.guard = guard(plan, loaded, superclasses(facts))
        self._engine = Engine(loaded, facts)
        forms = ValueForms()
        self._guarded = compile_plan(plan, header=header, forms=forms, check=self.guard.check).lift
        self._open = compile_plan(plan, header=header, forms=forms).lift
        self.accepted = 0

    def holds(self, row: Sequence[str]) -> bool:
        """Whether the guard accepts a row; then the engine must find nothing in its graph."""
        found = self._guarded(list(row))
        if found is None:
            return False
        self.accepted += 1
        graph = Graph.of_lines(found[1])
        assert not self._engine.validate(graph), row
        return True

    def conforms(self, row: Sequence[str]) -> bool:
        """Whether the engine finds nothing in a row's graph."""
        found = self._open(list(row))
        return found is not None and not self._engine.validate(Graph.of_lines(found[1]))


class _Rows(list[list[str]]):
    """Rows that a failing test does not print."""

    def __repr__(self) -> str:
        return f"{len(self)} rows"


@pytest.fixture(scope="session")
def customers(root: Path) -> _Pair:
    names = ("warehouse.ttl", "warehouse-limber.ttl")
    plan = read_mapping([root / "mappings" / name for name in names], base="https://schema.limbergraph.com/")
    ontology = sorted((root / "ontology").glob("*.ttl"))
    facts = [
        fact for file in ontology for fact in sub_class_facts(Graph(parse_triples(file.read_bytes(), source=str(file))))
    ]
    return _Pair(plan, sorted((root / "shapes").glob("*.ttl")), facts, tuple(COLUMNS))


@pytest.fixture(scope="session")
def rows(samples: Path, faulty: Path) -> _Rows:
    files = (samples / "dim_customer.csv", faulty / "rows.csv")
    return _Rows(row for file in files for _, row in Rows(str(file)))


def test_rows_that_the_guard_accepts_conform_and_most_good_rows_are_accepted(customers: _Pair) -> None:
    good, accepted = 0, 0
    for row, fault in faulty_rows(600, seed=11, errors=0.4):
        held = customers.holds(list(row.values()))
        good += fault is None
        accepted += held
    assert accepted > 0.95 * good


@_PROBE
@given(changed=row_changes)
def test_mutated_rows_that_the_guard_accepts_conform(customers: _Pair, rows: _Rows, changed: RowChanges) -> None:
    row = mutated_row(rows, changed)
    assert customers.holds(row) <= customers.conforms(row)


def _pair(folder: Path, pairs: str, shapes: str, *, subject: str = "http://e/{a}", more: str = "") -> _Pair:
    body = (
        'ex:source rml:source "x" ; rml:referenceFormulation rml:CSV .\n'
        f'ex:map rml:logicalSource ex:source ; rml:subjectMap [ rml:template "{subject}" ; rml:class ex:C ] ;\n'
        f"rml:predicateObjectMap {pairs} .\n{more}"
    )
    plan = mapping(folder, body)
    path = folder / "shapes.ttl"
    path.write_text(_SHAPES + f"ex:shape a sh:NodeShape ; sh:targetClass ex:C ; {shapes} .", encoding="utf-8")
    return _Pair(plan, [path], [], _HEADER)


def _column(predicate: str, column: str, more: str = "") -> str:
    return f'[ rml:predicate ex:{predicate} ; rml:objectMap [ rml:reference "{column}" {more} ] ]'


def test_two_fields_of_one_predicate_with_one_value_are_one_value(tmp_path: Path) -> None:
    two = f"{_column('p', 'b')} , {_column('p', 'c')}"
    pair = _pair(tmp_path, two, "sh:property [ sh:path ex:p ; sh:minCount 2 ]")
    assert not pair.holds(["1", "x", "x"])
    assert not pair.conforms(["1", "x", "x"])
    assert pair.conforms(["1", "x", "y"])


def test_two_fields_of_one_predicate_with_two_values_are_too_many(tmp_path: Path) -> None:
    two = f"{_column('p', 'b')} , {_column('p', 'c')}"
    pair = _pair(tmp_path, two, "sh:property [ sh:path ex:p ; sh:maxCount 1 ]")
    assert not pair.holds(["1", "x", "y"])
    assert pair.conforms(["1", "x", ""])


def test_values_that_cannot_be_equal_are_counted_on_the_fast_path(tmp_path: Path) -> None:
    two = f"{_column('p', 'b', '; rml:datatype xsd:string')} , {_column('p', 'c', '; rml:datatype xsd:integer')}"
    pair = _pair(tmp_path, two, "sh:property [ sh:path ex:p ; sh:minCount 2 ]")
    assert pair.holds(["1", "7", "7"])
    assert not pair.holds(["1", "7", ""])


def test_a_null_gives_no_triple_so_a_least_count_is_not_met(tmp_path: Path) -> None:
    pair = _pair(tmp_path, _column("p", "b"), "sh:property [ sh:path ex:p ; sh:minCount 1 ]")
    assert pair.holds(["1", "x", ""])
    assert not pair.holds(["1", "", ""])


def test_a_subject_that_two_maps_may_mint_is_left_to_the_engine(tmp_path: Path) -> None:
    more = (
        'ex:other rml:logicalSource ex:source ; rml:subjectMap [ rml:template "http://e/{b}" ] ;\n'
        f"rml:predicateObjectMap {_column('p', 'c')} ."
    )
    pair = _pair(tmp_path, _column("p", "c"), "sh:property [ sh:path ex:p ; sh:maxCount 1 ]", more=more)
    assert not pair.holds(["1", "1", "x"])
    assert pair.conforms(["1", "1", "x"])
    assert pair.guard.obligations[0].doubts


def test_a_value_is_checked_as_it_is_and_not_as_it_is_written(tmp_path: Path) -> None:
    shape = "sh:property [ sh:path ex:p ; sh:maxLength 2 ; sh:pattern '^[^\\\\\\\\]*$' ]"
    pair = _pair(tmp_path, _column("p", "b"), shape)
    assert pair.holds(["1", '"\n', ""])
    assert not pair.holds(["1", '"""', ""])
    assert not pair.holds(["1", "\\", ""])


def test_a_number_is_compared_by_value_and_not_by_its_form(tmp_path: Path) -> None:
    typed = _column("p", "b", "; rml:datatype xsd:integer")
    pair = _pair(tmp_path, typed, "sh:property [ sh:path ex:p ; sh:minInclusive 10 ; sh:datatype xsd:integer ]")
    assert pair.holds(["1", "0010", ""])
    assert not pair.holds(["1", "9", ""])
    assert not pair.holds(["1", "ten", ""])


_CONSTRAINTS = (
    "sh:minCount 1",
    "sh:minCount 2",
    "sh:maxCount 0",
    "sh:maxCount 1",
    "sh:datatype xsd:string",
    "sh:datatype xsd:integer",
    "sh:nodeKind sh:IRI",
    "sh:nodeKind sh:Literal",
    "sh:maxLength 2",
    "sh:minLength 2",
    "sh:pattern '^[0-9]+$'",
    "sh:in ( 'x' 'y' 7 )",
    "sh:hasValue 'x'",
    "sh:class ex:C",
    "sh:minInclusive 5",
    "sh:equals ex:q",
    "sh:disjoint ex:q",
    "sh:not [ sh:hasValue 'x' ]",
    "sh:or ( [ sh:datatype xsd:integer ] [ sh:maxLength 1 ] )",
    "sh:uniqueLang true",
    "sh:qualifiedValueShape [ sh:datatype xsd:integer ] ; sh:qualifiedMinCount 1",
)
_OBJECTS = (
    'rml:reference "{0}"',
    'rml:reference "{0}" ; rml:datatype xsd:integer',
    'rml:reference "{0}" ; rml:language "en"',
    'rml:template "http://e/{{{0}}}"',
    'rml:template "{{{0}}}x" ; rml:termType rml:Literal',
    'rml:constant "x"',
    "rml:constant ex:C",
)
_PAIRS = st.tuples(st.sampled_from(["p", "q"]), st.sampled_from(_OBJECTS), st.sampled_from(_HEADER))
_PROPERTIES = st.tuples(
    st.sampled_from(["ex:p", "ex:q", "[ sh:inversePath ex:p ]", "( ex:p ex:q )", "( ex:p [ sh:inversePath ex:p ] )"]),
    st.lists(st.sampled_from(_CONSTRAINTS), min_size=1, max_size=2, unique_by=lambda each: each.split()[0]),
)
_CELLS = st.sampled_from(["", "x", "y", "7", "07", "70", "xy", "é", '"', "http://e/1"])


@_PROBE
@given(
    pairs=st.lists(_PAIRS, min_size=1, max_size=3),
    properties=st.lists(_PROPERTIES, min_size=1, max_size=2),
    second=st.sampled_from([None, "http://e/{b}", "http://f/{b}"]),
    rows=st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=1, max_size=8),
)
def test_made_up_rows_that_a_made_up_guard_accepts_conform(
    tmp_path: Path,
    pairs: list[tuple[str, str, str]],
    properties: list[tuple[str, list[str]]],
    second: str | None,
    rows: list[tuple[str, str, str]],
) -> None:
    made = [f"[ rml:predicate ex:{name} ; rml:objectMap [ {obj.format(column)} ] ]" for name, obj, column in pairs]
    shapes = " ; ".join(f"sh:property [ sh:path {path} ; {' ; '.join(each)} ]" for path, each in properties)
    more = ""
    if second is not None:
        more = (
            f'ex:other rml:logicalSource ex:source ; rml:subjectMap [ rml:template "{second}" ; rml:class ex:C ] ;\n'
            f"rml:predicateObjectMap {made[0]} ."
        )
    pair = _pair(tmp_path, " , ".join(made), shapes, more=more)
    for row in rows:
        assert pair.holds(row) <= pair.conforms(row)
