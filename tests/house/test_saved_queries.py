"""The saved queries of the repository, asked of its samples."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from graphmap.errors import CallError
from graphmap.lifting.interpreter.interpreter import Interpreter
from graphmap.lifting.mapping.reader import read_mapping
from graphmap.records import decode_json
from graphmap.records.value_forms import ValueForms
from graphmap.saved_queries import SavedQuery, bind, load_queries
from graphmap.store.sparql.query import tokenize

_BASE = "https://schema.limbergraph.com/"
_GRAPHS = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix graphmap: <https://w3id.org/graphmap#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix graph: <https://schema.limbergraph.com/graph/> .
@prefix limber: <https://schema.limbergraph.com/limber/> .
graph:reports {
  <https://e.example/1> a sh:ValidationResult ; graphmap:rule "r.country.in" ; sh:resultSeverity sh:Violation ;
    graphmap:source "a.csv" ; graphmap:row 3 ; graphmap:pointer "/country" ; sh:resultMessage "no country" .
  <https://e.example/2> a sh:ValidationResult ; graphmap:rule "r.country.in" ; sh:resultSeverity sh:Violation ;
    graphmap:source "b.csv" ; graphmap:row 1 ; sh:resultMessage "no country" .
  <https://e.example/3> a sh:ValidationResult ; graphmap:rule "r.locale.pattern" ; sh:resultSeverity sh:Warning ;
    graphmap:source "a.csv" ; graphmap:row 9 ; sh:resultMessage "no locale" .
  <https://e.example/q1> a dqv:QualityMeasurement ; dqv:isMeasurementOf graphmap:validity ; dqv:value 0.75 ;
    graphmap:measuredOn 8 ; graphmap:shape <https://e.example/shape> ; graphmap:path limber:code ;
    prov:generatedAtTime "2025-03-01T10:00:00Z"^^xsd:dateTime .
  <https://e.example/q2> a dqv:QualityMeasurement ; dqv:isMeasurementOf graphmap:completeness ; dqv:value 0.5 ;
    graphmap:measuredOn 16 ; graphmap:shape <https://e.example/shape> ; graphmap:path limber:code ;
    prov:generatedAtTime "2025-03-01T10:00:00Z"^^xsd:dateTime .
}
graph:provenance {
  <https://e.example/d1> a prov:Entity ; dcterms:source "a.csv" ;
    prov:generatedAtTime "2025-03-01T10:00:00Z"^^xsd:dateTime .
  <https://e.example/d2> a prov:Entity ; dcterms:source "a.csv" ;
    prov:generatedAtTime "2025-03-02T10:00:00Z"^^xsd:dateTime .
}
graph:ontology { limber:code rdfs:label "code" . }
"""

Ask = Callable[..., list[tuple[str, ...]]]


