from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.service.catalog.workspace_content import knowledge_of
from graphmap.service.glossary import Glossary, read_glossary
from graphmap.workspace import read_workspace

WAREHOUSE = "https://schema.limbergraph.com/warehouse/"
CUSTOMER = f"{WAREHOUSE}dim_customer"
SH = "http://www.w3.org/ns/shacl#"


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    knowledge = knowledge_of(read_workspace(Path(__file__).parents[2]))
    return read_glossary(knowledge.ontology, knowledge.shapes)


def test_properties_have_titles_meanings_and_the_place_that_they_come_from(glossary: Glossary) -> None:
    word = glossary.word(f"{WAREHOUSE}customer_number")
    assert (word.label, word.source) == ("customer number", "page, row customer_number")
    assert word.meaning.startswith("A key that people can read")
    assert word.domain == CUSTOMER


def test_fields_stand_in_the_order_of_the_rules(glossary: Glossary) -> None:
    places = glossary.order((CUSTOMER,))
    names = [f"{WAREHOUSE}{name}" for name in ("customer_id", "customer_number", "firstname", "last_updated")]
    assert [places[name] for name in names] == sorted(places[name] for name in names)


def test_a_rule_across_records_is_still_about_its_field(glossary: Glossary) -> None:
    rule = glossary.rules["warehouse.dim_customer.customer_number.unique"]
    assert (rule.path, rule.of) == (f"{WAREHOUSE}customer_number", CUSTOMER)


def test_a_rule_about_the_whole_thing_has_no_field(glossary: Glossary) -> None:
    rule = glossary.rules["limber.CustomerAccount.key"]
    assert (rule.path, rule.severity) == (None, "Violation")
    assert "uniqueText" in rule.says


def test_code_lists_have_their_meanings(glossary: Glossary) -> None:
    lists = glossary.lists(CUSTOMER)
    status = {choice.value: choice.meaning for choice in lists[f"{WAREHOUSE}customer_status"]}
    assert status["FORMER_MEMBER"] == "The person had a valid contract, which has ended."
    assert len(lists[f"{WAREHOUSE}country"]) > 200
    origins = {choice.value for choice in lists[f"{WAREHOUSE}customer_origin"]}
    assert {"IMPORT-*", "WEBCLIENT"} <= origins


def test_without_ontology_and_shapes_names_come_from_iris() -> None:
    glossary = read_glossary(b"", b"")
    assert glossary.label("http://example.org/terms#colour") == "colour"
    assert glossary.lists("http://example.org/Car") == {}


def test_shapes_of_others_without_rules_of_ours_are_read_too() -> None:
    shapes = f"""\
<urn:s> <{SH}targetClass> <urn:Car> .
<urn:s> <{SH}property> <urn:s:p> .
<urn:s:p> <{SH}path> <urn:colour> .
<urn:s:p> <{SH}in> _:a .
_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "red" .
_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:a .
""".encode()
    glossary = read_glossary(b"", shapes)
    (rule,) = glossary.by_class["urn:Car"]
    assert (rule.slug, rule.path, rule.severity) == ("urn:s:p", "urn:colour", "Violation")
    assert glossary.choices == {}, "a list that never ends is no code list"
