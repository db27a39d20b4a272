"""Protocol between the owner of a store and its worker processes.

A frame is a length of four bytes, a kind of one byte, and a text. A request is one frame; an answer is any number of
chunks and one end, which says how it ended. No byte of a frame is ever run or unpickled.
"""

from __future__ import annotations

import socket
import struct
from typing import Literal

from msgspec import Struct

from graphmap.store.endpoint import Endpoint

__all__ = ["CHUNK", "END", "HEADER", "Reply", "Request", "Status", "Task", "frame", "receive"]

HEADER = struct.Struct(">IB")
"""Length of the text that follows, then its kind."""

_READ_BYTES = 64 * 1024
CHUNK = 0
END = 1

Status = Literal["done", "query", "limit", "store"]
"""Ends of a request: an answer, or a fault of the query, a limit, the store."""

Task = Literal["query", "ask", "rehearse", "parse", "record", "table"]
"""Answer a query, have another server answer it, try an update on a copy, turn a document into N-Triples, or validate a
record or a table."""


class Request(Struct, frozen=True, kw_only=True):
    """Work for a worker.

    Args:
        task: what to do.
        checkpoint: folder of the checkpoint to work on; one to rehearse on belongs to the worker alone.
        text: SPARQL that `graphmap.store.sparql.query.parse_query` passed.
        body: the document to parse, or the record or table to validate.
        most: so many rows of a table are validated.
        syntax: name of the syntax to write, or of the document, a key of `TABLES` or `GRAPHS`.
        result_bytes: the answer may have so many bytes.
        prefixes: prefix to namespace, for the syntaxes that write them.
        default_graphs: IRIs; `None` leaves the query's own dataset.
        named_graphs: IRIs; `None` leaves the query's own dataset.
        base: IRI against which relative ones are resolved.
        has_dataset: whether the query names its own dataset.
        endpoint: the server to ask.
    """

    task: Task = "query"
    checkpoint: str = ""
    text: str = ""
    body: bytes = b""
    most: int = 0
    syntax: str = ""
    result_bytes: int = 0
    prefixes: dict[str, str] = {}
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    base: str | None = None
    has_dataset: bool = False
    endpoint: Endpoint | None = None


class Reply(Struct, frozen=True, kw_only=True):
    """End of a request; the chunks before it are an answer only if it is done."""

    status: Status
    what: str = ""
    line: int | None = None
    column: int | None = None
    hint: str | None = None


def frame(kind: int, text: bytes) -> bytes:
    """A frame as it goes over the socket."""
    return HEADER.pack(len(text), kind) + text


def receive(channel: socket.socket) -> bytes:
    """Wait for one frame and return its text; nothing else may be on its way.

    Raises:
        EOFError: where the other end is gone.
        OSError: where the socket fails.
    """
    received = channel.recv(_READ_BYTES)  # most requests come whole by one call
    while len(received) < HEADER.size:
        received += _some(channel, HEADER.size)
    length, _ = HEADER.unpack_from(received)
    end = HEADER.size + length
    if len(received) < end:
        text = bytearray(received)
        while len(text) < end:
            text += _some(channel, end - len(text))
        received = bytes(text)
    return received[HEADER.size :]


def _some(channel: socket.socket, most: int) -> bytes:
    received = channel.recv(most)
    if not received:
        raise EOFError
    return received
