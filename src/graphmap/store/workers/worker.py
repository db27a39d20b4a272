"""Answers queries on a read-only checkpoint: `python -m graphmap.store.workers.worker DESCRIPTOR MEMORY`.

It may crash or be killed at any moment and nothing is lost. The main thread only waits for the owner to hang up, so
that it notices while a query still runs; work is done on one thread with a large stack, because the engine recurses,
and because its result objects must stay on the thread that made them.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import re
import resource
import select
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import IO, TYPE_CHECKING, cast

import msgspec
import pyoxigraph as ox

from graphmap.errors import GraphmapError, LimitError, QueryError
from graphmap.rdf import GRAPHS, TABLES
from graphmap.store.endpoint import Endpoint
from graphmap.store.worker_protocol import CHUNK, END, Reply, Request, frame, receive

if TYPE_CHECKING:
    from graphmap.store.remote import Exchange

__all__ = ["WorkerTask", "main", "work"]

_STACK_BYTES = 512 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_NICE = 5
"""A query gives way to the process that answers everybody."""
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


WorkerTask = Callable[[Request, "IO[bytes]"], None]
"""A task: it writes the answer to a request, or raises what is wrong with it."""


def main(arguments: list[str]) -> None:
    """Serve requests until the owner hangs up.

    Args:
        arguments: file descriptor of the socket, and the address space in bytes that this process may take.
    """
    descriptor, memory = arguments
    opened = _Opened()
    work(int(descriptor), int(memory), {name: partial(task, opened) for name, task in _TASKS.items()})


def work(
    descriptor: int, memory_bytes: int, tasks: Mapping[str, WorkerTask], *, prepare: Callable[[], None] | None = None
) -> None:
    """Serve requests until the owner hangs up.

    Args:
        descriptor: of the socket.
        memory_bytes: address space that this process may take.
        tasks: name of a task to the function that writes its answer.
        prepare: called before the first request is read; where it fails, the tasks say why.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICE)
    threading.stack_size(_STACK_BYTES)
    gc.freeze()
    with socket.socket(fileno=descriptor) as channel:
        threading.Thread(target=_serve, args=(channel, tasks, prepare), daemon=True).start()
        hang_up = select.poll()
        hang_up.register(channel, select.POLLRDHUP)
        hang_up.poll()
        os._exit(0)  # a query that still runs cannot be asked to stop


def _serve(channel: socket.socket, tasks: Mapping[str, WorkerTask], prepare: Callable[[], None] | None) -> None:
    decode = msgspec.msgpack.Decoder(Request).decode
    try:
        if prepare is not None:
            with contextlib.suppress(GraphmapError):
                prepare()
        while True:
            out = _Chunks(channel)
            reply = _attempt(decode(receive(channel)), tasks, out)
            out.finish(reply)
    finally:
        os._exit(1)  # nothing ends the loop but a fault; the client hears of it at once and not at its deadline


def _attempt(request: Request, tasks: Mapping[str, WorkerTask], out: _Chunks) -> Reply:
    out.left = request.result_bytes
    try:
        tasks[request.task](request, cast("IO[bytes]", out))
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
    """Error for a refusal by the server of the store."""
    if isinstance(error, QueryError):
        return Reply(status="query", what=error.what)
    hint = error.hint or "try again, then look at the server of the store"
    return Reply(status="store", what=error.what, hint=hint)


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
        from graphmap.store.remote import Exchange  # noqa: PLC0415  # slow to import, and for servers alone

        if self._exchange is None or self._exchange.endpoint != endpoint:
            self._exchange = Exchange(endpoint)
        return self._exchange


def _query(opened: _Opened, request: Request, out: IO[bytes]) -> None:
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


def _ask(opened: _Opened, request: Request, out: IO[bytes]) -> None:
    from graphmap.store.remote import ask  # noqa: PLC0415  # as above

    if request.endpoint is not None:
        chunks = cast("_Chunks", out)
        ask(request, opened.server(request.endpoint), out, lambda: chunks.left < request.result_bytes)


def _rehearse(_: _Opened, request: Request, __: IO[bytes]) -> None:
    ox.Store(request.checkpoint).update(request.text, base_iri=request.base)


def _parse(_: _Opened, request: Request, out: IO[bytes]) -> None:
    if request.syntax == "jsonld":
        _check_context(request.body)
    quads = ox.parse(request.body, format=GRAPHS[request.syntax], base_iri=request.base, rename_blank_nodes=True)
    ox.serialize((quad.triple for quad in quads), out, format=ox.RdfFormat.N_TRIPLES)


def _check_context(body: bytes) -> None:
    """Refuse a context that would have to be fetched; the parser would say so too, but not as kindly."""
    try:
        document = msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:
        raise QueryError(f"the document does not parse: {error}", hint="send JSON in UTF-8") from error
    if isinstance(document, dict) and isinstance(document.get("@context"), str):
        raise QueryError("the context is elsewhere, and nothing is fetched", hint="write the context out")


_TASKS: dict[str, Callable[[_Opened, Request, IO[bytes]], None]] = {
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
