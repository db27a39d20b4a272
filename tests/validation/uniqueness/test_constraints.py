"""Keys across records: found in the shapes, over an input, and against a store."""

from collections.abc import Iterable

import pyoxigraph
import pytest

from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples
from graphmap.validation.engine.engine import Engine
from graphmap.validation.report.finding import Finding
from graphmap.validation.shapes.model import Shapes
from graphmap.validation.shapes.reader import read_shapes
from graphmap.validation.uniqueness.constraints import KeyConstraint, key_constraints, key_entries, record_key
from graphmap.validation.uniqueness.input_index import KeyIndex
from graphmap.validation.uniqueness.store_query import key_query

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://example.org/> .
@prefix graphmap: <https://w3id.org/graphmap#> .
"""
UNIQUE = """
e:Shape sh:targetClass e:Account ; sh:property [
  sh:path ( e:code [ sh:inversePath e:code ] ) ; sh:maxCount 1 ; sh:message "a code is for one account only" ;
  sh:severity sh:Warning ; graphmap:rule "account.code.unique" ] .
"""
NOT_ARCHIVED = "[ sh:not [ sh:property [ sh:path e:archived ; sh:hasValue true ] ] ]"
CONDITIONAL = f"""
e:Shape sh:targetClass e:Account ; sh:property [
  sh:path ( e:code [ sh:inversePath e:code ] ) ; sh:qualifiedValueShape {NOT_ARCHIVED} ; sh:qualifiedMaxCount 1 ] .