def _records(samples: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted(samples.glob("*.json")):
        yield "limber", decode_json(path.read_bytes())
    for line in (samples / "accounts.jsonl").read_bytes().splitlines():
        yield "limber", decode_json(line)
    with (samples / "dim_customer.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield "warehouse", {column: cell for column, cell in row.items() if cell}


@pytest.fixture(scope="module")
def store(root: Path, samples: Path) -> ox.Store:
    """The samples as a default graph, and a few findings and documents beside it."""
    files = {"limber": ["limber.ttl"], "warehouse": ["warehouse.ttl", "warehouse-limber.ttl"]}
    lifters = {
        schema: Interpreter(read_mapping([root / "mappings" / name for name in names], base=_BASE), forms=ValueForms())
        for schema, names in files.items()
    }
    lines = (
        f"{each.subject} {each.predicate} {each.object} .\n"
        for schema, record in _records(samples)
        for each in lifters[schema].lift(record).statements
    )
    store = ox.Store()
    store.load("".join(lines), format=ox.RdfFormat.N_TRIPLES)
    store.load(_GRAPHS, format=ox.RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def queries(root: Path) -> Mapping[str, SavedQuery]:
    return load_queries(root / "queries")


@pytest.fixture(scope="module")
def ask(store: ox.Store, queries: Mapping[str, SavedQuery]) -> Ask:
    """Asks a saved query and gives its rows as texts; what is unbound is an empty text."""

    def asked(name: str, **values: str) -> list[tuple[str, ...]]:
        solutions = store.query(bind(queries[name], values))
        assert isinstance(solutions, ox.QuerySolutions)
        return [tuple("" if term is None else getattr(term, "value", "") for term in row) for row in solutions]

    return asked


def test_accounts_are_counted_by_status_and_country(ask: Ask) -> None:
    assert ("A", "NZ", "2") in ask("accounts-by-status")
    assert ask("accounts-by-status", country="NZ") == [
        ("A", "NZ", "2"), ("D", "NZ", "2"), ("", "NZ", "1"), ("FORMER_MEMBER", "NZ", "1"), ("PROSPECT", "NZ", "1"),
    ]  # fmt: skip


def test_who_pays_is_answered_with_name_and_address(ask: Ask) -> None:
    rows = ask("payer-of-account", code="NordErp-510002::7200::10::00")
    assert {row[1] for row in rows} == {"Möbelhaus Müßiggang & Töchter"}
    assert {row[3] for row in rows} == {"+49 7551 555012", "+49 170 5550129"}
    assert {row[6:] for row in rows} == {("88662", "Überlingen", "Germany")}


def test_payers_of_several_accounts_are_counted(ask: Ask) -> None:
    assert [row[2] for row in ask("payers-of-several-accounts")] == ["3", "3", "2", "2", "2"]
    assert len(ask("payers-of-several-accounts", at_least="3")) == 2


def test_customers_without_a_verified_address_are_not_archived_ones(ask: Ask) -> None:
    prospects = ask("customers-without-verified-address", status="PROSPECT")
    assert [row[1] for row in prospects] == ["AKL-46", "TUN-49", "LCG-61"]
    assert len(ask("customers-without-verified-address")) == 9


def test_the_accounts_of_a_sales_organisation_are_listed_by_code(ask: Ask) -> None:
    rows = ask("accounts-of-sales-organisation", organisation="7300")
    assert [row[1] for row in rows] == [
        "NordErp-510004::7300::20::00", "NordErp-510015::7300::10::00", "NordErp-510016::7300::20::00",
    ]  # fmt: skip


def test_rules_that_fail_most_come_first(ask: Ask) -> None:
    assert [row[0] for row in ask("rules-that-fail-most")] == ["r.country.in", "r.locale.pattern"]
    assert len(ask("rules-that-fail-most", severity="http://www.w3.org/ns/shacl#Warning")) == 1


def test_the_findings_of_a_rule_have_their_places(ask: Ask) -> None:
    assert [row[:3] for row in ask("findings-of-a-rule", rule="r.country.in")] == [
        ("a.csv", "3", "/country"),
        ("b.csv", "1", ""),
    ]
    assert len(ask("findings-of-a-rule", rule="r.country.in", most="1")) == 1


def test_codes_in_use_have_labels_and_counts(ask: Ask) -> None:
    codes = ask("codes-in-use", kind=f"{_BASE}limber/BusinessPartnerRole")
    assert [row[2:] for row in codes] == [
        ("Buyer", "Buyer", "6"), ("Payer", "Payer", "6"), ("Receiver", "Receiver", "6"), ("Seller", "Seller", "3"),
    ]  # fmt: skip


def test_changes_are_counted_by_user_and_month(ask: Ask) -> None:
    assert ("EN0012", "2025-02", "3") in ask("changes-by-user-and-month")
    assert {row[1] for row in ask("changes-by-user-and-month", since="2025-03-01")} == {"2025-03"}


def test_customers_of_two_systems_are_found_by_their_shared_identity(ask: Ask) -> None:
    assert [row[:2] for row in ask("customers-known-to-two-systems")] == [("Warehouse", "42"), ("Warehouse", "51")]


def test_an_account_is_found_by_the_number_of_another_system(ask: Ask) -> None:
    codes = {row[1] for row in ask("account-by-external-id", system="Warehouse", number="42")}
    assert codes == {"Warehouse-42", "NordErp-510042::7200::10::00"}


def test_accounts_are_counted_by_attribute(ask: Ask) -> None:
    assert [row[1:] for row in ask("accounts-by-attribute", attribute="Division")] == [
        ("00", "Flooring", "6"), ("01", "Türen", "4"), ("02", "階段", "1"),
    ]  # fmt: skip


def test_contacts_in_a_country_have_their_phones_once(ask: Ask) -> None:
    rows = ask("contacts-in-country", country="NZ")
    assert [row[1] for row in rows if row[4] == "09 555 0146"] == ["Ngaire Te Awatea"]
    assert len(rows) == 4


def test_origins_are_counted_by_year(ask: Ask) -> None:
    assert ("2020", "WEBCLIENT", "2") in ask("origins-by-year")


def test_a_shared_email_address_names_its_partners(ask: Ask) -> None:
    (row,) = ask("shared-email-addresses")
    assert row[:2] == ("familie@haavarstein.example", "2")
    assert set(row[2].split(" | ")) == {"Røskva Håvarstein", "Håkon Håvarstein"}


def test_everything_about_a_thing_goes_both_ways(ask: Ask) -> None:
    rows = ask("about", thing=f"{_BASE}limber/CustomerStatus#A")
    assert ("from", f"{_BASE}limber/code", "code", "A", "") in rows
    assert [row[0] for row in rows].count("to") == 8


def test_documents_are_counted_by_source(ask: Ask) -> None:
    assert [row[:2] for row in ask("documents-by-source")] == [("a.csv", "2")]
    assert [row[:2] for row in ask("documents-by-source", since="2025-03-02T00:00:00Z")] == [("a.csv", "1")]


def test_quality_is_followed_load_by_load(ask: Ask) -> None:
    field = ("2025-03-01T10:00:00Z", "https://e.example/shape", f"{_BASE}limber/code")
    assert ask("quality-over-time") == [(*field, "0.75", "8")]
    assert ask("quality-over-time", metric="completeness") == [(*field, "0.5", "16")]


def test_every_query_is_asked_here(queries: Mapping[str, SavedQuery]) -> None:
    asked = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in queries if f'"{name}"' not in asked] == []


def test_a_parameter_cannot_carry_a_query(ask: Ask) -> None:
    with pytest.raises(CallError, match="country"):
        ask("contacts-in-country", country='NZ" } DROP ALL #')


_INJECTED = (
    'x" } DROP ALL #',
    "x' } } SERVICE <urn:x> {",
    "> } UNION { ?s ?p ?o } #",
    "\\",
    "$code",
    '"@en',
    "a\nb",
    "1 } LIMIT 9 #",
    "' } ; DROP ALL",
    "urn:x> ?p ?o }",
    "\n",
)
_HARMLESS = {
    "iri": "urn:none",
    "string": "none",
    "code": "NONE",
    "integer": "7",
    "decimal": "0.5",
    "date": "2025-01-10",
    "dateTime": "2025-01-10T00:00:00Z",
    "boolean": "true",
}


def _kinds(text: str) -> list[str]:
    return [token.kind for token in tokenize(text) if token.kind != "space"]


def _bound(query: SavedQuery, name: str, values: Mapping[str, str]) -> str | None:
    """The query with its values; `None` where one of them is refused by the name of its parameter."""
    try:
        return bind(query, values)
    except CallError as error:
        if name not in str(error):
            raise
        return None


@pytest.mark.parametrize("injected", _INJECTED)
def test_no_parameter_of_any_query_can_carry_more_than_its_value(
    queries: Mapping[str, SavedQuery], store: ox.Store, injected: str
) -> None:
    size, tried = len(store), 0
    for query in queries.values():
        harmless = {each.name: _HARMLESS[each.kind] for each in query.parameters}
        expected = _kinds(bind(query, harmless))
        for parameter in query.parameters:
            tried += 1
            bound = _bound(query, parameter.name, harmless | {parameter.name: injected})
            if bound is not None:
                assert _kinds(bound) == expected, (query.name, parameter.name)
                store.query(bound)
    assert tried == sum(len(query.parameters) for query in queries.values()) > 0
    assert len(store) == size
