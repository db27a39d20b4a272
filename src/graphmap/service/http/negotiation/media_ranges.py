"""The media ranges of an Accept header, read once from left to right.

Every character is looked at a bounded number of times, whatever a client sends: a quoted string that is never closed
reaches to the end, and what is no media range is left out.
Source: RFC 9110, sections 5.6.4 (quoted strings), 5.6.6 (parameters), 12.4.2 (quality values), 12.5.1 (Accept).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = ["LONGEST", "MediaRange", "media_ranges"]

LONGEST = 8192
"""Characters of a header that is read; a longer one counts as not understood."""

_PART = re.compile(r'((?:"(?:[^"\\]|\\.?)*+"?|[^",;])*+)([,;]?)', re.DOTALL)  # matches anywhere, so none is read twice
_TOKEN = r"[\w!#$%&'*+.^`|~-]++"  # noqa: S105  # a token of HTTP's grammar
_TYPE = re.compile(rf"({_TOKEN})/({_TOKEN})").fullmatch
_PARAMETER = re.compile(rf'({_TOKEN})\s*+=\s*+({_TOKEN}|"(?:[^"\\]|\\.)*+")', re.DOTALL).fullmatch
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)").fullmatch


class MediaRange(NamedTuple):
    """One range: what it takes in, its parameters other than the quality, and its quality from 0 to 1."""

    kind: str
    subtype: str
    parameters: dict[str, str]
    quality: float


def media_ranges(accept: str) -> Iterator[MediaRange]:
    """Read the ranges of a header, in order.

    Args:
        accept: its value, several lines joined by commas.

    Yields:
        The ranges that are well-formed; none where the header is longer than `LONGEST`.

    >>> [(each.subtype, each.quality) for each in media_ranges('text/html;q=0.5, a/b;c="d,e", nonsense')]
    [('html', 0.5), ('b', 1.0)]
    """
    if len(accept) > LONGEST:
        return
    parts = []
    for part, end in _PART.findall(f"{accept},"):
        parts.append(part.strip())
        if end == ",":
            yield from _read(parts)
            parts = []


def _read(parts: Sequence[str]) -> Iterator[MediaRange]:
    named = _TYPE(parts[0])
    found = [_PARAMETER(part) for part in parts[1:] if part]
    if named is None or not all(found):
        return
    parameters = {match[1].lower(): _unquoted(match[2]) for match in found if match}
    quality = parameters.pop("q", "1")
    rated = float(quality) if _QUALITY(quality) else 0.0
    yield MediaRange(named[1].lower(), named[2].lower(), parameters, rated)


def _unquoted(value: str) -> str:
    return _ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value
