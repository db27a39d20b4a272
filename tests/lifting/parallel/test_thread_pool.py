"""Work shared among threads: every result, in order, and every error at its turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from graphmap.errors import DataError, SourceError
from graphmap.lifting.parallel.thread_pool import in_threads


def numbers(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield str(number).encode()


def test_results_come_in_the_order_of_the_pieces() -> None:
    both = threading.Barrier(2, timeout=10)

    def work(piece: bytes) -> int:
        both.wait()  # passes only where two are at work at once
        return int(piece)

    assert list(in_threads(work, numbers(20), threads=2)) == list(range(20))


def test_an_error_comes_up_at_its_turn() -> None:
    def work(piece: bytes) -> int:
        if piece == b"7":
            raise DataError("seven")
        return int(piece)

    taken: list[int] = []
    with pytest.raises(DataError, match="seven"):
        taken.extend(in_threads(work, numbers(50), threads=2))
    assert taken == [0, 1, 2, 3, 4, 5, 6]


def test_results_before_a_failing_source_are_given_out() -> None:
    def broken() -> Iterator[bytes]:
        yield from numbers(5)
        raise SourceError("the disk is gone")

    taken: list[int] = []
    with pytest.raises(SourceError, match="the disk is gone"):
        taken.extend(in_threads(int, broken(), threads=2))
    assert taken == [0, 1, 2, 3, 4]


def test_pieces_are_taken_only_as_they_are_needed() -> None:
    taken = 0

    def counted() -> Iterator[bytes]:
        nonlocal taken
        for piece in numbers(1000):
            taken += 1
            yield piece

    results = in_threads(int, counted(), threads=2)
    assert next(results) == 0
    assert taken <= 4
    results.close()  # type: ignore[attr-defined]  # a generator
