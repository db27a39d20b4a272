"""What the owner of a store and its worker processes say to each other over a socket.

Frames are a length of four bytes and a text; no byte of a frame is ever run or unpickled.
"""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass
from typing import Literal

__all__ = ["Reply", "Request", "Status", "receive", "send"]

_LENGTH = struct.Struct(">I")

Status = Literal["done", "query", "limit", "store"]
"""How a request ended: with an answer, or by a fault of the query, a limit, the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A query for a worker.

    Args:
        checkpoint: folder of the checkpoint to answer from.
        query: SPARQL that `graphmap.store.sparql.parse_query` passed.
        syntax: name of the result syntax, a key of `graphmap.store.workers.SYNTAXES`.
        result_bytes: the answer may have so many bytes.
        prefixes: prefix to namespace, for the syntaxes that write them.
        default_graphs: IRIs; `None` leaves the query's own dataset.
        named_graphs: IRIs; `None` leaves the query's own dataset.
    """

    checkpoint: str
    query: str
    syntax: str
    result_bytes: int
    prefixes: dict[str, str]
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How a request ended; the answer's bytes follow in a frame of their own where it is done."""

    status: Status
    what: str = ""
    line: int | None = None
    column: int | None = None


def send(channel: socket.socket, payload: bytes) -> None:
    """Send one frame.

    Raises:
        OSError: where the other end is gone.
    """
    channel.sendall(_LENGTH.pack(len(payload)))
    channel.sendall(payload)


def receive(channel: socket.socket, *, until: float | None = None) -> bytes:
    """Receive one frame.

    Args:
        channel: a connected stream socket.
        until: moment on `time.monotonic`; `None` waits for ever.

    Raises:
        EOFError: where the other end is gone.
        TimeoutError: where the moment came first.
        OSError: where the socket fails.
    """
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size, until))
    return _exactly(channel, length, until)


def _exactly(channel: socket.socket, size: int, until: float | None) -> bytes:
    frame = bytearray(size)
    view, filled = memoryview(frame), 0
    while filled < size:
        if until is not None:
            channel.settimeout(max(until - time.monotonic(), 0.001))
        count = channel.recv_into(view[filled:])
        if not count:
            raise EOFError
        filled += count
    return bytes(frame)
