"""Whether work grows with the length of its input, or with the square of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["BOUND", "TIMES", "growth"]

T = TypeVar("T")

TIMES = 16
"""How much longer the second input is; work that grows with its square takes 256 times as long."""
BOUND = TIMES * 4
"""Linear work stays below this on a busy machine too."""


def growth(work: Callable[[T], object], make: Callable[[int], T], size: int) -> float:
    """How many times as long an input of `TIMES` the size takes, in processor time, the best of three tries each."""
    return _best(work, make(size * TIMES)) / max(_best(work, make(size)), 1e-4)


def _best(work: Callable[[T], object], given: T) -> float:
    def once() -> float:
        begin = time.process_time()
        work(given)
        return time.process_time() - begin

    return min(once() for _ in range(3))
