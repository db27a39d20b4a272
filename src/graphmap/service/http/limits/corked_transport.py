"""A transport that sends head and body of an answer by one system call, where both are made in one step of the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

__all__ = ["CorkedTransport"]

_MOST_BYTES = 16 * 1024
"""From so many bytes on they are handed on at once, so that the transport can say that its reader is slow."""


class CorkedTransport(asyncio.Transport):
    """Writes to another transport, a little later and together.

    Args:
        transport: of a socket.
        loop: runs both.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self._held_bytes = 0
        self.pause_reading = transport.pause_reading  # type: ignore[method-assign]  # nothing is to be done here
        self.resume_reading = transport.resume_reading  # type: ignore[method-assign]  # as above
        self.is_closing = transport.is_closing  # type: ignore[method-assign]  # as above

    def write(self, data: Any) -> None:
        """Send bytes by the end of this step of the loop."""
        if not data:
            return
        if not self._held:
            self._loop.call_soon(self.flush)
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes >= _MOST_BYTES:
            self.flush()

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        """Send several pieces by the end of this step of the loop."""
        for data in list_of_data:
            self.write(data)

    def flush(self) -> None:
        """Send what is held."""
        held, self._held, self._held_bytes = self._held, [], 0
        if held and not self._transport.is_closing():
            self._transport.writelines(held)

    def close(self) -> None:
        """Close it when all was sent."""
        self.flush()
        self._transport.close()

    def write_eof(self) -> None:
        """Say that nothing more comes."""
        self.flush()
        self._transport.write_eof()

    def abort(self) -> None:
        """Close it at once."""
        self._held, self._held_bytes = [], 0
        self._transport.abort()

    def get_write_buffer_size(self) -> int:
        """Bytes that are not sent."""
        return self._transport.get_write_buffer_size() + self._held_bytes

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the socket."""
        return self._transport.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Have another protocol read."""
        self._transport.set_protocol(protocol)
