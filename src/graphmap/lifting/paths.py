"""Paths into a record: a part of JSONPath, parsed once, and the same paths under SQL/JSON's lax rule.

A column of a table is the path of one name. Under the lax rule `[*]` and filters take a value that is no array for an
array of one, and a name asks every element of an array, so that a member may come as one value or as an array of them.
Source: RFC 9535, sections 2.3 to 2.5; ISO/IEC 9075-2, lax mode of the SQL/JSON path language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

__all__ = ["Index", "Name", "Node", "Path", "PathError", "Segment", "Wildcard", "column_path", "parse_path"]


class Node(NamedTuple):
    """A value in a record and the keys that lead to it from the record's root."""

    value: Any
    place: tuple[str | int, ...]


class PathError(ValueError):
    """A text is no path, or uses a part of JSONPath that is not read here; `offset` counts characters from 0."""

    def __init__(self, what: str, offset: int) -> None:
        super().__init__(what)
        self.offset = offset


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
class Path:
    """A parsed path; `lax` says which rule arrays follow."""

    text: str
    segments: tuple[Segment, ...]
    lax: bool = False

    def values(self, root: Any) -> list[Any]:
        """The values of `nodes` without their places; faster, in the same order."""
        found = [root]
        for segment in self.segments:
            selector = segment.selectors[0]
            if segment.descend or len(segment.selectors) > 1 or not isinstance(selector, Name | Wildcard):
                return [node.value for node in self.nodes(Node(root, ()))]
            found = _named(found, selector.name, self.lax) if isinstance(selector, Name) else _all(found, self.lax)
        return found

    def nodes(self, root: Node) -> list[Node]:
        """All nodes that the path selects below a node, in document order."""
        found = [root]
        for segment in self.segments:
            found = [child for node in found for child in _step(segment, node, self.lax)]
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


def _step(segment: Segment, node: Node, lax: bool) -> Iterator[Node]:
    for base in _descendants(node) if segment.descend else (node,):
        for selector in segment.selectors:
            yield from _select(selector, base, lax and not segment.descend)


def _named(values: list[Any], name: str, lax: bool) -> list[Any]:
    if lax:
        values = _all(values, lax)
    return [value[name] for value in values if type(value) is dict and name in value]


def _all(values: list[Any], lax: bool) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if type(value) is list:
            found += value
        elif lax:
            found.append(value)
        elif type(value) is dict:
            found += value.values()
    return found


def _descendants(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(_children(current))


def _children(node: Node) -> list[Node]:
    value, place = node
    if isinstance(value, dict):
        return [Node(child, (*place, key)) for key, child in value.items()]
    if isinstance(value, list):
        return [Node(child, (*place, index)) for index, child in enumerate(value)]
    return []


def _select(selector: Selector, node: Node, lax: bool) -> Iterator[Node]:
    if isinstance(selector, Name):
        yield from _select_name(selector.name, node, lax)
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


def _select_name(name: str, node: Node, lax: bool) -> Iterator[Node]:
    value, place = node
    if isinstance(value, dict):
        if name in value:
            yield Node(value[name], (*place, name))
    elif lax and isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict) and name in item:
                yield Node(item[name], (*place, index, name))


def column_path(name: str) -> Path:
    """The path to a column of a table."""
    return Path(name, (Segment((Name(name),)),))


_TOKEN = re.compile(
    r"""(?P<descend>\.\.)|(?P<dotname>\.(?:(?P<name>[A-Za-z_@\u0080-\U0010ffff][\w@\-]*)|(?P<star>\*)))
      |(?P<open>\[)""",
    re.VERBOSE,
)
_BARE = re.compile(r"[A-Za-z_@\u0080-\U0010ffff][\w@\-]*|\*")
_STRING = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_OPERATOR = re.compile(r"\s*(==|!=|&&|\|\||\))")
_SPACE = re.compile(r"\s*")


def parse_path(text: str, *, lax: bool = False) -> Path:
    """Parse a JSONPath: names, indexes, wildcards, descendants and filters of comparisons.

    A first `$` or `@` may be left out, as many mappings do.

    Raises:
        PathError: where the text is no such path.

    >>> parse_path("$.data..[?@['@type'] == 'Country']").segments[-1].selectors[0].equals
    ('@type', 'Country')
    """
    return _Parser(text).path(lax)