"""


def e(name: str) -> str:
    return f"<http://example.org/{name}>"


def graph(text: str) -> Graph:
    return Graph(parse_triples(PREFIXES + text, source="keys"))


def shapes(text: str) -> Shapes:
    return read_shapes(graph(text))


def one_key(text: str) -> KeyConstraint:
    (found,) = key_constraints(shapes(text))
    return found


def entries(text: str, data: str) -> list[tuple[str, str]]:
    engine = Engine(shapes(text))
    found = key_entries(
        graph(data), key_constraints(engine.shapes), subclasses=engine.subclasses, conforms=engine.conforms
    )
    return [(entry.value, entry.focus) for entry in found]


def collisions(constraint: KeyConstraint, rows: Iterable[tuple[str, str]]) -> list[Finding]:
    with KeyIndex() as index:
        for row, (value, focus) in enumerate(rows, start=1):
            index.add(constraint, value, focus=focus, source="rows.csv", row=row)
        return list(index.findings())


def test_a_key_is_found_by_its_path_with_all_that_its_shape_says() -> None:
    key = one_key(UNIQUE)
    assert (key.predicate, key.classes, key.condition) == (e("code"), (e("Account"),), None)
    assert (key.rule, key.severity, key.message) == ("account.code.unique", "Warning", "a code is for one account only")


@pytest.mark.parametrize(
    "inner",
    [
        "sh:path e:code ; sh:maxCount 1",
        "sh:path ( e:code [ sh:inversePath e:other ] ) ; sh:maxCount 1",
        "sh:path ( e:code [ sh:inversePath e:code ] ) ; sh:maxCount 2",
        "sh:path ( e:code [ sh:inversePath e:code ] ) ; sh:maxCount 1 ; sh:deactivated true",
    ],
)
def test_other_property_shapes_are_no_keys(inner: str) -> None:
    assert key_constraints(shapes(f"e:Shape sh:targetClass e:Account ; sh:property [ {inner} ] .")) == ()


def test_only_instances_that_meet_the_condition_have_a_key_value() -> None:
    data = """
    e:a a e:Account ; e:code "1" . e:b a e:Account ; e:code "1" ; e:archived true .
    e:c a e:Account ; e:code "2" ; e:archived false . e:d a e:Other ; e:code "3" .
    """
    assert entries(CONDITIONAL, data) == [('"1"', e("a")), ('"2"', e("c"))]
    assert len(entries(UNIQUE, data)) == 3


def test_each_colliding_record_gets_a_finding_that_names_the_others() -> None:
    found = collisions(one_key(UNIQUE), [('"1"', "<a:a>"), ('"2"', "<a:b>"), ('"1"', "<a:c>")])
    assert [(finding.row, finding.focus_node, finding.received) for finding in found] == [
        (1, "<a:a>", "1"),
        (3, "<a:c>", "1"),
    ]
    assert found[0].message == "a code is for one account only; also in rows.csv, row 3"
    assert (found[0].severity, found[0].component) == ("Warning", "MaxCountConstraintComponent")


def test_many_colliding_records_are_counted_and_few_are_named() -> None:
    found = collisions(one_key(UNIQUE), [('"1"', f"<a:{number}>") for number in range(50)])
    assert len(found) == 50
    assert found[-1].message.endswith("row 1; rows.csv, row 2; rows.csv, row 3 and 46 more")


def test_the_same_record_published_again_does_not_collide_with_itself() -> None:
    assert collisions(one_key(UNIQUE), [('"1"', "<a:a>"), ('"1"', "<a:a>")]) == []


def test_a_record_key_that_comes_twice_is_found_in_both_rows() -> None:
    key = record_key(rule="warehouse.dim_customer.customer_id.unique", message="each customer stands in one row")
    found = collisions(key, [("<a:a>", "<a:a>"), ("<a:b>", "<a:b>"), ("<a:a>", "<a:a>")])
    assert [(finding.row, finding.rule) for finding in found] == [(1, key.rule), (3, key.rule)]
    assert found[1].message == "each customer stands in one row; also in rows.csv, row 1"


def test_the_index_takes_more_values_than_its_memory_holds() -> None:
    key = one_key(UNIQUE)
    with KeyIndex(cache_kib=64) as index:
        for row in range(1, 60_001):
            index.add(key, f'"{row % 59_999}"', focus=f"<a:{row}>", source=None, row=row)
        found = list(index.findings())
    assert [finding.row for finding in found] == [1, 60_000]


def asked(text: str, data: str, values: list[str]) -> tuple[set[tuple[str, str]], bool]:
    found = shapes(text)
    (key,) = key_constraints(found)
    question = key_query(key, values, found)
    store = pyoxigraph.Store()
    store.load((PREFIXES + data).encode(), pyoxigraph.RdfFormat.TURTLE)
    solutions = store.query(question.text)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return {(str(row["value"]), str(row["node"])) for row in solutions}, question.exact


DATA = """
e:a a e:Account ; e:code "1" . e:b a e:Account ; e:code "1" ; e:archived true .
e:c a e:Account ; e:code "2" ; e:archived false . e:d a e:Other ; e:code "1" .
"""


def test_a_store_tells_who_has_a_value() -> None:
    found, exact = asked(UNIQUE, DATA, ['"1"', '"9"'])
    assert (found, exact) == ({('"1"', e("a")), ('"1"', e("b"))}, True)


@pytest.mark.parametrize(
    "condition",
    [
        NOT_ARCHIVED,
        """[ sh:or ( [ sh:property [ sh:path e:archived ; sh:maxCount 0 ] ]
                     [ sh:property [ sh:path e:archived ; sh:hasValue false ] ] ) ]""",
        "[ sh:not [ sh:and ( [ sh:property [ sh:path e:archived ; sh:minCount 1 ; sh:in ( true ) ] ] ) ] ]",
    ],
)
def test_the_condition_of_a_key_goes_into_the_question(condition: str) -> None:
    text = CONDITIONAL.replace(NOT_ARCHIVED, condition)
    assert asked(text, DATA, ['"1"', '"2"']) == ({('"1"', e("a")), ('"2"', e("c"))}, True)


def test_a_condition_without_words_in_sparql_is_left_to_the_caller_and_said_so() -> None:
    text = CONDITIONAL.replace(NOT_ARCHIVED, "[ sh:property [ sh:path e:code ; sh:pattern '^1' ] ]")
    found, exact = asked(text, DATA, ['"1"', '"2"'])
    assert (len(found), exact) == (3, False)
