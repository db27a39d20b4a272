"""Long inputs are worked on in a thread, short ones at once, with one result."""

from __future__ import annotations

import asyncio
import threading

import pytest

from graphmap.service.http.thread_offload import run_in_thread


@pytest.mark.parametrize(("size", "elsewhere"), [(10, False), (1 << 20, True)])
def test_the_size_of_an_input_says_where_it_is_worked_on(size: int, *, elsewhere: bool) -> None:
    def work(left: int, *, right: int) -> tuple[int, threading.Thread]:
        return left + right, threading.current_thread()

    async def run() -> tuple[int, threading.Thread]:
        return await run_in_thread(size, work, 1, right=2)

    total, thread = asyncio.run(run())
    assert total == 3
    assert (thread is not threading.current_thread()) == elsewhere


def test_what_the_work_raises_comes_out() -> None:
    async def run() -> int:
        return await run_in_thread(1 << 20, int, "x")

    with pytest.raises(ValueError, match="invalid literal"):
        asyncio.run(run())
