"""The time that each shape took."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from graphmap.rdf import Token

__all__ = ["Profile"]


class Profile:
    """A stop-watch for each shape."""

    def __init__(self) -> None:
        self._seconds: dict[Token, float] = {}

    @contextmanager
    def timed(self, shape: Token) -> Iterator[None]:
        """Add the time of a block to a shape."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[shape] = self._seconds.get(shape, 0.0) + time.perf_counter() - begun

    def seconds(self) -> Mapping[Token, float]:
        """Shape to seconds, the slowest first."""
        return dict(sorted(self._seconds.items(), key=lambda item: -item[1]))
