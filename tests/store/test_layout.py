from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from graphmap.errors import TermError
from graphmap.rdf.terms import RDF_TYPE, XSD, Triple, literal_token
from graphmap.store import EmbeddedStore, Layout, replacement

BASE = "https://schema.limbergraph.com/"
LAYOUT = Layout(base=BASE)
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
COUNTRY, NAME = f"<{BASE}limber/Country#NZ>", '"New Zealand"'
PERSON, ORGANISATION, AGENT = "<urn:Person>", "<urn:Organisation>", "<urn:Agent>"


def entail(triples: frozenset[Triple]) -> Iterable[Triple]:
    """A person is an agent, and so is an organisation."""
    return [Triple(t.subject, RDF_TYPE, AGENT) for t in triples if t.object in (PERSON, ORGANISATION)]


def premises(triple: Triple) -> Iterable[Triple]:
    if triple.object == AGENT:
        yield Triple(triple.subject, RDF_TYPE, PERSON)
        yield Triple(triple.subject, RDF_TYPE, ORGANISATION)


def document(number: int) -> str:
    return f"{BASE}limber/CustomerAccount/{number}"


def put(store: EmbeddedStore, number: int, *new: tuple[str, str, str]) -> None:
    put_together(store, {number: new})


def put_together(store: EmbeddedStore, records: Mapping[int, Iterable[tuple[str, str, str]]]) -> None:
    named = {document(number): new for number, new in records.items()}
    change = replacement(store=store, layout=LAYOUT, records=named, entail=entail, premises=premises)
    store.replace(remove=change.remove, drop=change.drop, add=change.add)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "db")
    yield opened
    opened.close()


def test_a_shared_label_stays_until_the_last_record_that_says_it_goes(store: EmbeddedStore) -> None:
    for number in range(5):
        put(store, number, (f"<urn:{number}>", "<urn:in>", COUNTRY), (COUNTRY, LABEL, NAME))
    assert store.count() == 6
    for number in range(4):
        put(store, number)
    assert store.graph(None) == {("<urn:4>", "<urn:in>", COUNTRY), (COUNTRY, LABEL, NAME)}
    put(store, 4)
    assert store.stats().quads == 0
    assert store.named_graphs() == frozenset()


def test_an_entailed_triple_stays_while_another_record_holds_a_premise(store: EmbeddedStore) -> None:
    put(store, 1, ("<urn:x>", RDF_TYPE, PERSON))
    put(store, 2, ("<urn:x>", RDF_TYPE, ORGANISATION))
    put(store, 1)
    assert store.graph(None) == {("<urn:x>", RDF_TYPE, ORGANISATION), ("<urn:x>", RDF_TYPE, AGENT)}
    put(store, 2)
    assert store.count() == 0


def test_an_asserted_triple_stays_as_an_entailed_one(store: EmbeddedStore) -> None:
    put(store, 1, ("<urn:x>", RDF_TYPE, PERSON), ("<urn:x>", RDF_TYPE, AGENT))
    put(store, 1, ("<urn:x>", RDF_TYPE, PERSON))
    assert store.graph(f"<{document(1)}>") == {("<urn:x>", RDF_TYPE, PERSON)}
    assert store.graph(None) == {("<urn:x>", RDF_TYPE, PERSON), ("<urn:x>", RDF_TYPE, AGENT)}


def test_graphs_that_are_no_record_support_nothing(store: EmbeddedStore) -> None:
    put(store, 1, (COUNTRY, LABEL, NAME))
    store.load(f"{COUNTRY} {LABEL} {NAME} {LAYOUT.ontology} .\n".encode())
    put(store, 1)
    assert store.count() == 0


def test_a_triple_that_one_record_gives_up_and_another_takes_on_in_the_same_step_stays(store: EmbeddedStore) -> None:
    put_together(store, {1: [(COUNTRY, LABEL, NAME)], 2: [("<urn:x>", RDF_TYPE, PERSON)]})
    put_together(store, {1: [("<urn:x>", RDF_TYPE, PERSON)], 2: [(COUNTRY, LABEL, NAME)]})
    assert store.graph(None) == {
        (COUNTRY, LABEL, NAME),
        ("<urn:x>", RDF_TYPE, PERSON),
        ("<urn:x>", RDF_TYPE, AGENT),
    }
    put_together(store, {1: [], 2: [(COUNTRY, LABEL, NAME)]})
    assert store.graph(None) == {(COUNTRY, LABEL, NAME)}
    put_together(store, {1: [], 2: []})
    assert store.stats().quads == 0


def test_the_same_record_again_changes_nothing(store: EmbeddedStore) -> None:
    put(store, 1, (COUNTRY, LABEL, NAME))
    generation = store.generation
    put(store, 1, (COUNTRY, LABEL, NAME))
    assert store.generation == generation


def test_a_number_that_the_store_writes_in_another_form_survives_a_replacement(store: EmbeddedStore) -> None:
    number = literal_token("42", datatype=XSD + "long")
    put(store, 1, ("<urn:x>", "<urn:id>", number), ("<urn:x>", LABEL, '"old"'))
    put(store, 1, ("<urn:x>", "<urn:id>", number), ("<urn:x>", LABEL, '"new"'))
    expected = {
        ("<urn:x>", "<urn:id>", literal_token("42", datatype=XSD + "integer")),
        ("<urn:x>", LABEL, '"new"'),
    }
    assert store.graph(None) == store.graph(f"<{document(1)}>") == expected


def test_a_document_and_its_entity_name_each_other() -> None:
    entity = f"{BASE}limber/ExternalID#CustomerAccount-SapS4-1000058%3A%3A6900"
    assert LAYOUT.entity(LAYOUT.document(entity)) == entity


def test_special_graphs_are_no_record_graphs() -> None:
    assert not any(LAYOUT.is_record_graph(graph) for graph in LAYOUT.special)
    assert LAYOUT.is_record_graph(f"<{document(1)}>")


def test_a_base_without_a_slash_is_refused() -> None:
    with pytest.raises(TermError, match="slash"):
        Layout(base="https://schema.limbergraph.com")


def test_a_graph_that_a_user_wrote_supports_nothing_and_is_no_record(store: EmbeddedStore) -> None:
    for graph in (f"<{LAYOUT.own}mine>", "<urn:mine>"):
        put(store, 1, (COUNTRY, LABEL, NAME))
        store.load(f"{COUNTRY} {LABEL} {NAME} {graph} .\n".encode())
        assert not LAYOUT.holds_record(graph, store)
        put(store, 1)
        assert store.count() == 0


def test_a_record_outside_of_the_base_is_known_by_its_provenance(store: EmbeddedStore) -> None:
    put(store, 1, (COUNTRY, LABEL, NAME))
    of_record = "<http://www.w3.org/ns/prov#specializationOf>"
    store.load(
        f"{COUNTRY} {LABEL} {NAME} <urn:doc> .\n<urn:doc> {of_record} <urn:entity> {LAYOUT.provenance} .\n".encode()
    )
    assert LAYOUT.holds_record("<urn:doc>", store)
    put(store, 1)
    assert store.graph(None) == {(COUNTRY, LABEL, NAME)}
