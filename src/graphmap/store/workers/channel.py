"""The owner's end of a worker process: frames in, frames out, a deadline, and back-pressure.

The deadline counts only while the owner waits for the worker. Where the reader of the answer is slow, the socket fills,
the worker waits in its turn, and another clock runs: how long a reader may stand still.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from typing import Literal, cast

import msgspec

from graphmap.store.worker_protocol import CHUNK, HEADER, Reply, Request, frame

__all__ = ["Channel", "Lost", "Spawned", "WorkerCommand", "spawn"]

_ENVIRONMENT = ("PATH", "PYTHONPATH", "LANG", "TMPDIR", "GRAPHMAP_BASE", "GRAPHMAP_STORE")
_HIGH_BYTES = 2 * 1024 * 1024
_DECODE = msgspec.msgpack.Decoder(Reply).decode
_ENCODE = msgspec.msgpack.Encoder().encode

Lost = Literal["late", "stalled", "gone"]
"""Why a worker is no more: its time was up, its reader stood still, or it crashed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerCommand:
    """The program of a worker process.

    Args:
        module: run as `python -m`, with the descriptor of its socket, the memory, and the arguments.
        memory_bytes: address space that it may take.
        arguments: of the program.
    """

    module: str = "graphmap.store.workers.worker"
    memory_bytes: int
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spawned:
    """A process that was started, and our end of its socket."""

    process: subprocess.Popen[bytes]
    socket: socket.socket


def spawn(command: WorkerCommand) -> Spawned:
    """Start a worker process."""
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    with theirs:
        descriptor, memory = str(theirs.fileno()), str(command.memory_bytes)
        process = subprocess.Popen(  # noqa: S603  # a module and arguments of our own
            [sys.executable, "-m", command.module, descriptor, memory, *command.arguments],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is for the owner; the process ends when the owner hangs up
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
    return Spawned(process=process, socket=ours)


class Channel(asyncio.Protocol):
    """Frames of one worker; used by one request at a time.

    Args:
        process: is killed where its time is up.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.lost: Lost | None = None
        self.reply: Reply | None = None
        self.held_bytes = 0
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._chunks: deque[bytes] = deque()
        self._wanted_bytes = 0
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._until = 0.0
        self._left_s = 0.0
        self._stall_s = 0.0
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take frames apart as far as they are there."""
        received = self._received
        received += data
        start, end = 0, len(received)
        while end - start >= HEADER.size:
            length, kind = HEADER.unpack_from(received, start)
            after = start + HEADER.size + length
            if after > end:
                break
            self._take(kind, bytes(received[start + HEADER.size : after]))
            start = after
        del received[:start]
        if self.held_bytes > _HIGH_BYTES and self.reply is None:
            self._pause()
        if self.reply is not None or self.held_bytes >= self._wanted_bytes:
            self._wake()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002  # what matters is that it is gone
        """Say why, and wake whoever waits."""
        self.lost = self.lost or "gone"
        self._cancel()
        self._wake()

    def ask(self, request: Request, *, timeout_s: float, stall_s: float) -> None:
        """Send a request; the answer comes with `wait` and `take`.

        Args:
            request: what to do.
            timeout_s: seconds that the worker may take, those in which it waits for the reader not counted.
            stall_s: seconds that the reader may stand still.
        """
        self.reply = None
        self._left_s, self._stall_s = timeout_s, stall_s
        self._arm()
        if self._transport is not None:
            self._transport.write(frame(CHUNK, _ENCODE(request)))

    async def wait(self, wanted_bytes: int) -> None:
        """Wait until so many bytes are held, or the answer ended, or the worker is lost."""
        if self.reply is not None or self.lost is not None or self.held_bytes >= wanted_bytes:
            return
        self._resume()
        self._wanted_bytes = wanted_bytes
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def take(self) -> bytes:
        """All that is held."""
        body = b"".join(self._chunks)
        self._chunks.clear()
        self.held_bytes = 0
        return body

    def kill(self, why: Lost) -> None:
        """End the process; whoever waits hears of it."""
        self.lost = self.lost or why
        self._cancel()
        self.process.kill()
        self.hang_up()

    def hang_up(self) -> None:
        """Close our end; on the event loop, or after it was closed."""
        if self._transport is not None:
            with contextlib.suppress(RuntimeError):  # a closed loop has nothing left to tell
                self._transport.abort()

    def _take(self, kind: int, text: bytes) -> None:
        if kind == CHUNK:
            self._chunks.append(text)
            self.held_bytes += len(text)
        else:
            self.reply = _DECODE(text)
            self._cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _arm(self) -> None:
        self._until = self._loop.time() + self._left_s
        self._timer = self._loop.call_at(self._until, self.kill, "late")

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _pause(self) -> None:
        if self._transport is not None and not self._paused:
            self._paused = True
            self._transport.pause_reading()
            self._cancel()
            self._left_s = max(self._until - self._loop.time(), 0.0)
            self._timer = self._loop.call_later(self._stall_s, self.kill, "stalled")

    def _resume(self) -> None:
        if self._transport is not None and self._paused:
            self._paused = False
            self._cancel()
            self._arm()
            self._transport.resume_reading()
