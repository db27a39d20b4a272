"""A feature of LinkML with a schema, records that keep it, records that break it, and what the ledger says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["ENUM", "OBJECT", "TWO", "Feature", "of"]

Records = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature.

    Args:
        name: what it is about, with the keys of LinkML in it.
        schema: the schema below its head.
        good: records that break nothing.
        bad: records that break the rules of these slugs, and no other.
        lost: what the ledger says, as parts of `subject` and `statement`.
    """

    name: str
    schema: str
    good: Records
    bad: tuple[tuple[Records, set[str]], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()


def of(name: str, slot: str, good: list[Any], bad: list[tuple[Any, str]], *, more: str = "", lost: str = "") -> Feature:
    """A feature of one attribute `a` of a class `T`: values that it permits, and values with the aspect they break."""
    schema = f"classes:\n  T:\n    attributes:\n      id: {{identifier: true}}\n      a: {{{slot}}}\n{more}"
    return Feature(
        name=name,
        schema=schema,
        good=[record(value, str(number)) for number, value in enumerate(good)],
        bad=tuple(([record(value, "x")], {f"T.a.{aspect}"}) for value, aspect in bad),
        lost=(("T.a", lost),) if lost else (),
    )


def record(value: Any, key: str) -> tuple[str, dict[str, Any]]:
    return "T", {"id": key} | ({} if value is None else {"a": value})


ENUM = "enums: {E: {permissible_values: {x: , why: {text: why, meaning: 'w:y', title: Y, description: a value}}}}\n"
TWO = "  U:\n    attributes:\n      id: {identifier: true}\n"
OBJECT = "  U:\n    attributes:\n      b: {required: true}\n"
