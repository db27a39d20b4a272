"""The chains of levels of one record, innermost node last, and which of its values a mapping reads.

Source: RML-LV, iteration of logical views.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from graphmap.lifting.evaluation.statements import Place
from graphmap.lifting.paths import Filter, Known, Node, Route
from graphmap.lifting.plan import Embedded, Plan, Step, TriplesMap, all_references, step_references

__all__ = ["Chain", "IterationNodes", "Make", "filter_keys", "unread_places"]

Chain = tuple[Node, ...]
"""One node a level, outermost first."""


Make = Callable[[Step, Chain], list[Node]]
"""Gives the nodes of a step that is not a path."""


class IterationNodes:
    """All chains of one record; iterations that begin alike share their beginning.

    Args:
        record: as the interpreter reads it.
        make: without it, a step that is not a path finds nothing.
    """

    def __init__(self, record: Any, make: Make | None = None) -> None:
        self._make = make
        self._below: Known = {}
        self._known: dict[tuple[Step, ...], list[Chain]] = {(): [(Node(record, ()),)]}

    def of(self, steps: tuple[Step, ...]) -> list[Chain]:
        """The chains that some steps make, in document order."""
        known = self._known.get(steps)
        if known is None:
            known = self._known[steps] = list(self._longer(self.of(steps[:-1]), steps[-1]))
        return known

    def _longer(self, chains: Iterable[Chain], step: Step) -> Iterator[Chain]:
        for chain in chains:
            nodes = self._nodes(step, chain)
            if not nodes and step.outer:
                nodes = [Node(None, (*chain[step.below].place, *(step.path.names or ())))]
            yield from ((*chain, Node(node.value, node.place, at)) for at, node in enumerate(nodes))

    def _nodes(self, step: Step, chain: Chain) -> list[Node]:
        if step.maker is None:
            return step.path.nodes(chain[step.below], self._below)
        return self._make(step, chain) if self._make is not None else []


def unread_places(plan: Plan, record: Any, known: Iterable[Place]) -> list[Place]:
    """The places of scalars that no term map reads, array positions kept.

    Args:
        plan: triples maps over the source of the record.
        record: a decoded JSON value, or a row as a mapping.
        known: places whose value, and all below it, is read by somebody else.
    """
    read, chains = set(known), IterationNodes(record)
    for triples_map in plan.triples_maps:
        for chain in chains.of(triples_map.iteration.steps):
            read.update(_read_in(chain, triples_map))
    return [place for place in _scalars(record) if not any(place[:end] in read for end in range(len(place) + 1))]


def _read_in(chain: Sequence[Node], triples_map: TriplesMap) -> Iterator[Place]:
    for reference in all_references(triples_map):
        yield from (node.place for node in reference.path.nodes(chain[reference.level]))
    for step, node in zip(triples_map.iteration.steps, chain[1:], strict=True):
        yield from ((*node.place, key) for key in filter_keys(step.path))
        for reference in step_references(step):
            yield from (found.place for found in reference.path.nodes(chain[reference.level]))
        if isinstance(step.maker, Embedded):
            yield from (found.place for found in step.path.nodes(chain[step.below]))


def filter_keys(path: Route) -> Iterator[str]:
    """The members that the filters of a path test for equality."""
    for segment in path.segments:
        for selector in segment.selectors:
            if isinstance(selector, Filter) and selector.equals is not None:
                yield selector.equals[0]


def _scalars(record: Any) -> Iterator[Place]:
    waiting: list[Node] = [Node(record, ())]
    while waiting:
        value, place, _ = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(Node(child, (*place, key)) for key, child in reversed(value.items()))
        elif isinstance(value, list):
            waiting.extend(Node(child, (*place, at)) for at, child in reversed(list(enumerate(value))))
        elif value is not None:
            yield place
