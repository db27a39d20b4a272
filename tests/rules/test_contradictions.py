"""Contradictions in rules are found, each with its line."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from graphmap.rules import RuleBook, check, load_rules, read_schema

HEAD = """\
name: shop
annotations: {graphmap:page: Shop page}
classes:
  Order:
    annotations: {graphmap:source: page, graphmap:key: number}
    attributes:
      number: {required: true, annotations: {graphmap:source: page}}
"""
BYTE = """\
prefixes: {x: "urn:x:"}
types: {byte: {uri: x:byte, minimum_value: 255, maximum_value: 0}}
"""


def problems(text: str) -> list[str]:
    schema = read_schema(text, file="shop.yaml")
    book = RuleBook(schemas=MappingProxyType({schema.name: schema}))
    return [f"{problem.where.line}: {problem.what}" for problem in check(book)]


def field(text: str) -> str:
    return HEAD + f"      amount: {{{text}, annotations: {{graphmap:source: page}}}}\n"


def annotated(text: str) -> str:
    return HEAD + f"      amount: {{annotations: {{graphmap:source: page, {text}}}}}\n"


def test_the_shipped_rules_do_not_contradict_themselves(root: Path) -> None:
    assert check(load_rules(root / "rules")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (field("range: Money"), "8: amount has the range Money, which is not a type, enumeration or class"),
        (
            field("minimum_cardinality: 3, maximum_cardinality: 2"),
            "8: amount needs 3 values at least and 2 at most",
        ),
        (field("minimum_value: 10, maximum_value: 9"), "8: amount is at least 10 and at most 9"),
        (
            field("range: byte")
            + "prefixes: {x: urn:x}\ntypes: {byte: {uri: x:byte, minimum_value: 255, maximum_value: 0}}\n",
            "8: amount is at least 255 and at most 0",
        ),
        (field("pattern: '['"), "8: amount has a pattern that is not valid: unterminated character set at position 0"),
        (field("aliases: [number]"), "8: number names two fields of Order"),
        (annotated("graphmap:sise: 3"), "8: amount has an unknown annotation graphmap:sise"),
        (annotated("graphmap:size: -3"), "8: amount has the size '-3', which is not a number from 1 up"),
        (
            annotated("graphmap:severity: Grave"),
            "8: amount has graphmap:severity 'Grave', which is none of Violation, Warning, Info",
        ),
        (HEAD + "      amount: {}\n", "8: amount does not say where it comes from (graphmap:source)"),
        (HEAD + "enums: {Colour: {annotations: {graphmap:source: page}}}\n", "8: enumeration Colour has no values"),
        (
            HEAD + "    unique_keys: {k: {unique_key_slots: [code], annotations: {graphmap:source: page}}}\n",
            "8: key k speaks of code, which is not a field of the class",
        ),
        (
            HEAD + "    rules: [{title: odd, annotations: {graphmap:source: page}}]\n",
            "8: odd asks for nothing",
        ),
        (
            HEAD + "  Return: {is_a: Gone, annotations: {graphmap:source: page}}\n",
            "8: class Return is a Gone, which is not a class",
        ),
        (HEAD + "  Line: {annotations: {graphmap:source: page}}\n", "8: class Line has no key (graphmap:key)"),
        (
            HEAD + "  Twin: {is_a: Twin, annotations: {graphmap:source: page}}\n",
            "8: class Twin is a Twin in a circle",
        ),
    ],
)
def test_a_contradiction_is_found_with_its_line(text: str, expected: str) -> None:
    assert expected in problems(text)


def test_two_rules_with_one_slug_are_found() -> None:
    rule = "{title: total, annotations: {graphmap:source: page}, postconditions: {slot_conditions: {number: {}}}}"
    assert "5: 2 rules have the slug shop.Order.total" in problems(HEAD + f"    rules: [{rule}, {rule}]\n")


def test_a_name_that_is_class_and_enumeration_is_found() -> None:
    enum = "{annotations: {graphmap:source: page}, permissible_values: {A: {}}}"
    assert "8: Order is a class and an enumeration" in problems(HEAD + f"enums: {{Order: {enum}}}\n")


def test_a_schema_that_names_no_page_is_found() -> None:
    assert problems("name: shop\n") == ["None: schema shop does not say which page it is about (graphmap:page)"]
