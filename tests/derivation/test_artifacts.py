"""The derived files: stable, up to date, well-formed, and complete."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from graphmap.derivation import Reading, derive, outdated, stale, write
from graphmap.errors import RulesError
from graphmap.rules import Checked, RuleBook, load_rules, rules_of

BASE = "https://schema.limbergraph.com/"
RULE = ox.NamedNode("https://w3id.org/graphmap#rule")
SOURCE = ox.NamedNode("http://purl.org/dc/terms/source")
SH = "http://www.w3.org/ns/shacl#"


@pytest.fixture(scope="module")
def book(root: Path) -> RuleBook:
    return load_rules(root / "rules")


@pytest.fixture(scope="module")
def artifacts(book: RuleBook) -> Mapping[str, str]:
    return derive(book, BASE)


def graph(text: str) -> ox.Dataset:
    return ox.Dataset(
        ox.Quad(triple.subject, triple.predicate, triple.object)
        for triple in ox.parse(text, format=ox.RdfFormat.TURTLE)
    )


def turtle(artifacts: Mapping[str, str], folder: str) -> ox.Dataset:
    found = [text for path, text in artifacts.items() if path.startswith(folder) and path.endswith(".ttl")]
    return ox.Dataset(quad for text in found for quad in graph(text))


def test_deriving_twice_gives_the_same_bytes(root: Path, artifacts: Mapping[str, str]) -> None:
    again = derive(load_rules(root / "rules"), BASE)
    assert list(again.items()) == list(artifacts.items())


def test_the_committed_files_are_up_to_date(root: Path, artifacts: Mapping[str, str]) -> None:
    assert list(stale(artifacts, root)) == []


def test_a_stale_file_shows_as_a_diff(tmp_path: Path, artifacts: Mapping[str, str]) -> None:
    write(artifacts, tmp_path)
    (tmp_path / "shapes/limber.ttl").write_text("# old\n", encoding="utf-8")
    lines = list(stale(artifacts, tmp_path))
    assert lines[:2] == ["--- shapes/limber.ttl", "+++ shapes/limber.ttl (as derived)"]
    assert "-# old" in lines


def test_writing_touches_only_files_that_differ(tmp_path: Path, artifacts: Mapping[str, str]) -> None:
    assert write(artifacts, tmp_path) == tuple(artifacts)
    (tmp_path / "shapes/limber.ttl").unlink()
    assert write(artifacts, tmp_path) == ("shapes/limber.ttl",)


def test_every_turtle_file_parses(artifacts: Mapping[str, str]) -> None:
    sizes = {path: len(graph(text)) for path, text in artifacts.items() if path.endswith(".ttl")}
    assert len(sizes) == 6
    assert min(sizes.values()) > 100


@pytest.mark.parametrize("name", ["ontology/alignments.ttl", "mappings/warehouse-limber.ttl"])
def test_every_hand_written_file_parses(root: Path, name: str) -> None:
    assert len(graph((root / name).read_text(encoding="utf-8"))) > 50


def test_contradictory_rules_are_not_derived(tmp_path: Path, root: Path) -> None:
    text = (root / "rules/limber.yaml").read_text(encoding="utf-8").replace("range: Country\n", "range: Land\n")
    (tmp_path / "limber.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match="country has the range Land"):
        derive(load_rules(tmp_path), BASE)


def test_every_rule_for_shapes_has_one_shape_named_after_it(book: RuleBook, artifacts: Mapping[str, str]) -> None:
    shapes = turtle(artifacts, "shapes/")
    carried = Counter(
        quad.object.value for quad in shapes.quads_for_predicate(RULE) if isinstance(quad.object, ox.Literal)
    )
    rules = [rule for schema in book.schemas.values() for rule in rules_of(schema) if rule.checked is Checked.SHAPE]
    assert carried == Counter(rule.slug for rule in rules)
    for rule in rules:
        subject = next(shapes.quads_for_object(ox.Literal(rule.slug))).subject
        name = rule.slug.removesuffix(".key") if rule.aspect == "key" else rule.slug
        assert subject == ox.NamedNode(f"{BASE}shape/{name}")


def test_every_shape_of_a_rule_says_what_a_steward_needs(artifacts: Mapping[str, str]) -> None:
    shapes = turtle(artifacts, "shapes/")
    kinds = {quad.subject for quad in shapes.quads_for_object(ox.NamedNode(SH + "PropertyShape"))}
    for shape in kinds:
        said = {str(quad.predicate.value) for quad in shapes.quads_for_subject(shape)}
        wanted = {SH + name for name in ("name", "description", "order", "group", "message", "severity", "path")}
        assert said >= wanted | {SOURCE.value, RULE.value}, shape
    assert len(kinds) > 200


def test_shapes_use_shacl_core_only(artifacts: Mapping[str, str]) -> None:
    used = {str(quad.predicate.value) for quad in turtle(artifacts, "shapes/")}
    assert not used & {SH + name for name in ("sparql", "js", "rule", "expression", "target")}


def test_country_columns_hold_the_whole_code_list(artifacts: Mapping[str, str]) -> None:
    line = next(line for line in artifacts["shapes/warehouse.ttl"].splitlines() if '"NZ"' in line and "sh:in" in line)
    assert 240 < line.count('"') // 2 < 260
    assert '"UK"' not in line


def test_every_term_map_and_shape_says_where_its_rule_stands(artifacts: Mapping[str, str]) -> None:
    mapping = turtle(artifacts, "mappings/")
    references = {quad.subject for quad in mapping.quads_for_predicate(SOURCE)}
    names = {str(node.value) for node in references if isinstance(node, ox.NamedNode)}
    assert f"{BASE}mapping/limber.CustomerAccount.accountCode" in names
    assert f"{BASE}mapping/warehouse.dim_customer.email" in names


def test_every_class_and_property_has_label_comment_and_source(artifacts: Mapping[str, str]) -> None:
    ontology = turtle(artifacts, "ontology/")
    owl = "http://www.w3.org/2002/07/owl#"
    kinds = ("Class", "ObjectProperty", "DatatypeProperty")
    terms = [quad.subject for kind in kinds for quad in ontology.quads_for_object(ox.NamedNode(owl + kind))]
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    for term in terms:
        said = {str(quad.predicate.value) for quad in ontology.quads_for_subject(term)}
        assert said >= {rdfs + "label", rdfs + "comment", SOURCE.value}, term
    assert len(terms) > 100


def test_a_property_of_several_classes_has_no_domain(artifacts: Mapping[str, str]) -> None:
    ontology = turtle(artifacts, "ontology/")
    domain = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#domain")
    shared = ["uniqueText", "code", "description", "key", "externalIdentity", "extendedBy", "externalSystemCode"]
    for name in shared:
        found = ontology.quads_for_subject(ox.NamedNode(f"{BASE}limber/{name}"))
        assert domain not in {quad.predicate for quad in found}, name
    counts = Counter(quad.subject for quad in ontology.quads_for_predicate(domain))
    assert set(counts.values()) == {1}


def test_the_context_names_every_property_and_keeps_like_names_apart(artifacts: Mapping[str, str]) -> None:
    context = json.loads(artifacts["ontology/context.jsonld"])["@context"]
    assert context["country"] == {"@id": "limber:country", "@type": "@id"}
    assert context["warehouse:country"] == "warehouse:country"
    assert context["createdOn"] == {"@id": "limber:createdOn", "@type": "xsd:dateTime"}
    assert context["accountCode"] == "limber:accountCode"


def test_another_base_moves_every_name_but_those_of_our_own_vocabulary(book: RuleBook) -> None:
    moved = derive(book, "https://data.example.org/")
    for path, text in moved.items():
        if path.endswith(".ttl"):
            assert "schema.limbergraph.com" not in text.replace("https://w3id.org/graphmap#", "")


def test_the_key_of_a_table_names_the_rules_of_its_presence_and_of_its_uniqueness(
    book: RuleBook, artifacts: Mapping[str, str]
) -> None:
    subject = ox.NamedNode(f"{BASE}mapping/warehouse.dim_customer.subject")
    mapping = turtle(artifacts, "mappings/")
    unique = ox.NamedNode(RULE.value.replace("#rule", "#uniqueRule"))
    slugs = {rule.slug for rule in rules_of(book.schemas["warehouse"])}
    for predicate, aspect in ((RULE, "minCount"), (unique, "unique")):
        slug = f"warehouse.dim_customer.customer_id.{aspect}"
        assert slug in slugs
        assert [quad.object for quad in mapping.quads_for_subject(subject) if quad.predicate == predicate] == [
            ox.Literal(slug)
        ]


SHOP = """\
id: https://shop.example/schema
name: shop
classes:
  Order: {attributes: {number: {identifier: true}, note: {}}}
  Line: {attributes: {text: {}}}
