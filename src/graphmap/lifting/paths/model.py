"""Paths into a record: a part of JSONPath, and the same paths under SQL/JSON's lax rule.

A column of a table is the path of one name. Under the lax rule `[*]` and filters take a value that is no array for an
array of one, and a name asks every element of an array, so that a member may come as one value or as an array of them.
Source: RFC 9535, sections 2.3 to 2.5; ISO/IEC 9075-2, lax mode of the SQL/JSON path language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

__all__ = [
    "SELF",
    "Below",
    "Filter",
    "Index",
    "Known",
    "Name",
    "Node",
    "Path",
    "Route",
    "Segment",
    "Selector",
    "Wildcard",
    "column_path",
]


class Node(NamedTuple):
    """A value in a record, the keys that lead to it from the record's root, and its position in an iteration."""

    value: Any
    place: tuple[str | int, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """Selects a member by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """Selects an element of an array; negative counts from the end."""

    index: int


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Selects all children."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Selects the children for which a test holds; `equals` is set where the test is just `@[key] == value`."""

    text: str
    test: Callable[[Any], bool] = field(compare=False, repr=False)
    equals: tuple[str, Any] | None = None


Selector = Name | Index | Wildcard | Filter


@dataclass(frozen=True, slots=True)
class Segment:
    """One step: selectors applied to a node, or (`descend`) to it and all that stands below it."""

    selectors: tuple[Selector, ...]
    descend: bool = False


@dataclass(frozen=True, slots=True)
class Below:
    """All nodes below one node, and those of them that are objects."""

    all: list[Node]
    objects: list[Node]

    @classmethod
    def of(cls, top: Node) -> Below:
        """Walk a part of a record, level by level from the top of each."""
        found: list[Node] = []
        waiting = [top]
        while waiting:
            children = _children(waiting.pop())
            found += children
            waiting += [child for child in children if type(child.value) in (dict, list)]
        return cls(found, [node for node in found if type(node.value) is dict])


Known = dict[tuple[str | int, ...], Below]
"""Values below the nodes of one record, by their places."""


class Route(Protocol):
    """Path below a node; hashable, and equal to paths that select the same."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The steps, where they are known."""

    @property
    def names(self) -> tuple[str, ...] | None:
        """The member names, where it goes by names alone."""

    def values(self, root: Any) -> list[Any]:
        """The values that it selects."""

    def nodes(self, root: Node, known: Known | None = None) -> list[Node]:
        """The same with their places."""


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path; `lax` says which rule arrays follow."""

    text: str = field(compare=False)
    segments: tuple[Segment, ...]
    lax: bool = False

    def values(self, root: Any) -> list[Any]:
        """The values of `nodes` without their places; faster, in the same order."""
        found = [root]
        for segment in self.segments:
            selector = segment.selectors[0]
            if segment.descend or len(segment.selectors) > 1 or not isinstance(selector, Name | Wildcard):
                return [node.value for node in self.nodes(Node(root, ()))]
            found = (
                _named(found, selector.name, lax=self.lax) if isinstance(selector, Name) else _all(found, lax=self.lax)
            )
        return found

    def nodes(self, root: Node, known: Known | None = None) -> list[Node]:
        """All nodes that the path selects below a node, in document order.

        Args:
            root: where to start.
            known: what stands below some places of the same record; grows, so that no part is walked twice.
        """
        below: Known = {} if known is None else known
        found = [root]
        for segment in self.segments:
            found = [child for node in found for child in _step(segment, node, below, lax=self.lax)]
        return found

    @property
    def names(self) -> tuple[str, ...] | None:
        """The member names, where the path is names only, a last `[*]` under the lax rule aside."""
        segments = self.segments
        if self.lax and segments and segments[-1] == Segment((Wildcard(),)):
            segments = segments[:-1]
        selected = [segment.selectors[0] for segment in segments if len(segment.selectors) == 1]
        plain = [selector.name for selector in selected if isinstance(selector, Name)]
        return tuple(plain) if len(plain) == len(segments) and not any(s.descend for s in segments) else None


def _step(segment: Segment, node: Node, known: Known, *, lax: bool) -> Iterable[Node]:
    if not segment.descend:
        if len(segment.selectors) == 1 and isinstance(segment.selectors[0], Name):
            return list(_select_name(segment.selectors[0].name, node, lax=lax))
        return [found for selector in segment.selectors for found in _select(selector, node, lax=lax)]
    below = known.get(node.place)
    if below is None:
        below = known[node.place] = Below.of(node)
    selector = segment.selectors[0]
    if len(segment.selectors) == 1 and isinstance(selector, Filter):
        return [child for child in (below.objects if selector.equals else below.all) if selector.test(child.value)]
    if len(segment.selectors) == 1 and isinstance(selector, Wildcard):
        return below.all
    return [
        found
        for base in (node, *below.all)
        for selector in segment.selectors
        for found in _select(selector, base, lax=False)
    ]


def _named(values: list[Any], name: str, *, lax: bool) -> list[Any]:
    if lax:
        values = _all(values, lax=lax)
    return [value[name] for value in values if type(value) is dict and name in value]


def _all(values: list[Any], *, lax: bool) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if type(value) is list:
            found += value
        elif lax:
            found.append(value)
        elif type(value) is dict:
            found += value.values()
    return found


def _children(node: Node) -> list[Node]:
    value, place = node.value, node.place
    if isinstance(value, dict):
        return [Node(child, (*place, key)) for key, child in value.items()]
    if isinstance(value, list):
        return [Node(child, (*place, index)) for index, child in enumerate(value)]
    return []


def _select(selector: Selector, node: Node, *, lax: bool) -> Iterator[Node]:
    if isinstance(selector, Name):
        yield from _select_name(selector.name, node, lax=lax)
    elif isinstance(selector, Index):
        if isinstance(node.value, list) and -len(node.value) <= selector.index < len(node.value):
            index = selector.index % len(node.value)
            yield Node(node.value[index], (*node.place, index))
        elif lax and selector.index in (0, -1) and not isinstance(node.value, list):
            yield node
    else:
        test = selector.test if isinstance(selector, Filter) else _always
        items = [node] if lax and not isinstance(node.value, list) else _children(node)
        yield from (item for item in items if test(item.value))


def _always(_: Any) -> bool:
    return True


def _select_name(name: str, node: Node, *, lax: bool) -> Iterator[Node]:
    value, place = node.value, node.place
    if isinstance(value, dict):
        if name in value:
            yield Node(value[name], (*place, name))
    elif lax and isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict) and name in item:
                yield Node(item[name], (*place, index, name))


SELF = Path("$", ())
"""The path to where it starts."""


def column_path(name: str) -> Path:
    """The path to a column of a table."""
    return Path(name, (Segment((Name(name),)),))
