"""Nesting of JSON, measured while its bytes come, before any parser recurses into it."""

from __future__ import annotations

import asyncio
import re
from itertools import accumulate
from operator import sub

from starlette.exceptions import HTTPException

__all__ = ["JsonNesting", "check_nesting"]

_PIECE_BYTES = 64 * 1024
_ESCAPED = re.compile(rb"\\[^\n]")
_STRING = re.compile(rb'"[^"\n]*(?:["\n]|\Z)')  # a string ends with its line, whatever a line before it left open
_OTHERS = bytes(each for each in range(256) if each not in b"[]{}")
_STEPS = bytes.maketrans(b"[{]}", b"\2\2\0\0")


async def check_nesting(body: bytes, limit: int) -> None:
    """Refuse JSON that is nested too deep; others are served meanwhile.

    Args:
        body: the text.
        limit: levels of arrays and objects that are allowed.

    Raises:
        HTTPException: 400.
    """
    nesting = JsonNesting(limit)
    for place in range(0, len(body), _PIECE_BYTES):
        nesting.feed(body[place : place + _PIECE_BYTES])
        await asyncio.sleep(0)


class JsonNesting:
    """Depth of JSON that comes in pieces; time grows with their length.

    Args:
        limit: levels of arrays and objects that are allowed.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._depth = 0
        self._left = b""

    def feed(self, piece: bytes) -> None:
        """Measure the next piece.

        Raises:
            HTTPException: 400 where the JSON is nested deeper than the limit.
        """
        piece = self._left + piece
        plain = _ESCAPED.sub(b"", piece) if b"\\" in piece else piece
        self._left = plain[-1:] if plain[-1:] == b"\\" else b""  # it escapes what comes next
        if _ends_in_string(plain):
            self._left = b'"' + self._left
        steps = _STRING.sub(b"", plain).translate(_STEPS, _OTHERS)
        if steps:
            self._walk(steps)

    def _walk(self, steps: bytes) -> None:
        depths = list(accumulate(map((-1).__add__, steps), initial=self._depth))
        floors = accumulate(depths, min, initial=0)  # what closes without having been opened hides no depth after it
        next(floors)
        above = list(map(sub, depths, floors))
        if max(above) > self._limit:
            raise HTTPException(400, detail=f"the JSON is nested deeper than {self._limit}")
        self._depth = above[-1]


def _ends_in_string(plain: bytes) -> bool:
    """Return whether a piece without escapes ends inside a string."""
    return plain.count(b'"', plain.rfind(b"\n") + 1) % 2 == 1
