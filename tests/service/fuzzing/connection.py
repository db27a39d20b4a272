"""One connection by hand: everything is sent, and everything that comes is read."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import Literal

from tests.service.fuzzing.answers import read_answers
from tests.service.fuzzing.inputs import Input

__all__ = ["Ended", "Exchange", "Patience", "exchange"]

Ended = Literal["closed", "reset", "quiet", "late", "left", "refused"]
"""How it ended: the server closed or reset it, nothing came any more, or not in time, we left, or nobody listens."""

_READ = 1 << 18
_TO_NEXT_WRITE_S = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds that a client waits: for a whole answer, and for one that need not come."""

    answer_s: float = 20.0
    quiet_s: float = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What came back for one input."""

    received: bytes
    ended: Ended
    seconds: float


async def exchange(sent: Input, port: int, patience: Patience) -> Exchange:
    """Send an input and read to the end.

    Args:
        sent: what to send.
        port: of the server, on loopback.
        patience: how long to wait.
    """
    begun = time.monotonic()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return Exchange(received=b"", ended="refused", seconds=time.monotonic() - begun)
    sending = asyncio.create_task(_send(writer, sent))
    received = bytearray()
    try:
        ended = await _left(sending) if sent.hangs_up else await _read(reader, received, sent, sending, patience)
    finally:
        sending.cancel()
        writer.transport.abort()
        await asyncio.gather(sending, writer.wait_closed(), return_exceptions=True)
    return Exchange(received=bytes(received), ended=ended, seconds=time.monotonic() - begun)


async def _send(writer: asyncio.StreamWriter, sent: Input) -> None:
    start = 0
    for end in (*sent.splits, len(sent.data)):
        writer.write(sent.data[start:end])
        await writer.drain()
        start = end
        if end < len(sent.data):
            await asyncio.sleep(_TO_NEXT_WRITE_S)


async def _left(sending: asyncio.Task[None]) -> Ended:
    with contextlib.suppress(OSError):
        await asyncio.wait_for(asyncio.shield(sending), 5)
    return "left"


async def _read(
    reader: asyncio.StreamReader, received: bytearray, sent: Input, sending: asyncio.Task[None], patience: Patience
) -> Ended:
    until = time.monotonic() + patience.answer_s
    while True:
        may_be_silent = sending.done() and _may_be_silent(sent, received)
        wait_s = patience.quiet_s if may_be_silent else min(until - time.monotonic(), patience.quiet_s)
        try:
            data = await asyncio.wait_for(reader.read(_READ), max(wait_s, 0.001))
        except TimeoutError:
            if may_be_silent:
                return "quiet"
            if time.monotonic() >= until:
                return "late"
            continue
        except OSError:
            return "reset"
        if not data:
            return "closed"
        received += data


def _may_be_silent(sent: Input, received: bytearray) -> bool:
    """Whether nothing more has to come."""
    due = len(sent.methods) if sent.keeps else 1 if sent.first is not None else 0
    if due:
        return len(read_answers(bytes(received), sent.methods).answers) >= due
    return not sent.whole and b"onnection: close" not in received
