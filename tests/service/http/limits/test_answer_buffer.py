"""An answer comes out as it was made, whoever is slower; its maker does not wait for its reader."""

from __future__ import annotations

import asyncio
import tempfile
from typing import IO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphmap.service.http.limits.answer_buffer import AnswerBuffer, AnswerRoom

START: Message = {"type": "http.response.start", "status": 200, "headers": []}


async def receive() -> Message:
    raise AssertionError("nothing is to be received here")


def maker(parts: list[bytes], *, ends: bool = True) -> ASGIApp:
    async def app(_: Scope, __: Receive, send: Send) -> None:
        await send(START)
        for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        if ends:
            await send({"type": "http.response.body", "body": b""})

    return app


async def read(app: ASGIApp, room: AnswerRoom, *, gate: asyncio.Event | None = None) -> list[Message]:
    """All messages; with a gate, the reader takes nothing of the body until the maker is through."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        if gate is not None and message["type"] == "http.response.body":
            await gate.wait()
        messages.append(message)

    def made(_: Scope) -> None:
        if gate is not None:
            gate.set()

    await AnswerBuffer(app, room, made)({"type": "http"}, receive, send)
    return messages


@settings(deadline=None, max_examples=40)
@given(
    sizes=st.lists(st.integers(0, 300_000), max_size=12),
    memory=st.sampled_from([0, 100_000, 10_000_000]),
    slow=st.booleans(),
)
def test_an_answer_comes_out_as_it_was_made(sizes: list[int], memory: int, slow: bool) -> None:  # noqa: FBT001  # drawn
    parts = [bytes([number]) * size for number, size in enumerate(sizes)]
    room = AnswerRoom(memory_bytes=memory, disk_bytes=10_000_000)

    async def run() -> list[Message]:
        return await read(maker(parts), room, gate=asyncio.Event() if slow and parts else None)

    messages = asyncio.run(run())
    assert messages[0] == START
    assert b"".join(each["body"] for each in messages[1:]) == b"".join(parts)
    assert [each.get("more_body", False) for each in messages[1:]] == [True] * (len(messages) - 2) + [False]
    assert (room.memory_bytes, room.disk_bytes) == (memory, 10_000_000)


def test_a_maker_waits_where_there_is_room_nowhere_and_for_no_longer() -> None:
    room = AnswerRoom(memory_bytes=70_000, disk_bytes=0)
    messages = asyncio.run(read(maker([b"x" * 60_000] * 20), room))
    assert sum(len(each.get("body", b"")) for each in messages) == 20 * 60_000


def test_a_disk_that_is_full_makes_nobody_lose_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> IO[bytes]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    room = AnswerRoom(memory_bytes=70_000, disk_bytes=10_000_000)
    messages = asyncio.run(read(maker([b"x" * 60_000] * 20), room))
    assert sum(len(each.get("body", b"")) for each in messages) == 20 * 60_000
    assert room.disk_bytes == 10_000_000


def test_a_part_of_an_answer_does_not_look_like_the_whole() -> None:
    messages = asyncio.run(read(maker([b"x" * 100_000], ends=False), AnswerRoom()))
    assert all(each.get("more_body") for each in messages[1:])


def test_a_short_answer_goes_straight_on() -> None:
    async def app(_: Scope, __: Receive, send: Send) -> None:
        await send(START)
        await send({"type": "http.response.body", "body": b"short"})

    room = AnswerRoom(memory_bytes=0, disk_bytes=0)
    assert asyncio.run(read(app, room))[1] == {"type": "http.response.body", "body": b"short"}


def test_a_reader_that_leaves_gives_all_room_back() -> None:
    room = AnswerRoom(memory_bytes=10_000_000, disk_bytes=0)

    async def run() -> None:
        async def send(message: Message) -> None:
            if message["type"] == "http.response.body":
                await asyncio.Event().wait()

        buffer = AnswerBuffer(maker([b"x" * 300_000]), room, lambda _: None)
        task = asyncio.create_task(buffer({"type": "http"}, receive, send))
        for _ in range(10):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert room.memory_bytes == 10_000_000
