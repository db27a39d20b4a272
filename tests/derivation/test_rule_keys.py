"""Every key that docs/rules.md names has a case: what is read, what is metadata, what the ledger says is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from graphmap.rules import ELEMENTS
from tests.derivation.features import FEATURES
from tests.derivation.worlds import HEAD, world

GROUPS = ("any_of", "all_of", "exactly_one_of", "none_of")
EXPRESSION = {**dict.fromkeys(GROUPS, "a slot expression"), "structured_pattern": "a pattern"}
BELOW: Mapping[str, Mapping[str, str]] = {
    "a schema": {
        "classes": "a class",
        "slots": "a slot",
        "slot_definitions": "a slot",
        "types": "a type",
        "enums": "an enumeration",
    },
    "a class": {"attributes": "a slot", "slot_usage": "a slot", "unique_keys": "a unique key", "rules": "a rule"},
    "a slot": EXPRESSION,
    "a slot expression": EXPRESSION,
    "a rule": dict.fromkeys(("preconditions", "postconditions", "elseconditions"), "a class expression"),
    "a class expression": {"slot_conditions": "a slot expression"},
    "a type": {"structured_pattern": "a pattern"},
    "an enumeration": {"permissible_values": "a permissible value"},
}
"""What stands under a key of an element."""
PLACES: Mapping[str, tuple[Any, ...]] = {
    "a schema": (),
    "a class": ("classes", "T"),
    "a slot": ("classes", "T", "attributes", "a"),
    "a slot expression": ("classes", "T", "attributes", "a", "any_of", 0),
    "a rule": ("classes", "T", "rules", 0),
    "a class expression": ("classes", "T", "rules", 0, "postconditions"),
    "a unique key": ("classes", "T", "unique_keys", "k"),
    "a type": ("types", "P"),
    "an enumeration": ("enums", "E"),
    "a permissible value": ("enums", "E", "permissible_values", "x"),
    "a pattern": ("types", "P", "structured_pattern"),
}
"""A way to an element of each kind in `PLAIN`."""
PLAIN = """
classes:
  T:
    attributes: {id: {identifier: true}, a: {any_of: [{range: E}]}, b: {range: P}}
    unique_keys: {k: {unique_key_slots: [b]}}
    rules: [{postconditions: {slot_conditions: {b: {required: true}}}}]
types: {P: {typeof: string, structured_pattern: {syntax: p}}}
enums: {E: {permissible_values: {x: {}}}}
"""


def keys(kind: str, element: Any) -> Iterator[tuple[str, str]]:
    """The keys of an element and of those inside it, each with the kind of its element."""
    for key, value in element.items() if isinstance(element, dict) else ():
        yield kind, key
        below = BELOW.get(kind, {}).get(key)
        one = below in ("a pattern", "a class expression") or (key in GROUPS and isinstance(value, dict))
        each = [value] if one else value.values() if isinstance(value, dict) else value
        if below and each:
            yield from (found for inner in each for found in keys(below, inner))


def with_keys(kind: str, more: Iterable[str]) -> str:
    """A schema with further keys at one of its elements."""
    schema: Any = yaml.safe_load(HEAD + PLAIN)
    element = schema
    for step in PLACES[kind]:
        element = element[step]
    element.update(dict.fromkeys(more, "x"))
    return yaml.safe_dump(schema, sort_keys=False)


def lost(text: str, folder: Path) -> dict[str, str]:
    """What the ledger says of statements that became no rule."""
    entries = world(folder, text).entries()
    return {f"{each.subject} {each.statement}": each.fates.shapes for each in entries if each.slug is None}


@pytest.mark.parametrize("kind", list(ELEMENTS))
def test_every_key_that_is_read_has_a_case(kind: str) -> None:
    schemas = [yaml.safe_load(HEAD + feature.schema) for feature in FEATURES]
    cases = {key for schema in schemas for of, key in keys("a schema", schema) if of == kind}
    assert ELEMENTS[kind].read - cases == set()


@pytest.mark.parametrize("kind", list(ELEMENTS))
def test_every_key_that_is_lost_is_in_the_ledger(kind: str, tmp_path: Path) -> None:
    wanted = {key: why for key, why in ELEMENTS[kind].lost.items() if key not in ELEMENTS[kind].read}
    found = lost(with_keys(kind, wanted), tmp_path)
    for key, why in wanted.items():
        assert [fate for said, fate in found.items() if said.endswith(f" {key}")] == [f"dropped: {why}"], key


@pytest.mark.parametrize("kind", list(ELEMENTS))
def test_metadata_asks_for_nothing(kind: str, tmp_path: Path) -> None:
    passed = ELEMENTS[kind].passed - ELEMENTS[kind].read - ELEMENTS[kind].lost.keys()
    assert lost(with_keys(kind, passed), tmp_path) == lost(HEAD + PLAIN, tmp_path)
