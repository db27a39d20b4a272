"""Counts of terms and nulls by term map; kept only where somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graphmap.lifting.plan import Constant, Plan, TermMap, term_maps

__all__ = ["Counted", "Counts", "TermCounter", "counted_maps"]


class Counts(NamedTuple):
    """Terms and nulls, one number each for every term map that is counted."""

    terms: tuple[int, ...]
    nulls: tuple[int, ...]


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


class TermCounter:
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
        """Position of a term map in the counts; `None` for a constant."""
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
        """Counts since the last time."""
        taken = self.counts()
        self.terms[:] = self.nulls[:] = [0] * len(self.terms)
        return taken
