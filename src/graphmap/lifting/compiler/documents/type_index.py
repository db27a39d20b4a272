"""One walk through a document that sorts its objects, for all descendant iterators that test a member for equality."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from graphmap.lifting.paths import Filter, Name, Route

__all__ = ["Bucket", "bucket_of", "collector"]


class Bucket(NamedTuple):
    """Selection `$.a.b..[?@[key] == value]`: names to start at, and member and value to sort by."""

    start: tuple[str, ...]
    key: str
    value: str


_Found = dict[str, dict[str, list[Any]]]
"""Objects by member and its value."""


def bucket_of(path: Route) -> Bucket | None:
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
    return Bucket(plain, *selector.equals)


def collector(wanted: Iterable[Bucket]) -> Callable[[Any], Mapping[Bucket, list[Any]]]:
    """A function from a document to the objects of each bucket.

    Each part of a document is walked once: what lies below an inner start is sorted there, and handed to the buckets
    of the starts around it as well.
    """
    buckets = tuple(wanted)
    starts = sorted({bucket.start for bucket in buckets}, key=lambda start: (-len(start), start))
    around = {start: [b for b in buckets if start[: len(b.start)] == b.start] for start in starts}

    def collect(document: Any) -> Mapping[Bucket, list[Any]]:
        found: dict[Bucket, list[Any]] = {bucket: [] for bucket in buckets}
        done: set[int] = set()
        for start in starts:
            top = _at(document, start)
            sorted_here: _Found = {}
            for bucket in around[start]:
                sorted_here.setdefault(bucket.key, {})[bucket.value] = []
            _sort(top, sorted_here, done)
            done.add(id(top))
            for bucket in around[start]:
                found[bucket] += sorted_here[bucket.key][bucket.value]
        return found

    return collect


def _sort(top: Any, found: _Found, done: set[int]) -> None:
    """Sort all objects below `top`, but not those below what is done already."""
    tables = tuple(found.items())
    waiting = [top]
    while waiting:
        node = waiting.pop()
        for child in node.values() if type(node) is dict else node:
            kind = type(child)
            if kind is dict:
                if id(child) not in done:
                    waiting.append(child)
                for key, table in tables:
                    value = child.get(key)
                    if type(value) is str and value in table:
                        table[value].append(child)
            elif kind is list and id(child) not in done:
                waiting.append(child)


def _at(document: Any, start: tuple[str, ...]) -> Any:
    for name in start:
        document = document.get(name) if type(document) is dict else None
    return document if type(document) in (dict, list) else ()
