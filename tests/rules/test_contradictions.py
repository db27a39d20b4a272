"""Contradictions in rules are found, each with its line."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from graphmap.errors import RulesError
from graphmap.rules import RuleBook, check, load_rules, read_schema, refuse

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
    try:
        schema = read_schema(text, file="shop.yaml")
    except RulesError as error:
        return [f"{error.where.line}: {error.what}"]
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
        (
            field("pattern: '['"),
            "8: Order.amount has a pattern that is not valid: unterminated character set at position 0",
        ),
        (
            field("any_of: [{pattern: '('}]"),
            "8: Order.amount has a pattern that is not valid: missing ), unterminated subpattern at position 0",
        ),
        (
            field("range: t") + "types: {t: {typeof: string, pattern: '*'}}\n",
            "9: t has a pattern that is not valid: nothing to repeat at position 0",
        ),
        (
            field("range: integer, minimum_value: few"),
            "8: amount is compared with 'few', which is not of its type integer",
        ),
        (
            field("range: date, equals_string: soon"),
            "8: amount is compared with 'soon', which is not of its type date",
        ),
        (
            HEAD + "    rules: [{postconditions: {slot_conditions: {number: {range: Money}}}}]\n",
            "8: rule1 has the range Money, which is not a type, enumeration or class",
        ),
        (
            HEAD + "    rules: [{postconditions: {slot_conditions: {number: {minimum_value: 3}}}}]\n",
            "8: rule1 compares number with '3', which are texts",
        ),
        (HEAD + "  a b: {}\n  AB: {}\n", "9: 'AB' and 'a b' are one name where spaces are left out: AB"),
        (field("title: x") + "      a b: {}\n      a_b: {}\n", "10: 'a_b' and 'a b' are one name in the data: a_b"),
        (field("title: x") + "      ' ': {}\n", "9: a slot of Order has no name"),
        (HEAD + "enums: {' ': {}}\n", "8: one of the enums has no name"),
        ("name: shop\n", "1: the schema defines nothing"),
        (f"name: {'n' * 101}\nclasses: {{}}\n", "1: the name of the schema is longer than 100 letters"),
        (HEAD + "enums: {e: {inherits: f}, f: {inherits: e}}\n", "8: e inherits e, which is in a circle"),
        (
            "name: shop\nslots: {s: {is_a: t}, t: {is_a: s}}\nclasses: {A: {slots: [s]}}\n",
            "2: the slot s is one of its own kind, in a circle",
        ),
        (
            "name: shop\nclasses: {A: {attributes: {id: {identifier: true, multivalued: true}}}}\n",
            "2: id is a key of A and may have several values",
        ),
        (
            "name: shop\nclasses: {A: {attributes: {id: {identifier: true, range: B}}}, B: {}}\n",
            "2: id is a key of A and is an object",
        ),
        (
            "name: shop\nenums: {e: {permissible_values: {a: {text: b}}}}\n",
            "2: the value 'a' of e has another text: 'b'",
        ),
        (HEAD + "enums: {date: {}}\n", "8: date is an enumeration and a type"),
        (field("alias: number"), "8: number names two fields of Order"),
        (annotated("graphmap:sise: 3"), "8: amount has an unknown annotation graphmap:sise"),
        (annotated("graphmap:size: -3"), "8: amount has the size '-3', which is not a number from 1 up"),
        (
            annotated("graphmap:severity: Grave"),
            "8: amount has graphmap:severity 'Grave', which is none of Violation, Warning, Info",
        ),
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
        (
            field("range: Line, required: true") + "  Line: {attributes: {line: {range: Line, required: true}}}\n",
            "9: each Line must hold another Line (line), without end",
        ),
        (field("identifier: true") + "      code: {identifier: true}\n", "9: Order has 2 identifiers: amount, code"),
        (
            HEAD + "  A: {class_uri: 'urn:x:a'}\n  B: {class_uri: 'urn:x:a'}\n",
            "9: B and A (shop.yaml, line 8, column 6) have one IRI: urn:x:a",
        ),
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
    assert "5: Order is a class and an enumeration" in problems(HEAD + f"enums: {{Order: {enum}}}\n")


def test_all_contradictions_are_named_at_once_each_with_what_to_write() -> None:
    text = field("range: Strin") + "      code: {minimum_value: 2, maximum_value: 1}\n"
    schema = read_schema(text, file="shop.yaml")
    with pytest.raises(RulesError) as caught:
        refuse(RuleBook(schemas=MappingProxyType({schema.name: schema})))
    lines = caught.value.what.splitlines()
    assert lines[0] == "the rules have 2 faults:"
    assert lines[1].endswith(
        "amount has the range Strin, which is not a type, enumeration or class; did you mean string?"
    )
    assert lines[2].endswith("code is at least 2 and at most 1; change one of them")


def test_a_schema_needs_no_annotation() -> None:
    assert problems("name: shop\nclasses: {Order: {attributes: {number: {identifier: true}}}}\n") == []
