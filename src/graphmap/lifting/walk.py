"""One walk through a document that sorts its objects, for all descendant iterators that test a member for equality."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphmap.lifting.paths import Filter, Name, Path

__all__ = ["Bucket", "bucket_of", "collector"]


class Bucket(NamedTuple):
    """What `$.a.b..[?@[key] == value]` selects: names to start at, and the member and value to sort by."""

    start: tuple[str, ...]
    equals: tuple[str, Any]


def bucket_of(path: Path) -> Bucket | None:
    """The bucket that a path selects, or `None` where it is no such path."""
    if not path.segments:
        return None
    *start, last = path.segments
    names = [segment.selectors[0] for segment in start if len(segment.selectors) == 1 and not segment.descend]
    plain = tuple(selector.name for selector in names if isinstance(selector, Name))
    selector = last.selectors[0]
    if len(plain) != len(start) or not last.descend or len(last.selectors) != 1 or not isinstance(selector, Filter):
        return None
    if selector.equals is None or not isinstance(selector.equals[1], str):
        return None
    return Bucket(plain, selector.equals)


def collector(start: tuple[str, ...], wanted: frozenset[tuple[str, Any]]) -> Callable[[Any], Mapping[Any, list[Any]]]:
    """A function from a document to the objects below `start`, by member and value; every wanted key is there."""
    keys = sorted({key for key, _ in wanted})

    def collect(document: Any) -> Mapping[Any, list[Any]]:
        found: dict[Any, list[Any]] = {each: [] for each in wanted}
        waiting = [_at(document, start)]
        while waiting:
            node = waiting.pop()
            for child in node.values() if type(node) is dict else node:
                kind = type(child)
                if kind is dict:
                    waiting.append(child)
                    for key in keys:
                        value = child.get(key)
                        if type(value) is str and (key, value) in found:
                            found[key, value].append(child)
                elif kind is list:
                    waiting.append(child)
        return found

    return collect


def _at(document: Any, start: tuple[str, ...]) -> Any:
    for name in start:
        document = document.get(name) if type(document) is dict else None
    return document if type(document) in (dict, list) else ()
