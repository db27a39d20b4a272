"""Members of a document that no term map reads, found fast by remembering what objects look like.

Whether a scalar is read depends on the names that lead to it and on the members that iterators test on the way
(`[?@['@type'] == 'X']`), not on its value. So the interpreter is asked once about each look of an object: where it
stands, what its tested members say, its names and the kinds of its values. Plans with other filters or with indexes
are beyond that, and the interpreter is asked about every document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graphmap.lifting.interpreter.interpreter import Interpreter
from graphmap.lifting.interpreter.iterations import filter_keys
from graphmap.lifting.interpreter.statements import Place
from graphmap.lifting.paths import Filter, Index, Route
from graphmap.lifting.plan import Plan, all_references

__all__ = ["UnreadMembers"]

_MOST_LOOKS = 100_000
_CONTAINERS = (dict, list)
_Key = tuple[Any, ...]


@dataclass(slots=True, kw_only=True)
class _Look:
    """One look of an object or array: its unread scalars, and its members that hold objects or arrays."""

    unread: tuple[Place, ...] = ()
    below: tuple[tuple[str, _Context], ...] = ()


@dataclass(slots=True, kw_only=True)
class _Context:
    """The names that lead somewhere, with what the tested members on the way say; all looks seen there."""

    place: Place
    looks: dict[_Key, _Look] = field(default_factory=dict)
    inner: dict[_Key, _Context] = field(default_factory=dict)

    def into(self, tags: _Key, name: str) -> _Context:
        """The context of a member of an object with some tags."""
        known = self.inner.get((tags, name))
        if known is None:
            known = self.inner[tags, name] = _Context(place=(*self.place, name))
        return known


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
        self._tested = tuple(sorted({key for path in paths for key in filter_keys(path)}))
        self._by_look = all(_depends_on_looks(path) for path in paths)
        self._root = _Context(place=())
        self._looks = 0

    def of(self, document: Any) -> list[Place]:
        """The places of unread scalars; an array position is `*`, and each place comes once."""
        if not self._by_look or type(document) not in _CONTAINERS:
            return list(dict.fromkeys(map(_without_positions, self._interpreter.unread(document, self._known))))
        found: dict[Place, None] = {}
        if not self._walk(document, found):
            self._learn(document)
            found.clear()
            self._walk(document, found)
        return list(found)

    def _walk(self, document: Any, found: dict[Place, None]) -> bool:
        """Gather what is unread; `False` where a look is new."""
        waiting: list[tuple[Any, _Context]] = [(document, self._root)]
        while waiting:
            node, context = waiting.pop()
            look = context.looks.get(self._key(node))
            if look is None:
                return False
            if look.unread:
                found.update(dict.fromkeys(look.unread))
            if type(node) is dict:
                waiting += [(node[name], inner) for name, inner in look.below]
            elif look.below:
                inner = look.below[0][1]
                waiting += [(child, inner) for child in node if type(child) in _CONTAINERS]
        return True

    def _key(self, node: Any) -> _Key:
        """Signature of an object: names, kinds of values and tags; of an array the kinds of its items."""
        if type(node) is dict:
            kinds = tuple(map(type, node.values()))
            tags = [tag if type(tag) is str else type(tag) for tag in map(node.get, self._tested)]
            return (tuple(node), kinds, *tags)
        return (frozenset(map(type, node)),)

    def _learn(self, document: Any) -> None:
        """Ask the interpreter about a document, and note all its looks."""
        if self._looks > _MOST_LOOKS:
            self._root, self._looks = _Context(place=()), 0
        unread = frozenset(self._interpreter.unread(document, self._known))
        waiting: list[tuple[Any, Place, _Context]] = [(document, (), self._root)]
        while waiting:
            node, place, context = waiting.pop()
            key = self._key(node)
            inner: dict[str, _Context] = {}
            mine: dict[Place, None] = {}
            for at, name, child in _members(node):
                below = (*place, at)
                if type(child) not in _CONTAINERS:
                    mine.update({(*context.place, name): None} if below in unread else {})
                elif (*context.place, name) not in self._skipped:
                    inner[name] = context.into(key[2:], name)
                    waiting.append((child, below, inner[name]))
            context.looks[key] = _Look(unread=tuple(mine), below=tuple(inner.items()))
            self._looks += 1


def _members(node: Any) -> Iterator[tuple[str | int, str, Any]]:
    """Key, name and value of each member; the name of every item of an array is `*`."""
    if type(node) is dict:
        yield from ((name, name, child) for name, child in node.items())
    else:
        yield from ((at, "*", child) for at, child in enumerate(node))


def _without_positions(place: Place) -> tuple[str, ...]:
    return tuple("*" if isinstance(key, int) else key for key in place)


def _paths(plan: Plan) -> Iterator[Route]:
    for triples_map in plan.triples_maps:
        yield from (step.path for step in triples_map.iteration.steps)
        yield from (reference.path for reference in all_references(triples_map))


def _depends_on_looks(path: Route) -> bool:
    selectors = [selector for segment in path.segments for selector in segment.selectors]
    return not any(isinstance(s, Index) or (isinstance(s, Filter) and s.equals is None) for s in selectors)
