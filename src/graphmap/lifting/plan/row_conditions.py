"""Conditions on the terms of a row, as a small algebra that the compiler can print.

Whoever knows what the terms mean (the guard) builds these; the compiler only knows how to ask them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphmap.lifting.plan.triples_maps import TermMap

__all__ = ["All", "Any", "Check", "Count", "Extra", "Holds", "Longest", "Member", "Never", "Not", "Present"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """The term map gives a term."""

    term_map: TermMap


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Condition that the number of term maps with a term is within bounds; the terms are known to differ."""

    term_maps: tuple[TermMap, ...]
    low: int = 0
    high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Longest:
    """The text of the term, where there is one, has at most that many characters."""

    term_map: TermMap
    characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """The text of the term, where there is one, is one of these."""

    term_map: TermMap
    texts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """A test of the text of the term, where there is one, is true."""

    term_map: TermMap
    test: Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every part holds; with no part, always."""

    parts: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Any:
    """At least one part holds."""

    parts: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Never holds: nothing can be proved, and the record goes the long way.

    Args:
        why: what stands in the way, for those who ask why the guard is slow.
    """

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A term to hand out beside the text, where a check holds."""

    term_map: TermMap
    check: Check


Check = Present | Count | Longest | Member | Holds | All | Any | Not | Never
