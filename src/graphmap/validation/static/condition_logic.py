"""Conjunction, disjunction and negation of row conditions, simplified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphmap.lifting.optimizer import all_distinct
from graphmap.lifting.plan import All, Any, Check, Count, Holds, Longest, Member, Never, Not, Present, TermMap

__all__ = ["ALWAYS", "all_of", "any_of", "counted", "doubts_of", "implied", "negated"]

ALWAYS = All()


def counted(objects: tuple[TermMap, ...], *, low: int = 0, high: int | None = None) -> Check:
    """Condition that the number of values of some term maps lies between two bounds."""
    if not objects:
        return ALWAYS if low == 0 else any_of(())
    if low <= 1 and high is None:
        return any_of(Present(term_map=obj) for obj in objects) if low else ALWAYS
    if not all_distinct(objects):
        return Never(why="two fields of one predicate may hold the same value")
    return Count(term_maps=objects, low=low, high=high)


def all_of(checks: Iterable[Check]) -> Check:
    """Conjunction."""
    parts: list[Check] = []
    for check in checks:
        parts.extend(check.parts if isinstance(check, All) else (check,))
    return parts[0] if len(parts) == 1 else All(parts=tuple(dict.fromkeys(parts)))


def any_of(checks: Iterable[Check]) -> Check:
    """Disjunction."""
    parts = tuple(dict.fromkeys(checks))
    return ALWAYS if ALWAYS in parts else parts[0] if len(parts) == 1 else Any(parts=parts)


def implied(condition: Check, check: Check) -> Check:
    """Implication; texts of a term that is not there pass `Longest`, `Member` and `Holds` as they are."""
    if ALWAYS in (check, condition):
        return check
    if isinstance(check, Longest | Member | Holds) and condition == Present(term_map=check.term_map):
        return check
    return any_of((negated((condition,)), check))


def negated(parts: Iterable[Check]) -> Check:
    """Negation of the one part; `Never` where the part cannot be decided."""
    (part,) = parts
    doubts = list(doubts_of(part))
    return Never(why=doubts[0]) if doubts else Not(part=part)


def doubts_of(check: Check) -> Iterator[str]:
    """Reasons of the `Never`s in a condition."""
    if isinstance(check, Never):
        yield check.why
    elif isinstance(check, All | Any):
        for part in check.parts:
            yield from doubts_of(part)
    elif isinstance(check, Not):
        yield from doubts_of(check.part)
