"""The engine against pySHACL, on small made-up shapes and graphs.

Where the order of literals counts, all values are well-typed and of one family: between families, and for ill-typed
literals, rdflib has an order of its own where SPARQL has none (to it `true < 2` holds, and `"300"^^xsd:byte < 2`).
No text ends in a line feed: to pySHACL, the `$` of a pattern matches before it, as in Python; to XPath it does not.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples
from graphmap.validation.engine.engine import Engine
from graphmap.validation.reference.pyshacl_process import Question, Reference
from graphmap.validation.report.result import Result
from graphmap.validation.shapes.reader import read_shapes

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix e: <http://example.org/> .
"""
CLASSES = ["e:A", "e:B", "e:C"]
PREDICATES = ["e:p", "e:q", "e:r"]
NODES = ["e:n0", "e:n1", "e:n2", "_:x"]
LITERALS = [
    '"a"',
    '"bc"',
    '"ü\\nx"',
    '""',
    '"hi"@en',
    '"ho"@en',
    '"hi"@de-CH',
    "1",
    "2",
    "2.5",
    '"007"^^xsd:integer',
    '"abc"^^xsd:integer',
    '"300"^^xsd:byte',
    "true",
    '"2020-01-31"^^xsd:date',
    '"2020-02-30"^^xsd:date',
    '"2020-01-31T10:00:00Z"^^xsd:dateTime',
    '"2020-01-31T10:00:00.5Z"^^xsd:dateTime',
    '"x"^^e:own',
]

of_triples = st.one_of(
    st.tuples(st.sampled_from(NODES), st.just("a"), st.sampled_from(CLASSES)),
    st.tuples(st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from(NODES + LITERALS)),
)
graphs = st.lists(of_triples, min_size=1, max_size=12).map(lambda found: [" ".join(triple) for triple in found])


def one_of(name: str, *values: str) -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(st.just(name), st.sampled_from(values))


def shapes_of(name: str, inner: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, str]]:
    members = st.lists(inner, min_size=1, max_size=2).map(lambda found: f"( {' '.join(found)} )")
    return st.tuples(st.just(name), members)


PATHS = st.sampled_from(
    [
        *PREDICATES,
        "[ sh:inversePath e:p ]",
        "( e:p e:q )",
        "( e:p [ sh:inversePath e:p ] )",
        "[ sh:alternativePath ( e:p e:q ) ]",
        "[ sh:zeroOrMorePath e:p ]",
        "[ sh:oneOrMorePath e:q ]",
        "[ sh:zeroOrOnePath e:r ]",
    ]
)
OF_VALUES = [
    one_of("sh:class", *CLASSES),
    one_of(
        "sh:datatype", "xsd:string", "xsd:integer", "xsd:date", "xsd:byte", "rdf:langString", "xsd:boolean", "e:own"
    ),
    one_of(
        "sh:nodeKind",
        *(
            f"sh:{kind}"
            for kind in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
        ),
    ),
    one_of("sh:minLength", "1", "2"),
    one_of("sh:maxLength", "0", "1", "18"),
    one_of("sh:pattern", '"^[a-z]+$"', '"\\\\d"', '"^.$"', '"A|B"'),
    one_of("sh:hasValue", "e:n0", '"a"', "1", '"hi"@en'),
    one_of("sh:in", '( "a" 1 e:n0 )', '( "hi"@en e:n1 )'),
    one_of("sh:languageIn", '( "en" "de" )', '( "fr" )'),
    one_of("sh:equals", *PREDICATES),
    one_of("sh:disjoint", *PREDICATES),
]
OF_PROPERTIES = [
    one_of("sh:minCount", "0", "1", "2"),
    one_of("sh:maxCount", "0", "1", "2"),
    one_of("sh:uniqueLang", "true"),
]


def block(pairs: list[tuple[str, str]]) -> str:
    return " ; ".join(f"{name} {value}" for name, value in pairs)


def constraints(rows: list[st.SearchStrategy[tuple[str, str]]]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.one_of(rows), max_size=3, unique_by=lambda pair: pair[0])


def with_shapes(inner: st.SearchStrategy[str]) -> list[st.SearchStrategy[tuple[str, str]]]:
    return [
        shapes_of("sh:or", inner),
        shapes_of("sh:and", inner),
        shapes_of("sh:xone", inner),
        st.tuples(st.just("sh:not"), inner),
        st.tuples(st.just("sh:node"), inner),
    ]


def property_shape(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda path, pairs, qualified: f"[ {block([('sh:path', path), *pairs, *qualified])} ]",
        PATHS,
        constraints(OF_VALUES + OF_PROPERTIES + with_shapes(inner)),
        st.just([])
        | st.tuples(
            st.tuples(st.just("sh:qualifiedValueShape"), inner),
            one_of("sh:qualifiedMinCount", "1", "2") | one_of("sh:qualifiedMaxCount", "0", "1"),
        ).map(list),
    )


