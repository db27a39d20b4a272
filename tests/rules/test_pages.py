"""Every statement of the two source pages is a rule; the pages themselves are read beside the checkout."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphmap.rules import RuleBook, load_rules, rules_of
from graphmap.rules.model import Field, RecordClass
from graphmap.rules.tables import number

LIMBER, WAREHOUSE = "004_d5d75a21744054a3.txt", "000_1b3f05e21f8395d4.txt"
_NUMBERS = {"Exactly One": "1", "Exactly 1": "1", "Zero or One": "0..1", "One to Many": "1..*", "Zero to Many": "0..*"}


@pytest.fixture(scope="module")
def book(root: Path) -> RuleBook:
    return load_rules(root / "rules")


def page(shared: Path, name: str) -> str:
    file = shared / "seeds" / name
    if not file.is_file():
        pytest.skip(f"no page {name} in ../shared/seeds")
    return file.read_text(encoding="utf-8")


def rows(text: str) -> Iterator[tuple[str, str]]:
    """Class and row of every definition on the Limber page."""
    name = ""
    for line in text[text.index("Definitions") : text.index("Sample JSON")].splitlines():
        if any(number in line for number in _NUMBERS):
            yield name.replace(" ", ""), line
        elif line and not line.startswith("Data Type"):
            name = line


def find_row(record: RecordClass, line: str) -> Field:
    """The field whose type, name and number a row begins with, written without spaces between its cells."""
    for field in record.fields:
        kind = "String" if field.range == "string" else field.range
        for text, count in _NUMBERS.items():
            if line.startswith(f"{kind}{field.name}{text}") and number(field) == count:
                return field
    raise AssertionError(f"no field of {record.name} says {line!r}")


def test_every_row_of_the_limber_page_is_a_field_with_its_type_and_number(book: RuleBook, shared: Path) -> None:
    found = [find_row(book.schemas["limber"].classes[name], line) for name, line in rows(page(shared, LIMBER))]
    assert len(found) == 13 + 2 + 1 + 2


def test_every_field_that_claims_a_row_of_the_limber_page_has_one(book: RuleBook, shared: Path) -> None:
    stated = {find_row(book.schemas["limber"].classes[name], line).where for name, line in rows(page(shared, LIMBER))}
    claimed = [
        field
        for record in book.schemas["limber"].classes.values()
        for field in record.fields
        if ", row " in field.annotations["source"] and field.annotations["source"].startswith("page")
    ]
    assert {field.where for field in claimed} == stated


def test_every_relationship_of_the_limber_page_is_an_optional_link(book: RuleBook, shared: Path) -> None:
    account = book.schemas["limber"].classes["CustomerAccount"]
    told = re.findall(r"CustomerAccount belongs to zero or one (\w+)(?: : (\w+))?", page(shared, LIMBER))
    links = [
        (field.range, number(field), field.annotations.get("relation", ""))
        for field in account.fields
        if "Relationships" in field.annotations["source"]
    ]
    assert len(told) == 3
    assert links == [(target, "0..1", relation) for target, relation in told]


def members(value: Any, class_name: str) -> Iterator[tuple[str, str]]:
    """Class and member of everything in the data of the sample."""
    if isinstance(value, list):
        for item in value:
            yield from members(item, class_name)
    elif isinstance(value, dict):
        name = str(value.get("@type", class_name))
        for key, item in value.items():
            if not key.startswith("@"):
                yield name, key
                yield from members(
                    item, {"keys": "ReferenceKeys", "externalIdentities": "ReferenceIdentity"}.get(key, "")
                )


def test_every_member_of_the_sample_is_a_field(book: RuleBook, shared: Path) -> None:
    text = page(shared, LIMBER)
    sample = json.loads(text[text.index('{\n"schemaName"') :])
    stats = sample.pop("stats")
    classes = book.schemas["limber"].classes
    known = {(name, alias) for name, record in classes.items() for field in record.fields for alias in names(field)}
    restated = {("InternalReference", "keys"), ("InternalReference", "externalIdentities")}
    found = set(members({"@type": "Envelope", **sample}, "Envelope"))
    assert stats
    assert found - known - restated == set()
    assert len(found) > 60


def names(field: Field) -> tuple[str, ...]:
    return (field.name, *field.aliases)


def columns(text: str) -> list[tuple[str, str, str]]:
    return re.findall(r"^([a-z_]+) (int8|varchar|date|bool|timestamptz) (\d+) null$", text, flags=re.MULTILINE)


def test_every_column_of_the_warehouse_page_is_a_field_with_its_type_and_size(book: RuleBook, shared: Path) -> None:
    schema = book.schemas["warehouse"]
    datatypes = {"int8": "integer", "varchar": "string", "date": "date", "bool": "boolean", "timestamptz": "dateTime"}
    stated = [(name, datatypes[kind], size) for name, kind, size in columns(page(shared, WAREHOUSE))]
    said = [
        (field.name, (schema.datatype(field) or "").rpartition("#")[2], field.annotations["size"])
        for field in schema.classes["dim_customer"].fields
    ]
    assert len(stated) == 30
    assert said == stated


def test_every_child_table_of_the_warehouse_page_is_a_class_with_its_foreign_key(book: RuleBook, shared: Path) -> None:
    found = re.findall(r"^(\w+)\.customer_id (.+) R$", page(shared, WAREHOUSE), flags=re.MULTILINE)
    children = [record for record in book.schemas["warehouse"].classes.values() if record.kind == "child"]
    said = [(record.name, record.fields[0].annotations.get("foreign_key", "Implied Constraint")) for record in children]
    assert len(found) == 17
    assert said == found
    restricted = {record.name for record in children if "on_delete" in record.fields[0].annotations}
    assert restricted == {name for name, constraint in found if constraint != "Implied Constraint"}


def test_every_value_listed_on_the_warehouse_page_is_permitted(book: RuleBook, shared: Path) -> None:
    listed = re.findall(r"(?:\* |• )([A-Z][A-Z_*-]+):", page(shared, WAREHOUSE))
    permitted = [value.name for enum in book.schemas["warehouse"].enums.values() for value in enum.values]
    assert len(listed) == 3 + 4 + 11
    assert permitted == listed


def test_descriptions_are_not_sentences_of_the_pages(book: RuleBook, shared: Path) -> None:
    pages = page(shared, LIMBER) + page(shared, WAREHOUSE)
    copied = [
        field.description
        for schema in book.schemas.values()
        for record in schema.classes.values()
        for field in record.fields
        if len(field.description) > 25 and field.description.rstrip(".") in pages
    ]
    assert copied == []


def test_slugs_are_unique_over_all_schemas(book: RuleBook) -> None:
    slugs = [rule.slug for schema in book.schemas.values() for rule in rules_of(schema)]
    assert len(slugs) == len(set(slugs))


def test_rules_on_prose_are_warnings_and_those_on_one_field_violations(book: RuleBook) -> None:
    severities = {rule.slug: str(rule.severity) for schema in book.schemas.values() for rule in rules_of(schema)}
    warnings = {
        slug for slug, severity in severities.items() if severity == "Warning" and ".customer.class" not in slug
    }
    assert warnings == {
        "limber.DataReference.fragment",
        "limber.InternalReference.restatedCode.restates",
        "limber.InternalReference.restatedExternalIdentity.restates",
        "limber.InternalReference.restatedUniqueText.restates",
        "warehouse.dim_customer.country_of_birth.pattern",
        "warehouse.dim_customer.customer_number.pattern",
        "warehouse.dim_customer.email.pattern",
        "warehouse.dim_customer.last_updated.pattern",
        "warehouse.dim_customer.legacyOrigin",
        "warehouse.dim_customer.locale.pattern",
        "warehouse.dim_customer.numberFreedOnArchive",
        "warehouse.dim_customer.statusWithoutEmail",
        "warehouse.dim_customer.third_party_id.unique",
    }


def test_the_bounds_of_64_bits_are_rules_that_stand_on_the_type(book: RuleBook) -> None:
    rules = {rule.slug.removeprefix("warehouse."): rule for rule in rules_of(book.schemas["warehouse"])}
    least = rules["dim_customer.customer_id.minInclusive"]
    greatest = rules["dim_customer.customer_id.maxInclusive"]
    assert (least.values, greatest.values) == ((str(-(2**63)),), (str(2**63 - 1),))
    assert {str(least.severity), str(greatest.severity)} == {"Violation"}
    assert {least.source, greatest.source} == {"page, row customer_id, type int8"}
