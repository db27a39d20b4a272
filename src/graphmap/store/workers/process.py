"""One worker process of a pool: started, connected, replaced."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

from graphmap.store.workers.channel import Channel, Lost, Spawned, WorkerCommand, spawn

__all__ = ["Worker"]


class Worker:
    """One process and what it reads.

    Args:
        number: its number in the pool.
        command: what it runs.
    """

    def __init__(self, number: int, command: WorkerCommand) -> None:
        self.number = number
        self.outdated = False
        self.checkpoint: Path | None = None
        self.folder = ""
        self.command = command
        self._spawned: Spawned = spawn(command)
        self._channel: Channel | None = None
        self._connecting: asyncio.Task[Channel] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that is, or was."""
        return self._spawned.process

    @property
    def usable(self) -> bool:
        """Return whether it waits for work."""
        return self._channel is None or (self._channel.lost is None and self._channel.reply is not None)

    @property
    def lost(self) -> Lost | None:
        """Why it is no more."""
        return None if self._channel is None else self._channel.lost

    async def connected(self) -> Channel:
        """Its channel; a process that died while it was idle is replaced in silence."""
        if self._channel is not None and (self._channel.lost or self.process.poll() is not None):
            self._channel.hang_up()
            await asyncio.to_thread(self.renew)
        if self._channel is None:
            self._connecting = self._connecting or asyncio.create_task(self._connect())
            self._channel = await asyncio.shield(self._connecting)  # who asked may leave, and the next one takes over
        return self._channel

    async def _connect(self) -> Channel:
        process = self.process
        _, channel = await asyncio.get_running_loop().create_unix_connection(
            lambda: Channel(process), sock=self._spawned.socket
        )
        return channel

    def detach(self) -> None:
        """Stop listening to the process, on the event loop."""
        if self._channel is not None:
            self._channel.hang_up()

    def renew(self) -> None:
        """Start another process in its place; on any thread, once nothing listens to the one before."""
        self._kill()
        self.outdated = False
        self._spawned, self._channel, self._connecting = spawn(self.command), None, None

    def end(self) -> None:
        """End the process, and wait until it is gone; on the event loop, or after it."""
        self.detach()
        self._kill()

    def _kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self._channel is None:
            self._spawned.socket.close()
