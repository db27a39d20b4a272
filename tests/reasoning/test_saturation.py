"""Saturation, held against owlrl over the data itself."""

import owlrl
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.rdf.terms import RDF_TYPE, RDFS, Token, Triple
from graphmap.reasoning.closure import close
from graphmap.reasoning.saturation import Saturation

OWL = "http://www.w3.org/2002/07/owl#"
CLASSES = [f"<http://example.org/C{n}>" for n in range(5)]
PROPERTIES = [f"<http://example.org/p{n}>" for n in range(5)]
NODES = [f"<http://example.org/n{n}>" for n in range(4)]
LITERALS = ['"one"', '"two"']

of_classes = st.builds(
    Triple,
    st.sampled_from(CLASSES),
    st.sampled_from([f"<{RDFS}subClassOf>", f"<{OWL}equivalentClass>"]),
    st.sampled_from(CLASSES),
)
of_properties = st.builds(
    Triple,
    st.sampled_from(PROPERTIES),
    st.sampled_from([f"<{RDFS}subPropertyOf>", f"<{OWL}equivalentProperty>", f"<{OWL}inverseOf>"]),
    st.sampled_from(PROPERTIES),
)
types = st.builds(Triple, st.sampled_from(NODES), st.just(RDF_TYPE), st.sampled_from(CLASSES))
links = st.builds(Triple, st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.sampled_from(NODES + LITERALS))
ontologies = st.lists(of_classes | of_properties, max_size=7)
records = st.lists(types | links, min_size=1, max_size=8)


def reasoned(triples: list[Triple]) -> set[Triple]:
    """What owlrl makes of data and ontology together, of the kinds in question."""
    graph = rdflib.Graph()
    graph.parse(data="\n".join(f"{' '.join(triple)} ." for triple in triples), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    found = {Triple(s.n3(), p.n3(), o.n3()) for s, p, o in graph}
    return {t for t in found if t.subject in NODES and (t.predicate in PROPERTIES or t.object in CLASSES)}


@settings(max_examples=60, deadline=None)
@given(ontology=ontologies, record=records)
def test_saturation_gives_the_triples_that_owlrl_gives(ontology: list[Triple], record: list[Triple]) -> None:
    saturation = Saturation.of(close(ontology))
    assert saturation.entailed(record) | set(record) == reasoned([*ontology, *record])


@settings(max_examples=100, deadline=None)
@given(ontology=ontologies, record=records)
def test_every_entailed_triple_has_a_premise_and_every_premise_entails_it(
    ontology: list[Triple], record: list[Triple]
) -> None:
    saturation = Saturation.of(close(ontology))
    for triple in saturation.entailed(record):
        premises = set(saturation.premises(triple))
        assert premises & set(record)
        assert all(triple in saturation.entailed([premise]) for premise in premises if premise != triple)


def test_a_triple_that_is_asserted_is_not_entailed() -> None:
    saturation = Saturation(classes={"<a:A>": ("<a:B>",)}, properties={})
    record = [("<a:x>", RDF_TYPE, "<a:A>"), ("<a:x>", RDF_TYPE, "<a:B>")]
    assert saturation.entailed(record) == set()


def test_an_inverse_of_a_literal_gives_nothing() -> None:
    saturation = Saturation(classes={}, properties={"<a:p>": (("<a:q>", True),)})
    value: Token = '"text"'
    assert saturation.entailed([("<a:x>", "<a:p>", value)]) == set()
    assert list(saturation.premises(("<a:x>", "<a:q>", value))) == []


def test_the_premises_of_a_turned_property_are_turned_back() -> None:
    saturation = Saturation(classes={}, properties={"<a:p>": (("<a:q>", True),)})
    assert list(saturation.premises(("<a:y>", "<a:q>", "<a:x>"))) == [Triple("<a:x>", "<a:p>", "<a:y>")]


def test_without_an_ontology_nothing_is_entailed() -> None:
    saturation = Saturation.of(close([]))
    assert saturation.entailed([("<a:x>", RDF_TYPE, "<a:A>")]) == set()
