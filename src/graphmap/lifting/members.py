"""Members of a document that no term map reads, found fast by remembering what objects look like.

Whether a scalar is read depends on the names that lead to it and on the members that iterators test on the way
(`[?@['@type'] == 'X']`), not on its value. So the interpreter is asked once about each look of an object: where it
stands, what its tested members say, its names and the kinds of its values. Plans with other filters or with indexes
are beyond that, and the interpreter is asked about every document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graphmap.lifting.interpreter import Interpreter, Place
from graphmap.lifting.paths import Filter, Index, Path
from graphmap.lifting.plan import Plan, all_references

__all__ = ["UnreadMembers"]

_MOST_LOOKS = 100_000
_Context = tuple[Any, ...]
_Look = tuple[Any, ...]


class UnreadMembers:
    """Finds unread members, document by document.

    Args:
        plan: triples maps over documents.
        interpreter: of the same plan.
        known: places that somebody else reads, with all below them.
    """

    def __init__(self, plan: Plan, interpreter: Interpreter, known: Iterable[Place]) -> None:
        self._interpreter = interpreter
        self._known = tuple(known)
        self._skipped = frozenset(self._known)
        paths = list(_paths(plan))
        self._tested = sorted({key for path in paths for key in _tested(path)})
        self._by_look = all(_depends_on_looks(path) for path in paths)
        self._unread: dict[_Look, tuple[str, ...]] = {}

    def of(self, document: Any) -> list[Place]:
        """The places of unread scalars; an array position is `*`, and each place comes once."""
        if not self._by_look:
            return list(dict.fromkeys(map(_without_positions, self._interpreter.unread(document, self._known))))
        looks = list(self._looks(document))
        if any(look not in self._unread for look, _ in looks):
            self._learn(document, looks)
        unread = self._unread
        return list(dict.fromkeys((*place, name) for look, place in looks for name in unread[look]))

    def _learn(self, document: Any, looks: list[tuple[_Look, Place]]) -> None:
        if len(self._unread) > _MOST_LOOKS:
            self._unread.clear()
        for look, _ in looks:
            self._unread[look] = ()
        found = {_without_positions(place) for place in self._interpreter.unread(document, self._known)}
        for look, place in looks:
            self._unread[look] = tuple(each[-1] for each in sorted(found, key=str) if each[:-1] == place and each[-1] in _names(look))

    def _looks(self, document: Any) -> Iterator[tuple[_Look, Place]]:
        """Each object and array with its look and the names that lead to it."""
        waiting: list[tuple[Any, _Context, Place]] = [(document, (), ())]
        while waiting:
            node, context, place = waiting.pop()
            if type(node) is dict:
                tags = tuple(_tag(node.get(key)) for key in self._tested)
                yield (context, tags, tuple(node), tuple(map(type, node.values()))), place
                members: Iterable[tuple[str, Any]] = node.items()
            else:
                tags = ()
                yield (context, "*", frozenset(map(type, node))), place
                members = (("*", child) for child in node)
            for name, child in members:
                kind = type(child)
                if (kind is dict or kind is list) and (*place, name) not in self._skipped:
                    waiting.append((child, (context, tags, name), (*place, name)))


def _tag(value: Any) -> Any:
    return value if type(value) is str else type(value)


def _names(look: _Look) -> Iterable[str]:
    return ("*",) if look[1] == "*" else look[2]


def _without_positions(place: Place) -> tuple[str, ...]:
    return tuple("*" if isinstance(key, int) else key for key in place)


def _paths(plan: Plan) -> Iterator[Path]:
    for triples_map in plan.triples_maps:
        yield from (step.path for step in triples_map.iteration.steps)
        yield from (reference.path for reference in all_references(triples_map))


def _tested(path: Path) -> Iterator[str]:
    for segment in path.segments:
        for selector in segment.selectors:
            if isinstance(selector, Filter) and selector.equals is not None:
                yield selector.equals[0]


def _depends_on_looks(path: Path) -> bool:
    selectors = [selector for segment in path.segments for selector in segment.selectors]
    return not any(isinstance(s, Index) or (isinstance(s, Filter) and s.equals is None) for s in selectors)
