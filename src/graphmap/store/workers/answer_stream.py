"""An answer on its way from a worker to whoever asked, and what can go wrong with it."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Callable

from graphmap.errors import DeadlineError, GraphmapError, LimitError, Locator, QueryError, StoreError
from graphmap.store.worker_protocol import Reply
from graphmap.store.workers.channel import Channel

__all__ = ["Stream"]


class Stream:
    """An answer on its way: its first part is there.

    Args:
        media_type: of the answer.
        release: called once, when the worker is needed no more.
    """

    def __init__(self, *, media_type: str, release: Callable[[], None]) -> None:
        self.media_type = media_type
        self.first = b""
        self.complete = False
        self._release: Callable[[], None] | None = release
        self._channel: Channel | None = None

    async def begin(self, channel: Channel, first_bytes: int) -> None:
        """Wait for the first part; called by the pool."""
        self._channel = channel
        await channel.wait(first_bytes)
        _check(channel)
        self.first, self.complete = channel.take(), channel.reply is not None
        if self.complete:
            self.close()

    async def rest(self) -> AsyncIterator[bytes]:
        """Yield the parts after the first one.

        Yields:
            Parts; what was given before an error is a part of an answer and no answer.

        Raises:
            GraphmapError: as `Pool.stream` does, where the answer fails late.
        """
        try:
            while not self.complete and self._channel is not None:
                await self._channel.wait(1)
                _check(self._channel)
                self.complete = self._channel.reply is not None
                yield self._channel.take()
        finally:
            self.close()

    def close(self) -> None:
        """Give the worker back; an answer that is not complete is cut off."""
        release, self._release = self._release, None
        if release is None:
            return
        if self._channel is not None and self._channel.reply is None:
            self._channel.kill("stalled")
        elif self._channel is not None:
            self._channel.take()
        release()


def _check(channel: Channel) -> None:
    """Raise what ended an answer, if it ended badly."""
    reply = channel.reply
    if reply is not None and reply.status != "done":
        raise _fault(reply)
    if reply is None and channel.lost is not None:
        raise _loss(channel)


def _loss(channel: Channel) -> GraphmapError:
    if channel.lost == "late":
        return DeadlineError("the time for the query was up, and it was stopped", hint="ask for less, or add a LIMIT")
    if channel.lost == "stalled":
        return DeadlineError("the reader of the answer stood still, and it was stopped", hint="read faster")
    try:
        status = channel.process.wait(timeout=0.05)
    except subprocess.TimeoutExpired:
        status = 0
    if status < 0:
        what = "the query took more memory or depth than it may, and was stopped"
        return LimitError(what, hint="ask for less, or simplify the query")
    return StoreError("the process that ran the query went away", hint="try again")


def _fault(reply: Reply) -> GraphmapError:
    if reply.status == "query":
        where = Locator(line=reply.line, column=reply.column)
        return QueryError(reply.what, where=where, hint="correct it there")
    if reply.status == "limit":
        return LimitError(reply.what, hint="ask for less, or add a LIMIT")
    hint = reply.hint or "look at the disk, then at the store"
    return StoreError(f"the store cannot answer: {reply.what}", hint=hint)
