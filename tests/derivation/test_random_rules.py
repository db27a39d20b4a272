"""Random rule books: derive never fails, shapes and mapping agree, and exactly the rule that is broken is reported."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.derivation.worlds import HEAD, World, world

Value = tuple[str, Any, list[tuple[str, Any]]]
"""A slot, a value that keeps its rules, and values that break one each, by aspect."""


def slot_of(dice: random.Random, name: str) -> tuple[str, Any, list[tuple[str, Any]]]:
    """A random slot: its YAML, a good value, and bad values by aspect."""
    required = dice.random() < 0.5
    least = dice.randint(0, 5)
    kinds: list[Value] = [
        ("range: integer", least, [("datatype", "x")]),
        (f"range: integer, minimum_value: {least}", least + 1, [("minInclusive", least - 1), ("datatype", "no")]),
        (f"range: integer, maximum_value: {least}", least, [("maxInclusive", least + 1)]),
        ("range: date", "2024-02-29", [("datatype", "2023-02-29")]),
        ("range: boolean", True, [("datatype", "maybe")]),
        ("pattern: '^[a-c]+$'", "abc", [("pattern", "abd")]),
        ("range: Colour", "red", [("in", "rot")]),
        ("equals_string_in: [p, q]", "p", [("in", "r")]),
        ("any_of: [{pattern: '^a'}, {pattern: 'z$'}]", "a", [("anyOf", "b")]),
        ("exactly_one_of: [{pattern: '^a'}, {pattern: 'z$'}]", "a", [("exactlyOneOf", "az")]),
        ("none_of: [{equals_string: n}]", "m", [("noneOf", "n")]),
        ("all_of: [{pattern: '^a'}, {pattern: 'z$'}]", "az", [("allOf", "a")]),
        ("range: Target", "t", [("class", "gone")]),
        ("annotations: {'graphmap:size': 3}", "abc", [("maxLength", "abcd")]),
        ("recommended: true", "x", [] if required else [("recommended", None)]),
        ("title: any text", "x", [("datatype", 7)]),
    ]
    text, good, bad = dice.choice(kinds)
    if required:
        bad = [*bad, ("minCount", None)]
    if dice.random() < 0.3:
        text += ", multivalued: true"
        good = [good]
    elif text == "title: any text":
        bad = [*bad, ("maxCount", ["x", "y"])]
    return f"{name}: {{{text}{', required: true' if required else ''}}}", good, bad


def rule_book(dice: random.Random) -> tuple[str, dict[str, Any], list[tuple[str, str, Any]]]:
    """A schema of a class, its super-class and a mixin; a record; and what breaks it: slug, slot, value."""
    owners: dict[str, list[str]] = {"Top": [], "Mix": [], "T": []} if dice.random() < 0.6 else {"T": []}
    record: dict[str, Any] = {"id": "1"}
    breaks: list[tuple[str, str, Any]] = []
    for number in range(dice.randint(1, 6)):
        owner = dice.choice(list(owners))
        name = f"s{number}"
        text, good, bad = slot_of(dice, name)
        owners[owner].append(text)
        record[name] = good
        breaks += [(f"{owner}.{name}.{aspect}", name, value) for aspect, value in bad]
    lines = ["classes:", "  Target: {attributes: {id: {identifier: true}}}"]
    for owner, slots in owners.items():
        more = {"Top": "abstract: true, ", "Mix": "mixin: true, "}.get(owner, "")
        if owner == "T" and "Top" in owners:
            more = "is_a: Top, mixins: [Mix], "
        own = ["id: {identifier: true}"] if owner == ("Top" if "Top" in owners else "T") else []
        lines.append(f"  {owner}: {{{more}attributes: {{{', '.join([*own, *slots])}}}}}")
    lines.append("enums: {Colour: {permissible_values: {red: , blue: }}}")
    return HEAD + "\n".join(lines) + "\n", record, breaks


def run(made: World, record: dict[str, Any]) -> set[str]:
    return made.broken([("T", record), ("Target", {"id": "t"})])


def checked(seed: int) -> Counter[str]:
    """Check one random rule book; how often each kind of rule was broken."""
    dice = random.Random(seed)
    text, record, breaks = rule_book(dice)
    with tempfile.TemporaryDirectory() as folder:
        made = world(Path(folder), text)
        assert run(made, record) == set(), f"seed {seed}\n{text}\n{record}"
        for slug, slot, value in breaks:
            worse = {name: each for name, each in record.items() if name != slot}
            if value is not None:
                worse[slot] = value
            assert run(made, worse) == {slug}, f"seed {seed}\n{text}\n{worse}"
    return Counter(slug.rpartition(".")[2] for slug, _, _ in breaks)


@pytest.mark.parametrize("seed", range(12))
def test_exactly_the_broken_rule_is_reported(seed: int) -> None:
    checked(seed)


def test_a_fresh_seed_does_as_well() -> None:
    checked(random.SystemRandom().randrange(1 << 32))


@pytest.mark.slow
def test_every_kind_of_rule_is_broken_fifty_times() -> None:
    counts: Counter[str] = Counter()
    for seed in range(1000, 1600):
        counts += checked(seed)
    assert min(counts.values()) >= 50, counts
    assert len(counts) >= 12
