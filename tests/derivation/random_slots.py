"""Kinds of slots and of rules across them, each with values that keep it and values that break it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.derivation.odd_names import Names

__all__ = ["KINDS", "UNTOLD", "Leaf", "cross_rules", "several"]

Spec = dict[str, Any]
UNTOLD = ("datatype", 7)
"""A number in the place of a text, which a table cannot tell from a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A slot of plain values.

    Args:
        spec: what LinkML says of it.
        good: a value that keeps all of that.
        bad: values that break one aspect each, by aspect; `None` leaves the value out.
        needs: what the schema must define beside it, by key of the schema.
    """

    spec: Spec
    good: Any
    bad: list[tuple[str, Any]] = field(default_factory=list)
    needs: dict[str, Spec] = field(default_factory=dict)


def several(leaf: Leaf, dice: random.Random) -> Leaf:
    """The same with many values, of which one is bad; with a least, greatest or exact number at times."""
    more, bad = dice.choice(
        [
            ({}, []),
            ({"minimum_cardinality": 1}, [("minCount", None)]),
            ({"maximum_cardinality": 1}, []),
            ({"exact_cardinality": 1}, [("minCount", None)]),
        ]
    )
    found = [(aspect, [value]) for aspect, value in leaf.bad if value is not None and aspect != "maxCount"]
    spec = {name: value for name, value in leaf.spec.items() if name not in ("required", "recommended")}
    return Leaf(spec=spec | {"multivalued": True} | more, good=[leaf.good], bad=found + bad, needs=leaf.needs)


def _integer(dice: random.Random, _: Names) -> Leaf:
    bad = [("datatype", each) for each in ("x", "1.5", "1 000", "٣")]
    return Leaf(spec={"range": "integer"}, good=dice.randint(-9, 99), bad=[dice.choice(bad)])


def _least(dice: random.Random, _: Names) -> Leaf:
    least = dice.randint(-3, 5)
    bad = [("minInclusive", least - 1), ("datatype", "no")]
    return Leaf(spec={"range": "integer", "minimum_value": least}, good=least + dice.randint(0, 3), bad=bad)


def _greatest(dice: random.Random, _: Names) -> Leaf:
    spec = {"range": "decimal", "maximum_value": 2.5}
    return Leaf(spec=spec, good=dice.choice(["2.50", "-1", 2]), bad=[("maxInclusive", "2.51"), ("datatype", "2,5")])


def _type_of_bounds(_: random.Random, names: Names) -> Leaf:
    name = names.new()
    types = {name: {"typeof": "integer", "minimum_value": 1, "maximum_value": 3}}
    return Leaf(spec={"range": name}, good=2, bad=[("minInclusive", 0), ("maxInclusive", 4)], needs={"types": types})


def _day(dice: random.Random, _: Names) -> Leaf:
    bad = [("datatype", each) for each in ("2023-02-29", "1 May 2020", "2020-5-1")]
    return Leaf(spec={"range": "date"}, good="2024-02-29", bad=[dice.choice(bad)])


def _latest(_: random.Random, __: Names) -> Leaf:
    spec = {"range": "date", "maximum_value": "2024-12-31"}
    return Leaf(spec=spec, good="2024-12-31", bad=[("maxInclusive", "2025-01-01")])


def _moment(dice: random.Random, _: Names) -> Leaf:
    choices: list[tuple[Spec, Any, Any]] = [
        ({"range": "datetime"}, "2024-02-29T10:00:00Z", "2024-02-29 10h"),
        ({"range": "time"}, "10:00:00", "25:00:00"),
    ]
    spec, good, bad = dice.choice(choices)
    return Leaf(spec=spec, good=good, bad=[("datatype", bad)])


def _truth(_: random.Random, __: Names) -> Leaf:
    return Leaf(spec={"range": "boolean"}, good="true", bad=[("datatype", "maybe")])


def _float(dice: random.Random, _: Names) -> Leaf:
    spec = {"range": dice.choice(["float", "double"])}
    return Leaf(spec=spec, good="1.5", bad=[("datatype", "one")])


def _pattern(dice: random.Random, _: Names) -> Leaf:
    choices: list[tuple[Spec, Any, Any]] = [
        ({"pattern": "^[a-c]+$"}, "abc", "abd"),
        ({"pattern": r"^\d{3}$"}, "123", "12"),
        ({"pattern": '^"[^"]*"$'}, '"x"', "x"),
        ({"pattern": "^ä|ö$"}, "äx", "a"),
        ({"structured_pattern": {"syntax": "[0-9]+", "partial_match": True}}, "a1", "a"),
        ({"structured_pattern": {"syntax": "[0-9]+"}}, "1", "a1"),
    ]
    spec, good, bad = dice.choice(choices)
    return Leaf(spec=spec, good=good, bad=[("pattern", bad)])


def _settings(_: random.Random, __: Names) -> Leaf:
    spec = {"structured_pattern": {"syntax": "{digits}-{digits}", "interpolated": True}}
    return Leaf(spec=spec, good="1-22", bad=[("pattern", "1-2x")], needs={"settings": {"digits": "[0-9]+"}})


def _type_and_own_pattern(_: random.Random, names: Names) -> Leaf:
    name = names.new()
    types = {name: {"typeof": "string", "pattern": "z$"}}
    bad = [("typePattern", "ab"), ("pattern", "bz")]
    return Leaf(spec={"range": name, "pattern": "^a"}, good="az", bad=bad, needs={"types": types})


def _type_of_type(_: random.Random, names: Names) -> Leaf:
    name, above = names.new(), names.new()
    types = {name: {"typeof": above}, above: {"typeof": "string", "pattern": "^[xy]"}}
    return Leaf(spec={"range": name}, good="x", bad=[("pattern", "z")], needs={"types": types})


def _enum(dice: random.Random, names: Names) -> Leaf:
    name, above = names.new(), names.new()
    odd = ["red", "rot wein", 'a"b', "größe", "1", "true", "a|b", "a.b", "null", "x" * 90]
    values = dice.sample(odd, dice.randint(1, 4))
    enums: Spec = {name: {"permissible_values": {value: {} for value in values}}}
    if dice.random() < 0.4:
        enums = {above: enums[name], name: {"inherits": [above], "permissible_values": {"more": {"meaning": "w:m"}}}}
    return Leaf(
        spec={"range": name},
        good=dice.choice(values),
        bad=[("in", dice.choice(["blue", "re", "redd"]))],
        needs={"enums": enums},
    )


def _equals(dice: random.Random, _: Names) -> Leaf:
    choices: list[tuple[Spec, Any, Any]] = [
        ({"equals_string": "yes it is"}, "yes it is", "yes"),
        ({"equals_string_in": ["p", 'q"']}, 'q"', "r"),
        ({"range": "integer", "equals_number": 3}, 3, 4),
    ]
    spec, good, bad = dice.choice(choices)
    return Leaf(spec=spec, good=good, bad=[("in", bad)])


_FORMS = [{"pattern": "^a"}, {"pattern": "z$"}]


def _any_of(dice: random.Random, names: Names) -> Leaf:
    name = names.new()
    enums: dict[str, Spec] = {"enums": {name: {"permissible_values": {"x": {}}}}}
    types: Spec = {"any_of": [{"range": "integer"}, {"range": name}, {"range": "date"}]}
    good = dice.choice(["x", "3", "2024-02-29"])
    return dice.choice(
        [
            Leaf(spec={"any_of": _FORMS}, good="a", bad=[("anyOf", "b")]),
            Leaf(spec=types, good=good, bad=[("anyOf", "y"), ("anyOf", "3.5")], needs=enums),
            Leaf(spec={"any_of": [{"range": name, "pattern": "x"}]}, good="x", bad=[("anyOf", "xx")], needs=enums),
        ]
    )


def _exactly_one_of(_: random.Random, __: Names) -> Leaf:
    return Leaf(spec={"exactly_one_of": _FORMS}, good="a", bad=[("exactlyOneOf", "az"), ("exactlyOneOf", "b")])


def _all_of(_: random.Random, __: Names) -> Leaf:
    return Leaf(spec={"all_of": _FORMS}, good="az", bad=[("allOf", "a"), ("allOf", "z")])


def _none_of(_: random.Random, __: Names) -> Leaf:
    spec = {"none_of": [{"equals_string": "n"}, {"pattern": "^x"}]}
    return Leaf(spec=spec, good="m", bad=[("noneOf", "n"), ("noneOf", "xy")])


def _length(_: random.Random, __: Names) -> Leaf:
    spec = {"annotations": {"graphmap:size": 3}}
    return Leaf(spec=spec, good="äöü", bad=[("maxLength", "äöüß")])


def _recommended(_: random.Random, __: Names) -> Leaf:
    return Leaf(spec={"recommended": True}, good="x", bad=[("recommended", None)])


def _text(dice: random.Random, _: Names) -> Leaf:
    good = dice.choice(["x", "x y", '"', "\\", "Ünï", "a,b", "{}", "<b>", "'"])
    return Leaf(spec={"ifabsent": "string(none)"}, good=good, bad=[UNTOLD, ("maxCount", ["x", "y"])])


KINDS: tuple[Callable[[random.Random, Names], Leaf], ...] = (
    _integer,
    _least,
    _greatest,
    _type_of_bounds,
    _day,
    _latest,
    _moment,
    _truth,
    _float,
    _pattern,
    _settings,
    _type_and_own_pattern,
    _type_of_type,
    _enum,
    _equals,
    _any_of,
    _exactly_one_of,
    _all_of,
    _none_of,
    _length,
    _recommended,
    _text,
    _text,
)


def cross_rules(when: str, then: str, a: str, b: str) -> list[tuple[str, Spec, Spec, Spec, str]]:
    """Rules across a text and a number: name, rule, a record that keeps it, one that breaks it, end of the slug."""

    def on(key: str, slot: str, **condition: Any) -> Spec:
        return {key: {"slot_conditions": {slot: condition}}}

    equals = on("preconditions", when, equals_string="x")
    form = on("preconditions", when, any_of=[{"pattern": "^x"}, {"equals_string": "z"}])
    asked = on("postconditions", then, value_presence="PRESENT")
    away = on("postconditions", then, value_presence="ABSENT")
    least = on("postconditions", then, minimum_value=5)
    most = on("elseconditions", then, maximum_value=5)
    return [
        ("present", equals | asked, {a: "y"}, {a: "x"}, ""),
        ("least", form | least, {a: "y", b: 1}, {a: "x1", b: 4}, ""),
        ("absent", equals | away, {a: "x"}, {a: "x", b: 4}, ""),
        ("always", asked, {b: 1}, {b: None}, ""),
        ("else", equals | asked | most, {a: "y", b: 5}, {a: "y", b: 6}, ".else"),
        ("both ways", equals | least | {"bidirectional": True}, {a: "y", b: 1}, {a: "y", b: 7}, ".converse"),
    ]
