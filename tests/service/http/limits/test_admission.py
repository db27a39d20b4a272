"""A request takes its slot when it is whole; bodies have room, and give it back."""

from __future__ import annotations

import asyncio

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from graphmap.service.http.limits.admission import Admission, finish_work

BODY = [(b"content-length", b"6")]


def scope_of(headers: list[tuple[bytes, bytes]]) -> Scope:
    return {"type": "http", "headers": headers}


async def send(message: Message) -> None:
    raise AssertionError(message)


async def read_all(_: Scope, receive: Receive, __: Send) -> None:
    while (await receive()).get("more_body"):
        pass


def body_of(*pieces: bytes) -> Receive:
    left = list(pieces)

    async def receive() -> Message:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return receive


async def never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


def test_requests_whose_body_is_still_to_come_take_no_slot() -> None:
    async def run() -> None:
        admission = Admission(concurrent=1, body_bytes=100)
        slow = [asyncio.create_task(admission.admit(read_all, scope_of(BODY), never, send)) for _ in range(50)]
        await asyncio.sleep(0)
        await admission.admit(read_all, scope_of(BODY), body_of(b"abc", b"def"), send)
        for task in slow:
            task.cancel()

    asyncio.run(run())


def test_a_whole_request_waits_for_nobody_and_is_refused_where_all_slots_are_taken() -> None:
    async def run() -> None:
        admission = Admission(concurrent=1, body_bytes=100)
        admission.begin()
        with pytest.raises(HTTPException) as refused:
            await admission.admit(read_all, scope_of(BODY), body_of(b"abcdef"), send)
        assert refused.value.status_code == 503
        with pytest.raises(HTTPException):
            await admission.admit(read_all, scope_of([]), never, send)
        admission.end()
        await admission.admit(read_all, scope_of(BODY), body_of(b"abcdef"), send)

    asyncio.run(run())


def test_bodies_that_wait_have_room_together_and_give_it_back() -> None:
    async def run() -> None:
        admission = Admission(concurrent=9, body_bytes=10)
        for _ in range(5):
            await admission.admit(read_all, scope_of(BODY), body_of(b"abc", b"def"), send)
        admission.hold(8)
        with pytest.raises(HTTPException) as refused:
            await admission.admit(read_all, scope_of(BODY), body_of(b"abc", b"def"), send)
        assert refused.value.status_code == 503
        admission.hold(-8)
        await admission.admit(read_all, scope_of(BODY), body_of(b"abc", b"def"), send)

    asyncio.run(run())


def test_a_slot_is_given_back_once() -> None:
    async def run() -> None:
        admission, seen = Admission(concurrent=1, body_bytes=10), []

        async def app(scope: Scope, _: Receive, send: Send) -> None:
            finish_work(scope)
            await admission.admit(read_all, scope_of(BODY), body_of(b"abcdef"), send)
            seen.append(scope)

        await admission.admit(app, scope_of([]), never, send)
        await admission.admit(app, scope_of([]), never, send)
        assert len(seen) == 2

    asyncio.run(run())


def test_two_lengths_of_a_body_are_refused() -> None:
    headers = [*BODY, (b"transfer-encoding", b"chunked")]
    with pytest.raises(HTTPException) as refused:
        asyncio.run(Admission(concurrent=1, body_bytes=9).admit(read_all, scope_of(headers), never, send))
    assert refused.value.status_code == 400
