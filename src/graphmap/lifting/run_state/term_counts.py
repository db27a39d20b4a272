"""Counts of terms and nulls by term map, kept on request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphmap.lifting.plan import Constant, Plan, TermMap, term_maps

__all__ = ["Counted", "Counts", "Tally", "counted_maps", "undoing"]


class Counts(NamedTuple):
    """Terms and nulls, one number each for every term map that is counted."""

    terms: tuple[int, ...]
    nulls: tuple[int, ...]

    def plus(self, other: Counts) -> Counts:
        """The sums.

        >>> Counts((1,), (2,)).plus(Counts((3,), (4,)))
        Counts(terms=(4,), nulls=(6,))
        """
        return Counts(_sums(self.terms, other.terms), _sums(self.nulls, other.nulls))


def _sums(left: Iterable[int], right: Iterable[int]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(left, right, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A term map that is counted, and the first triples map that has it."""

    term_map: TermMap
    triples_map: str


def counted_maps(plan: Plan) -> tuple[Counted, ...]:
    """The term maps of a plan that read the data, each once, in the order of the plan."""
    found: dict[str, Counted] = {}
    for triples_map in plan.triples_maps:
        for term_map in term_maps(triples_map):
            if not isinstance(term_map.expression, Constant):
                found.setdefault(term_map.name, Counted(term_map=term_map, triples_map=triples_map.name))
    return tuple(found.values())


Lift = Callable[[Any], tuple[str, str, str, tuple[str, ...]] | None]
"""A compiled plan's function."""


class Tally:
    """Counts that grow as records are lifted.

    A null is counted where a subject, or for a subject map an innermost node, has no term of that term map.

    Args:
        plan: triples maps over one source or several.
    """

    def __init__(self, plan: Plan) -> None:
        self._positions = {each.term_map.name: at for at, each in enumerate(counted_maps(plan))}
        self.terms = [0] * len(self._positions)
        self.nulls = [0] * len(self._positions)

    def position(self, term_map: TermMap) -> int | None:
        """Find the position of a term map in the counts; `None` for a constant."""
        return None if isinstance(term_map.expression, Constant) else self._positions.get(term_map.name)

    def count(self, term_map: TermMap, found: Sequence[object]) -> None:
        """Count the terms that a term map gave at one node."""
        at = self.position(term_map)
        if at is not None:
            self.terms[at] += len(found)
            self.nulls[at] += not found

    def counts(self) -> Counts:
        """Counts so far."""
        return Counts(tuple(self.terms), tuple(self.nulls))

    def back_to(self, counts: Counts) -> None:
        """Forget what was counted since."""
        self.terms[:], self.nulls[:] = counts

    def take(self) -> Counts:
        """Take the counts since the last call."""
        taken = self.counts()
        self.terms[:] = self.nulls[:] = [0] * len(self.terms)
        return taken


def undoing(lift: Lift, tally: Tally) -> Lift:
    """The same function, which leaves nothing counted of a record that it gives up half-way."""

    def lift_or_undo(raw: Any) -> tuple[str, str, str, tuple[str, ...]] | None:
        before = tally.counts()
        found = lift(raw)
        if found is None:
            tally.back_to(before)
        return found

    return lift_or_undo