class _Parser:
    """Recursive descent over one path text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def path(self, lax: bool) -> Path:
        if self.text[:1] == "$" or self.text == "@" or self.text.startswith(("@.", "@[")):
            self.at = 1
        elif (bare := _BARE.match(self.text)) is not None:
            self.at = bare.end()
            first: Selector = Wildcard() if bare[0] == "*" else Name(bare[0])
            return Path(self.text, (Segment((first,)), *self._segments()), lax)
        segments = tuple(self._segments())
        return Path(self.text, segments, lax)

    def _segments(self, *, inner: bool = False) -> Iterator[Segment]:
        while self.at < len(self.text):
            match = _TOKEN.match(self.text, self.at)
            if match is None:
                if inner:
                    return
                raise PathError(f"{self.text[self.at]!r} cannot stand here", self.at)
            self.at = match.end()
            descend = match["descend"] is not None
            if descend:
                match = self._after_descend()
            yield Segment(self._selectors(match), descend)

    def _after_descend(self) -> re.Match[str]:
        match = _BARE.match(self.text, self.at) or re.compile(r"\[").match(self.text, self.at)
        if match is None:
            raise PathError("`..` needs a name, `*` or `[` after it", self.at)
        self.at = match.end()
        return match

    def _selectors(self, match: re.Match[str]) -> tuple[Selector, ...]:
        token = match[0].lstrip(".")
        if token == "*":
            return (Wildcard(),)
        if token != "[":
            return (Name(token),)
        selectors = [self._selector()]
        while self._skip(","):
            selectors.append(self._selector())
        self._expect("]")
        return tuple(selectors)

    def _selector(self) -> Selector:
        if self._skip("*"):
            return Wildcard()
        if self._skip("?"):
            start = self.at
            test, equals = self._any_of()
            return Filter(self.text[start : self.at], test, equals)
        value = self._value()
        if isinstance(value, str):
            return Name(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return Index(value)
        raise PathError("a selector is a name in quotes, an index, `*` or `?filter`", self.at)

    def _any_of(self) -> tuple[Callable[[Any], bool], tuple[str, Any] | None]:
        test, equals = self._all_of()
        while self._skip("||"):
            left, (right, _) = test, self._all_of()
            test, equals = _either(left, right), None
        return test, equals

    def _all_of(self) -> tuple[Callable[[Any], bool], tuple[str, Any] | None]:
        test, equals = self._basic()
        while self._skip("&&"):
            left, (right, _) = test, self._basic()
            test, equals = _both(left, right), None
        return test, equals

    def _basic(self) -> tuple[Callable[[Any], bool], tuple[str, Any] | None]:
        if self._skip("("):
            inner = self._any_of()
            self._expect(")")
            return inner
        if self.text[self.at :].lstrip().startswith("!") and not self.text[self.at :].lstrip().startswith("!="):
            self._expect("!")
            test, _ = self._basic()
            return (lambda value: not test(value)), None
        return self._comparison()

    def _comparison(self) -> tuple[Callable[[Any], bool], tuple[str, Any] | None]:
        path = self._query()
        for operator in ("==", "!="):
            if self._skip(operator):
                wanted = self._value()
                key = path.segments[0].selectors[0] if len(path.segments) == 1 else None
                equals = (key.name, wanted) if operator == "==" and isinstance(key, Name) else None
                return (_member_equals(*equals) if equals else _compares(path, wanted, equal=operator == "==")), equals
        return (lambda value: bool(path.nodes(Node(value, ())))), None

    def _query(self) -> Path:
        self._expect("@")
        start = self.at
        return Path(self.text[start:], tuple(self._segments(inner=True)))

    def _value(self) -> Any:
        self._space()
        if (string := _STRING.match(self.text, self.at)) is not None:
            self.at = string.end()
            return re.sub(r"\\(.)", r"\1", string[1] if string[1] is not None else string[2])
        if (number := _NUMBER.match(self.text, self.at)) is not None:
            self.at = number.end()
            return number[0] if "." in number[0] else int(number[0])
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self._skip(word):
                return value
        raise PathError("a text in quotes, a number, true, false or null must stand here", self.at)

    def _space(self) -> None:
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # it matches the empty text too

    def _skip(self, token: str) -> bool:
        self._space()
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def _expect(self, token: str) -> None:
        if not self._skip(token):
            raise PathError(f"`{token}` must stand here", self.at)


def _either(left: Callable[[Any], bool], right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: left(value) or right(value)


def _both(left: Callable[[Any], bool], right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: left(value) and right(value)


def _member_equals(key: str, wanted: Any) -> Callable[[Any], bool]:
    kind = type(wanted)
    return lambda value: type(value) is dict and type(value.get(key)) is kind and bool(value[key] == wanted)


def _compares(path: Path, wanted: Any, *, equal: bool) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        found = path.nodes(Node(value, ()))
        same = len(found) == 1 and type(found[0].value) is type(wanted) and bool(found[0].value == wanted)
        return same == equal

    return test
