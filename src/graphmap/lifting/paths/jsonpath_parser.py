"""Reads the text of a path: names, indexes, wildcards, descendants and filters of comparisons.

Source: RFC 9535, sections 2.2 to 2.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from graphmap.lifting.paths.model import Filter, Index, Name, Node, Path, Segment, Selector, Wildcard
from graphmap.records.readers import Number

__all__ = ["PathError", "parse_path"]

_NAME = r"(?:[A-Za-z_@]|[^\x00-\x7f])[\w@\-]*"
"""Two sets of characters, because one that reaches beyond the first plane takes 6 ms to compile."""

_TOKEN = re.compile(
    rf"""(?P<descend>\.\.)|(?P<dotname>\.(?:(?P<name>{_NAME})|(?P<star>\*)))
      |(?P<open>\.?\[)""",
    re.VERBOSE,
)
_BARE = re.compile(rf"{_NAME}|\*")
_STRING = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_SPACE = re.compile(r"\s*")


class PathError(ValueError):
    """A text is not a path, or uses a part of JSONPath that is not read here; `offset` counts characters from 0."""

    def __init__(self, what: str, offset: int) -> None:
        super().__init__(what)
        self.offset = offset


def parse_path(text: str, *, lax: bool = False) -> Path:
    """Parse a JSONPath: names, indexes, wildcards, descendants and filters of comparisons.

    A first `$` or `@` may be left out, and a dot may stand before a bracket, as in many mappings.

    Raises:
        PathError: where the text is no such path.

    >>> parse_path("$.data..[?@['@type'] == 'Country']").segments[-1].selectors[0].equals
    ('@type', 'Country')
    """
    return _Parser(text).path(lax=lax)


class _Parser:
    """Recursive descent over one path text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def path(self, *, lax: bool) -> Path:
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
        shown = match[0].lstrip(".")
        if shown == "*":
            return (Wildcard(),)
        if shown != "[":
            return (Name(shown),)
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
            return Number(number[0]) if "." in number[0] else int(number[0])
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
    return lambda value: type(value) is dict and key in value and type(value[key]) is kind and value[key] == wanted


def _compares(path: Path, wanted: Any, *, equal: bool) -> Callable[[Any], bool]:
    def compares(value: Any) -> bool:
        found = path.nodes(Node(value, ()))
        same = len(found) == 1 and type(found[0].value) is type(wanted) and bool(found[0].value == wanted)
        return same == equal

    return compares
