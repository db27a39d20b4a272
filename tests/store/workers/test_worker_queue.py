"""Workers go to the client that has the fewest of them, and those that are kept go to our own requests."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from graphmap.errors import DeadlineError
from graphmap.store.workers.worker_queue import OWN, WorkerQueue


class Worker:
    """Stands where a process would: whether it is usable is set from outside."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.usable = True
        self.outdated = False
        self.lost: str | None = None
        self.renewed = 0

    def detach(self) -> None:
        pass

    def renew(self) -> None:
        self.renewed += 1
        self.usable, self.outdated = True, False

    def end(self) -> None:
        self.usable = False


def queue_of(size: int, *, kept: int = 0) -> WorkerQueue:
    workers: Any = [Worker(number) for number in range(size)]
    return WorkerQueue(workers, kept=kept)


def soon(seconds: float = 10.0) -> float:
    return time.monotonic() + seconds


def test_a_client_with_many_requests_does_not_stop_one_with_a_single_one() -> None:
    async def run() -> list[str]:
        queue, order = queue_of(2), list[str]()
        at_work = [await queue.take(soon(), client="many") for _ in range(2)]

        async def ask(client: str) -> None:
            worker = await queue.take(soon(), client=client)
            order.append(client)
            queue.give_back(worker)

        waiting = [asyncio.create_task(ask("many")) for _ in range(20)]
        await asyncio.sleep(0)
        waiting.append(asyncio.create_task(ask("single")))
        await asyncio.sleep(0)
        queue.give_back(at_work[0])
        await asyncio.gather(*waiting)
        return order

    order = asyncio.run(run())
    assert order[0] == "single"
    assert order.count("many") == 20


def test_requests_of_one_client_come_in_their_order() -> None:
    async def run() -> list[int]:
        queue, order = queue_of(1), list[int]()
        first = await queue.take(soon(), client="a")

        async def ask(number: int) -> None:
            worker = await queue.take(soon(), client="a")
            order.append(number)
            queue.give_back(worker)

        waiting = [asyncio.create_task(ask(number)) for number in range(5)]
        await asyncio.sleep(0)
        queue.give_back(first)
        await asyncio.gather(*waiting)
        return order

    assert asyncio.run(run()) == [0, 1, 2, 3, 4]


def test_kept_workers_are_for_our_own_requests() -> None:
    async def run() -> None:
        queue = queue_of(3, kept=1)
        for client in ("a", "b"):
            await queue.take(soon(), client=client)
        with pytest.raises(DeadlineError):
            await queue.take(soon(0.01), client="c")
        await queue.take(soon(), client=OWN)

    asyncio.run(run())


def test_a_request_that_gives_up_leaves_its_place_and_its_worker() -> None:
    async def run() -> None:
        queue = queue_of(1)
        worker = await queue.take(soon(), client="a")
        with pytest.raises(DeadlineError):
            await queue.take(soon(0.01), client="b")
        left = asyncio.create_task(queue.take(soon(), client="c"))
        await asyncio.sleep(0)
        queue.give_back(worker)  # given to c, who leaves before it hears of that
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        assert await queue.take(soon(), client="d") is worker

    asyncio.run(run())


def test_a_lost_worker_is_replaced_and_all_are_when_they_are_outdated() -> None:
    async def run() -> None:
        queue = queue_of(2)
        lost: Any = await queue.take(soon(), client="a")
        lost.usable, lost.lost = False, "late"
        queue.give_back(lost)
        busy: Any = await queue.take(soon(), client="a")
        again: Any = await queue.take(soon(), client="a")
        assert again is lost
        queue.give_back(lost)
        queue.replace_all()
        queue.give_back(busy)
        both: list[Any] = [await queue.take(soon(), client="a") for _ in range(2)]
        assert {lost.number, busy.number} == {each.number for each in both}
        assert (lost.renewed, busy.renewed, queue.counts.killed) == (2, 1, 1)
        await queue.aclose()

    asyncio.run(run())
