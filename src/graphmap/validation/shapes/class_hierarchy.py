"""The hierarchy of classes, from `rdfs:subClassOf` facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphmap.rdf import RDFS, Graph, Token

__all__ = ["SUBCLASS_OF", "sub_class_facts", "superclasses"]

SUBCLASS_OF: Token = f"<{RDFS}subClassOf>"


def sub_class_facts(graph: Graph) -> list[tuple[Token, Token]]:
    """The pairs (sub-class, super-class) that a graph states."""
    return [(s, o) for s, properties in graph.forward.items() for o in properties.get(SUBCLASS_OF, ())]


def superclasses(facts: Iterable[tuple[Token, Token]]) -> Mapping[Token, frozenset[Token]]:
    """Close sub-class facts.

    Args:
        facts: pairs (sub-class, super-class), in any order, cycles allowed.

    Returns:
        Class to itself and all classes above it, for every class in the facts.

    >>> sorted(superclasses([("<a:A>", "<a:B>"), ("<a:B>", "<a:C>")])["<a:A>"])
    ['<a:A>', '<a:B>', '<a:C>']
    """
    above: dict[Token, set[Token]] = {}
    for lower, upper in facts:
        above.setdefault(lower, set()).add(upper)
        above.setdefault(upper, set())
    return {start: _reach(above, start) for start in above}


def _reach(above: Mapping[Token, set[Token]], start: Token) -> frozenset[Token]:
    found, frontier = {start}, [start]
    while frontier:
        fresh = above[frontier.pop()] - found
        found |= fresh
        frontier.extend(fresh)
    return frozenset(found)
