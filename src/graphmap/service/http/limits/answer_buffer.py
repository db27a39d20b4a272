"""Answers between the work that makes them and the client that reads them: in memory first, then in a file.

Work never waits for a client that reads slowly, as long as there is room for what is made.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections import deque
from collections.abc import Callable
from typing import IO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["AnswerBuffer", "AnswerRoom", "has_begun"]

_BEGUN = "graphmap.answer"

_PIECE_BYTES = 64 * 1024
_MEMORY_BYTES = 1 << 20
"""Most bytes of one answer in memory."""
_PAUSE_S = 1.0


class AnswerRoom:
    """Bytes of all answers that wait to be read.

    Args:
        memory_bytes: most of them in memory.
        disk_bytes: most of them in files.
    """

    def __init__(self, *, memory_bytes: int = 64 << 20, disk_bytes: int = 2 << 30) -> None:
        self.memory_bytes = memory_bytes
        self.disk_bytes = disk_bytes
        self._freed = asyncio.Event()

    def in_memory(self, size: int) -> bool:
        """Reserve room in memory, where there is some."""
        if size > self.memory_bytes:
            return False
        self.memory_bytes -= size
        return True

    def on_disk(self, size: int) -> bool:
        """Reserve room on the disk, where there is some."""
        if size > self.disk_bytes:
            return False
        self.disk_bytes -= size
        return True

    def free(self, *, memory: int = 0, disk: int = 0) -> None:
        """Give room back."""
        self.memory_bytes += memory
        self.disk_bytes += disk
        self._freed.set()

    async def wait(self) -> None:
        """Wait until some room is given back, or a second, in which a full disk may have got some."""
        self._freed.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._freed.wait(), _PAUSE_S)


class AnswerBuffer:
    """ASGI middleware: takes an answer from its maker as fast as it comes, and sends it as fast as it is read.

    Args:
        app: makes answers.
        room: for those that wait to be read.
        made: called with the scope of a request when the work for its answer is done.
    """

    def __init__(self, app: ASGIApp, room: AnswerRoom, made: Callable[[Scope], None]) -> None:
        self._app = app
        self._room = room
        self._made = made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        queue: _Queue | None = None
        sending: asyncio.Task[None] | None = None

        async def taking(message: Message) -> None:
            nonlocal queue, sending
            scope[_BEGUN] = True
            is_short = len(message.get("body", b"")) <= _PIECE_BYTES and not message.get("more_body", False)
            if queue is None and (message["type"] != "http.response.body" or is_short):
                await send(message)
                return
            if queue is None:
                queue = _Queue(self._room)
                sending = asyncio.get_running_loop().create_task(_send_all(queue, send))
            await queue.put(message.get("body", b""), ends=not message.get("more_body", False))

        try:
            await self._app(scope, receive, taking)
            if queue is not None and sending is not None:
                self._made(scope)
                queue.close()
                await sending
        finally:
            if queue is not None and sending is not None:
                sending.cancel()
                queue.drop()


def has_begun(scope: Scope) -> bool:
    """Return whether some of the answer to a request was sent."""
    return _BEGUN in scope


async def _send_all(queue: _Queue, send: Send) -> None:
    while (piece := await queue.next()) is not None:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    if queue.is_whole:
        await send({"type": "http.response.body", "body": b""})


class _Queue:
    """Pieces of one answer: those in memory come before those in the file."""

    def __init__(self, room: AnswerRoom) -> None:
        self.is_whole = False
        self._room = room
        self._pieces: deque[bytes] = deque()
        self._held_bytes = 0
        self._file: IO[bytes] | None = None
        self._using_file = asyncio.Lock()
        self._written = self._read = 0
        self._closed = False
        self._changed = asyncio.Event()

    async def put(self, body: bytes, *, ends: bool) -> None:
        """Keep a part of the answer; wait only where there is room nowhere."""
        for place in range(0, len(body), _PIECE_BYTES):
            piece = body[place : place + _PIECE_BYTES]
            while not (self._kept_in_memory(piece) or await self._kept_in_file(piece)):
                await self._room.wait()
            self._changed.set()
        if ends:
            self.is_whole = True
            self.close()

    def close(self) -> None:
        """Say that nothing more comes."""
        self._closed = True
        self._changed.set()

    def drop(self) -> None:
        """Give all room back."""
        self._room.free(memory=self._held_bytes, disk=self._written)
        self._pieces.clear()
        self._held_bytes = 0
        if self._file is not None:
            self._file.close()
        self._file, self._written, self._read = None, 0, 0

    async def next(self) -> bytes | None:
        """The next piece; `None` at the end."""
        while True:
            if self._pieces:
                piece = self._pieces.popleft()
                self._held_bytes -= len(piece)
                self._room.free(memory=len(piece))
                return piece
            if self._file is not None and self._read < self._written:
                return await self._from_file(self._file)
            if self._closed:
                return None
            self._changed.clear()
            await self._changed.wait()

    def _kept_in_memory(self, piece: bytes) -> bool:
        fits = self._held_bytes + len(piece) <= _MEMORY_BYTES and self._read == self._written
        if not fits or not self._room.in_memory(len(piece)):
            return False
        self._held_bytes += len(piece)
        self._pieces.append(piece)
        return True

    async def _kept_in_file(self, piece: bytes) -> bool:
        if not self._room.on_disk(len(piece)):
            return False
        async with self._using_file:
            try:
                if self._file is None:
                    self._file = tempfile.TemporaryFile()  # noqa: SIM115  # kept; made here, so that a cancelled task leaves none
                await asyncio.to_thread(_write, self._file.fileno(), piece, self._written)
            except OSError:  # the disk is full: what is made has to wait for its reader
                self._room.free(disk=len(piece))
                return False
            self._written += len(piece)
        return True

    async def _from_file(self, file: IO[bytes]) -> bytes:
        async with self._using_file:
            size = min(_PIECE_BYTES, self._written - self._read)
            piece = await asyncio.to_thread(os.pread, file.fileno(), size, self._read)
            self._read += len(piece)
            if self._read == self._written:  # all of it was read: the room can be used again
                self._room.free(disk=self._written)
                self._written = self._read = 0
        return piece


def _write(descriptor: int, piece: bytes, place: int) -> None:
    written = 0
    while written < len(piece):
        written += os.pwrite(descriptor, piece[written:], place + written)
