"""A process that answers queries on a read-only checkpoint: `python -m graphmap.store.worker DESCRIPTOR MEMORY`.

It may crash or be killed at any moment and nothing is lost. The main thread only waits for the owner to hang up, so
that it notices while a query still runs; work is done on one thread with a large stack, because the engine recurses,
and because its result objects must stay on the thread that made them.
"""

from __future__ import annotations

import gc
import io
import os
import re
import resource
import select
import socket
import sys
import threading
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, cast

import msgspec
import pyoxigraph as ox

from graphmap.errors import GraphmapError, LimitError, QueryError
from graphmap.store.endpoint import Endpoint
from graphmap.store.syntaxes import GRAPHS, TABLES
from graphmap.store.wire import CHUNK, END, Reply, Request, frame, receive

if TYPE_CHECKING:
    from graphmap.store.exchange import Exchange

__all__ = ["main"]

_STACK_BYTES = 512 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_NICE = 5
"""A query gives way to the process that answers everybody."""
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def main(arguments: list[str]) -> None:
    """Serve requests until the owner hangs up.

    Args:
        arguments: file descriptor of the socket, and the address space in bytes that this process may take.
    """
    descriptor, memory = int(arguments[0]), int(arguments[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICE)
    threading.stack_size(_STACK_BYTES)
    gc.freeze()
    with socket.socket(fileno=descriptor) as channel:
        threading.Thread(target=_serve, args=(channel,), daemon=True).start()
        hang_up = select.poll()
        hang_up.register(channel, select.POLLRDHUP)
        hang_up.poll()
        os._exit(0)  # a query that still runs cannot be asked to stop


def _serve(channel: socket.socket) -> None:
    decode, opened = msgspec.msgpack.Decoder(Request).decode, _Opened()
    try:
        while True:
            out = _Chunks(channel)
            reply = _attempt(decode(receive(channel)), opened, out)
            out.finish(reply)
    finally:
        os._exit(1)  # nothing ends the loop but a fault; the client hears of it at once and not at its deadline


def _attempt(request: Request, opened: _Opened, out: _Chunks) -> Reply:
    out.left = request.result_bytes
    try:
        _TASKS[request.task](request, opened, out)
    except LimitError as error:
        return Reply(status="limit", what=error.what)
    except GraphmapError as error:
        return _refusal(error)
    except MemoryError:
        return Reply(status="limit", what="the answer does not fit into the memory of a query")
    except SyntaxError as error:
        return _syntax_reply(str(error), request)
    except ValueError as error:
        return Reply(status="query", what=str(error))
    except (OSError, RuntimeError) as error:  # the engine raises the latter for damage
        return Reply(status="store", what=" ".join(str(error).split()))
    return Reply(status="done")


def _refusal(error: GraphmapError) -> Reply:
    """What a server of the store did not do."""
    if isinstance(error, QueryError):
        return Reply(status="query", what=error.what)
    return Reply(status="store", what=error.what, hint="try again, then look at the server of the store")


def _syntax_reply(message: str, request: Request) -> Reply:
    kind = "document" if request.task == "parse" else "query"
    match = _PLACE.match(message)
    if match is None:
        return Reply(status="query", what=f"the {kind} does not parse: {message}")
    return Reply(
        status="query", what=f"the {kind} does not parse: {match[3]}", line=int(match[1]), column=int(match[2])
    )


class _Opened:
    """The checkpoint that is open; opening another gives the first one free."""

    def __init__(self) -> None:
        self._folder = ""
        self._store: ox.Store | None = None
        self._exchange: Exchange | None = None

    def at(self, folder: str) -> ox.Store:
        """The store of a checkpoint, to read."""
        if self._store is None or folder != self._folder:
            self._store = None
            self._store, self._folder = ox.Store.read_only(folder), folder
        return self._store

    def server(self, endpoint: Endpoint) -> Exchange:
        """The connection to a server."""
        from graphmap.store.exchange import Exchange  # noqa: PLC0415  # slow to import, and for servers alone

        if self._exchange is None or self._exchange.endpoint != endpoint:
            self._exchange = Exchange(endpoint)
        return self._exchange


def _query(request: Request, opened: _Opened, out: _Chunks) -> None:
    default, named = request.default_graphs, request.named_graphs
    results = opened.at(request.checkpoint).query(
        request.text,
        base_iri=request.base,
        default_graph=None if default is None else [ox.NamedNode(iri) for iri in default],
        named_graphs=None if named is None else [ox.NamedNode(iri) for iri in named],
    )
    if isinstance(results, ox.QueryTriples):
        ox.serialize(results, out, format=GRAPHS[request.syntax], prefixes=request.prefixes)
    else:
        results.serialize(out, TABLES[request.syntax])


def _ask(request: Request, opened: _Opened, out: _Chunks) -> None:
    from graphmap.store.asking import ask  # noqa: PLC0415  # as above

    if request.endpoint is not None:
        ask(request, opened.server(request.endpoint), cast("IO[bytes]", out), lambda: out.left < request.result_bytes)


def _rehearse(request: Request, _: _Opened, __: _Chunks) -> None:
    ox.Store(request.checkpoint).update(request.text, base_iri=request.base)


def _parse(request: Request, _: _Opened, out: _Chunks) -> None:
    quads = ox.parse(request.body, format=GRAPHS[request.syntax], base_iri=request.base, rename_blank_nodes=True)
    ox.serialize((quad.triple for quad in quads), out, format=ox.RdfFormat.N_TRIPLES)


_TASKS: dict[str, Callable[[Request, _Opened, _Chunks], None]] = {
    "query": _query,
    "ask": _ask,
    "rehearse": _rehearse,
    "parse": _parse,
}


class _Chunks(io.BytesIO):
    """Hands an answer on as it comes, and stops the engine where it grows too large."""

    def __init__(self, channel: socket.socket) -> None:
        super().__init__()
        self.left = 0
        self._channel = channel
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the engine hands over bytes
        """Take a part of the answer."""
        size = len(data)
        self.left -= size
        if self.left < 0:
            raise LimitError("the answer is larger than this service gives out")
        self._held.append(frame(CHUNK, bytes(data)))
        self._size += size
        if self._size >= _CHUNK_BYTES:
            self._channel.sendall(b"".join(self._held))
            self._held, self._size = [], 0
        return size

    def finish(self, reply: Reply) -> None:
        """Send what is held back, and how it ended."""
        self._channel.sendall(b"".join((*self._held, frame(END, msgspec.msgpack.encode(reply)))))


if __name__ == "__main__":
    main(sys.argv[1:])