SIMPLE = constraints(OF_VALUES).map(lambda pairs: f"[ {block([('a', 'sh:NodeShape'), *pairs])} ]")
NESTED = st.builds(
    lambda pairs, inner: f"[ {block([('a', 'sh:NodeShape'), *pairs, ('sh:property', inner)])} ]",
    constraints(OF_VALUES),
    property_shape(SIMPLE),
)
TARGETS = st.lists(
    st.one_of(
        one_of("sh:targetClass", *CLASSES),
        one_of("sh:targetNode", "e:n0", "1", '"a"'),
        one_of("sh:targetSubjectsOf", *PREDICATES),
        one_of("sh:targetObjectsOf", *PREDICATES),
    ),
    min_size=1,
    max_size=2,
)


@st.composite
def shapes_graphs(draw: st.DrawFn) -> str:
    inner = st.one_of(SIMPLE, NESTED)
    pairs = [("a", "sh:NodeShape"), *draw(TARGETS), *draw(constraints(OF_VALUES + with_shapes(inner)))]
    pairs += [("sh:property", text) for text in draw(st.lists(property_shape(inner), max_size=3))]
    if draw(st.booleans()):
        pairs += [("sh:closed", "true"), ("sh:ignoredProperties", "( rdf:type )")]
    pairs.append(("sh:severity", draw(st.sampled_from(["sh:Violation", "sh:Warning", "e:own"]))))
    return f"e:Shape {block(pairs)} ."


hierarchies = st.lists(st.tuples(st.sampled_from(CLASSES), st.sampled_from(CLASSES)), max_size=2)


@pytest.fixture(scope="module")
def reference() -> Iterator[Reference]:
    with Reference(timeout_s=60) as running:
        yield running


def graph_of(text: str) -> Graph:
    return Graph(parse_triples(PREFIXES + text, source="generated"))


def disagreement(
    reference: Reference, shapes: str, data: list[str], hierarchy: list[tuple[str, str]]
) -> tuple[Counter[Result], Counter[Result]]:
    """What only the engine and what only pySHACL reports."""
    note(shapes)
    note("\n".join(data))
    shapes_graph = Graph(parse_triples(PREFIXES + shapes, source="shapes", prefix="s"))
    facts = graph_of(" ".join(f"{low} rdfs:subClassOf {up} ." for low, up in hierarchy))
    graph = graph_of(" ".join(f"{triple} ." for triple in data))
    question = Question(
        shapes=list(shapes_graph.triples()), graphs=[list(graph.triples())], ontology=list(facts.triples())
    )
    verdict = reference.ask(question)[0]
    assert verdict.failure is None
    engine = Engine(read_shapes(shapes_graph), [(t.subject, t.object) for t in facts.triples()])
    ours, theirs = Counter(engine.validate(graph)), Counter(verdict.results)
    return ours - theirs, theirs - ours


@settings(max_examples=400, deadline=None)
@given(shapes=shapes_graphs(), data=graphs, hierarchy=hierarchies)
def test_the_engine_reports_what_pyshacl_reports(
    reference: Reference, shapes: str, data: list[str], hierarchy: list[tuple[str, str]]
) -> None:
    assert disagreement(reference, shapes, data, hierarchy) == (Counter(), Counter())


FAMILIES = [
    ["1", "2", "2.5", "10", "-3", '"007"^^xsd:integer', '"5"^^xsd:byte', "2.0"],
    ['"2020-01-31"^^xsd:date', '"2020-02-01"^^xsd:date', '"1999-12-31"^^xsd:date'],
    [f'"2020-01-31T{time}"^^xsd:dateTime' for time in ("10:00:00Z", "10:00:00.5Z", "11:00:00+01:00", "10:30:00+02:00")],
    ['"a"', '"b"', '"ab"', '""', '"B"', '"ü"'],
]
RANGES = ["sh:minInclusive", "sh:minExclusive", "sh:maxInclusive", "sh:maxExclusive"]


@st.composite
def ordered_cases(draw: st.DrawFn) -> tuple[str, list[str]]:
    family = st.sampled_from(draw(st.sampled_from(FAMILIES)))
    ranges = draw(st.lists(st.tuples(st.sampled_from(RANGES), family), unique_by=lambda pair: pair[0]))
    others = draw(st.lists(st.sampled_from([("sh:lessThan", "e:q"), ("sh:lessThanOrEquals", "e:q")]), unique=True))
    triples = draw(st.lists(st.tuples(st.sampled_from(["e:p", "e:q"]), family), min_size=1, max_size=6))
    shape = f"e:Shape {block([('sh:targetNode', 'e:n0'), ('sh:path', 'e:p'), *ranges, *others])} ."
    return shape, [f"e:n0 {predicate} {value}" for predicate, value in triples]


@settings(max_examples=200, deadline=None)
@given(case=ordered_cases())
def test_the_engine_orders_values_of_one_family_as_pyshacl_does(
    reference: Reference, case: tuple[str, list[str]]
) -> None:
    assert disagreement(reference, *case, []) == (Counter(), Counter())
