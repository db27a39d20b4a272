"""Requests that are given up at any moment leave a pool that works."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphmap.store import EmbeddedStore, Pool, parse_query

ANSWERED = parse_query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
ENDLESS = parse_query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o }")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "db")
    opened.load("".join(f'<urn:s{i}> <urn:p> "{i}" .\n' for i in range(300)).encode())
    yield opened
    opened.close()


async def given_up(pool: Pool, after_s: float, *, endless: bool) -> None:
    work = asyncio.create_task(pool.answer(ENDLESS if endless else ANSWERED, syntax="csv"))
    await asyncio.sleep(after_s)
    work.cancel()
    await asyncio.wait([work])


async def counted(pool: Pool) -> int:
    return int((await pool.answer(ANSWERED, syntax="csv")).body.split()[1])


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_whenever_requests_are_given_up_the_next_ones_are_answered(
    store: EmbeddedStore, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # of delays

    async def run() -> None:
        pool = Pool(store=store, folder=tmp_path / "readers", size=2)
        expected = 300
        try:
            for number in range(4):
                store.load(f'<urn:more{number}> <urn:p> "x" .\n'.encode())  # makes a new checkpoint due
                expected += 1
                delays = [chance.choice((0.0, 0.001, 0.01, 0.03)) for _ in range(4)]
                await asyncio.gather(*(given_up(pool, delay, endless=chance.random() < 0.3) for delay in delays))
            assert await counted(pool) == expected
            assert await asyncio.gather(*(counted(pool) for _ in range(8))) == [expected] * 8
        finally:
            await pool.aclose()

    asyncio.run(run())
