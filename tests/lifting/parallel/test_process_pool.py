"""Work shared among processes: every result, in order, and every error at its turn."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from graphmap.errors import DataError, Locator, SourceError
from graphmap.lifting.parallel.process_pool import ProcessPool


def numbers(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield str(number).encode()


def doubled(piece: bytes) -> tuple[int, int]:
    return 2 * int(piece), os.getpid()


@pytest.mark.parametrize("helpers", [0, 1, 3])
def test_results_come_in_the_order_of_the_pieces_from_all_processes(helpers: int) -> None:
    crew = ProcessPool(doubled, helpers=helpers)
    results = list(crew.results(numbers(200)))
    assert [value for value, _ in results] == [2 * number for number in range(200)]
    processes = {process for _, process in results}
    assert len(processes) <= max(helpers, 1)
    assert (os.getpid() in processes) == (helpers == 0)


def test_an_error_comes_up_at_its_turn() -> None:
    def work(piece: bytes) -> int:
        if piece == b"7":
            raise DataError("seven", where=Locator(row=7))
        return int(piece)

    taken: list[int] = []
    with pytest.raises(DataError, match="seven") as found:
        taken.extend(ProcessPool(work, helpers=1).results(numbers(50)))
    assert found.value.where.row == 7
    assert taken == [0, 1, 2, 3, 4, 5, 6]


def test_results_before_an_error_are_given_out() -> None:
    def broken() -> Iterator[bytes]:
        yield from numbers(5)
        raise SourceError("the disk is gone")

    taken: list[tuple[int, int]] = []
    with pytest.raises(SourceError, match="the disk is gone"):
        taken.extend(ProcessPool(doubled, helpers=1).results(broken()))
    assert [value for value, _ in taken] == [0, 2, 4, 6, 8]


def test_a_helper_that_dies_is_an_error_and_not_a_gap() -> None:
    parent = os.getpid()

    def work(piece: bytes) -> int:
        if os.getpid() != parent:
            os._exit(1)
        return int(piece)

    with pytest.raises(SourceError, match="helping process ended"):
        list(ProcessPool(work, helpers=1).results(numbers(500)))