"""


def shop(folder: Path, text: str = SHOP) -> RuleBook:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "shop.yaml").write_text(text, encoding="utf-8")
    return load_rules(folder / "rules")


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("Oder", "a source reads Oder, which is no class of the rules", "did you mean Order?"),
        (
            "shop/Line",
            "class Line has no key, so that its records cannot be named, and a source reads it",
            "add identifier: true to a slot, or unique_keys to the class",
        ),
    ],
)
def test_a_source_of_a_class_that_cannot_be_read_is_refused(tmp_path: Path, name: str, message: str, hint: str) -> None:
    with pytest.raises(RulesError) as caught:
        derive(shop(tmp_path), BASE, {name: Reading(kind="table")})
    assert (caught.value.what, caught.value.hint) == (message, hint)


def test_a_source_says_whether_its_records_are_rows_or_documents_and_where_they_stand(tmp_path: Path) -> None:
    book = shop(tmp_path)
    assert "rml:CSV" in derive(book, BASE)["mappings/shop.Order.ttl"]
    reading = Reading(kind="documents", iterator="$.items[*]")
    assert 'rml:iterator "$.items[*]"' in derive(book, BASE, {"Order": reading})["mappings/shop.Order.ttl"]


def test_what_no_rule_file_gives_any_more_is_removed_and_other_files_stay(tmp_path: Path) -> None:
    write(derive(shop(tmp_path), BASE), tmp_path)
    (tmp_path / "mappings" / "own.ttl").write_text("# by hand\n", encoding="utf-8")
    artifacts = derive(shop(tmp_path, SHOP.replace("shop", "store")), BASE)
    assert outdated(artifacts, tmp_path) == ("ontology/shop.ttl", "shapes/shop.ttl", "mappings/shop.Order.ttl")
    assert "shapes/shop.ttl is derived from no rule file any more" in list(stale(artifacts, tmp_path))
    write(artifacts, tmp_path)
    assert sorted(file.name for file in (tmp_path / "mappings").iterdir()) == ["own.ttl", "store.Order.ttl"]


def test_imports_are_read_below_the_folder_and_their_names_belong_to_their_own_schema(tmp_path: Path) -> None:
    (tmp_path / "rules" / "core").mkdir(parents=True)
    core = "id: https://core.example\nname: base\nclasses: {Thing: {attributes: {code: {identifier: true}}}}\n"
    (tmp_path / "rules" / "core" / "base.yaml").write_text(core, encoding="utf-8")
    text = (
        "id: https://shop.example\nname: shop\nimports: [core/base, linkml:types]\nclasses:\n  Order: {is_a: Thing,"
        " attributes: {of: {range: Thing}}}\n"
    )
    files = derive(shop(tmp_path, text), BASE)
    assert "rdfs:subClassOf base:Thing" in files["ontology/shop.ttl"]
    assert "https://schema.limbergraph.com/base/Thing#{of}" in files["mappings/shop.Order.ttl"]
    assert "shape:shop.Thing" not in files["shapes/shop.ttl"]


@pytest.mark.parametrize("name", ["../secret", "https://x.example/a", "gone", "/etc/hosts"])
def test_an_import_from_elsewhere_is_not_fetched(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.yaml").write_text(SHOP, encoding="utf-8")
    (problem,) = shop(tmp_path, f"name: shop\nimports: ['{name}']\n").problems
    assert problem.what == f"the import {name!r} is not here"
    assert problem.where.line == 2
