"""Cost of a regular expression, estimated from its text, and a search with a limit.

Python's `re` backtracks: `^(a+)+$` over forty letters runs for hours. Most patterns cannot do that, and are searched by
`re`; those that may are searched by the `regex` module, which can be told to stop.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

__all__ = ["bounded_search", "effort"]

_SMALL = 10_000_000
_ENDLESS = ("*", "+")
_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?[:!=]|\{(?P<low>\d+)(?P<open>,\d*)?\}|.", re.DOTALL)


def effort(pattern: str, length: int) -> int:
    """About how many steps a search may take at worst.

    Args:
        pattern: an expression of Python's `re`.
        length: characters of the text.

    Returns:
        Start positions times choices; beyond any bound where a group that is repeated may itself match in many ways.

    >>> effort("^[a-z]+$", 100), effort("(a+)+$", 100) > 10**9
    (100, True)
    """
    repeated, optional, choices = _shape(pattern)
    if repeated < 0:
        return 10**18
    starts = 0 if pattern.startswith("^") and "|" not in pattern else 1
    steps: int = max(length, 1) ** (repeated + starts) * (1 << min(optional, 60)) * choices
    return min(steps, 10**18)


@cache
def _shape(pattern: str) -> tuple[int, int, int]:
    """Count repetitions and options, and the ways through groups; -1 for a repeated group."""
    tokens = list(_TOKEN.finditer(pattern))
    before = ["", *(match[0] for match in tokens)]
    repeats = [_repeats(match) for match in tokens]
    if any(often and last == ")" for often, last in zip(repeats, before, strict=False)):
        return -1, 0, 1
    texts = [match[0] for match in tokens]
    endless = sum(match[0] in _ENDLESS or bool(match["open"]) for match in tokens)
    optional = sum(text == "?" and last not in ("*", "+", "?") for text, last in zip(texts, before, strict=False))
    return endless, optional, _choices(texts)


def _repeats(match: re.Match[str]) -> bool:
    return match[0] in _ENDLESS or match["low"] is not None


def _choices(texts: list[str]) -> int:
    """The product of the numbers of alternatives of all groups."""
    open_groups, product = [1], 1
    for text in texts:
        if text == "|":
            open_groups[-1] += 1
        elif text[0] == "(":
            open_groups.append(1)
        elif text == ")" and len(open_groups) > 1:
            product *= open_groups.pop()
    return product * open_groups[0]


@cache
def _stoppable(pattern: re.Pattern[str]) -> regex.Pattern[str]:
    import regex  # noqa: PLC0415  # few patterns need it

    return regex.compile(pattern.pattern, int(pattern.flags & (re.IGNORECASE | re.MULTILINE | re.DOTALL)))


def bounded_search(pattern: re.Pattern[str], *, deadline_s: float = 1.0) -> Callable[[str], bool | None]:
    """A search that ends.

    Args:
        pattern: what is searched for.
        deadline_s: time for one text, in seconds.

    Returns:
        A function from a text to whether the pattern is found; `None` where the time was up.
    """
    search = pattern.search
    longest = next((2**power for power in range(20, 0, -1) if effort(pattern.pattern, 2**power) <= _SMALL), 0)

    def found(text: str) -> bool | None:
        if len(text) <= longest:
            return search(text) is not None
        try:
            return _stoppable(pattern).search(text, timeout=deadline_s) is not None
        except TimeoutError:
            return None

    return found
