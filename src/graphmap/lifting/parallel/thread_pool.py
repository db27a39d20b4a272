"""Several threads at work that lets go of the interpreter: pieces in, results out in the order of the pieces."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from graphmap.errors import GraphmapError

__all__ = ["in_threads"]

_Result = TypeVar("_Result")


def in_threads(work: Callable[[bytes], _Result], pieces: Iterable[bytes], *, threads: int) -> Iterator[_Result]:
    """Work on pieces.

    Args:
        work: what to do with a piece; may be called by several threads at once.
        pieces: taken as they are needed, two more than there are threads: nobody waits while a result is used.
        threads: how many work; this one only hands out and takes in.

    Yields:
        The results in the order of the pieces.

    Raises:
        GraphmapError: what the work on a piece, or the iteration of the pieces, raised, at its turn.
    """
    gc.freeze()  # what was made so far stays to the end
    hand_out, ahead = _Pieces(pieces), deque[Future[_Result]]()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for piece in hand_out:
                ahead.append(pool.submit(work, piece))
                if len(ahead) > threads + 1:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()
    if hand_out.failure is not None:
        raise hand_out.failure


class _Pieces:
    """Pieces up to their end or to a failure, which is kept for its turn."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.failure: GraphmapError | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._pieces
        except GraphmapError as error:
            self.failure = error
