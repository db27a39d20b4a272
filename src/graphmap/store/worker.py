"""A process that answers queries on a read-only checkpoint: `python -m graphmap.store.worker DESCRIPTOR MEMORY`.

It may crash or be killed at any moment and nothing is lost. The main thread only listens, so that it notices when the
owner is gone while a query still runs; queries run on one thread with a large stack, because the engine recurses, and
because its result objects must stay on the thread that made them.
"""

from __future__ import annotations

import io
import os
import queue
import re
import resource
import socket
import sys
import threading

import msgspec
import pyoxigraph as ox

from graphmap.errors import LimitError
from graphmap.store.syntaxes import GRAPHS, TABLES
from graphmap.store.wire import Reply, Request, receive, send

__all__ = ["main"]

_STACK_BYTES = 512 * 1024 * 1024
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def main(arguments: list[str]) -> None:
    """Serve requests until the owner hangs up.

    Args:
        arguments: file descriptor of the socket, and the address space in bytes that this process may take.
    """
    descriptor, memory = int(arguments[0]), int(arguments[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.stack_size(_STACK_BYTES)
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    with socket.socket(fileno=descriptor) as channel:
        threading.Thread(target=_serve, args=(channel, requests), daemon=True).start()
        try:
            while True:
                requests.put(receive(channel))
        except (EOFError, OSError):
            os._exit(0)  # a query that still runs cannot be asked to stop


def _serve(channel: socket.socket, requests: queue.SimpleQueue[bytes]) -> None:
    opened: dict[str, ox.Store] = {}
    try:
        while True:
            request = msgspec.json.decode(requests.get(), type=Request)
            body, reply = _attempt(request, opened)
            send(channel, msgspec.json.encode(reply))
            if reply.status == "done":
                send(channel, body)
    finally:
        os._exit(1)  # nothing ends the loop but a fault; the client hears of it at once and not at its deadline


def _attempt(request: Request, opened: dict[str, ox.Store]) -> tuple[bytes, Reply]:
    try:
        return _answer(request, _store(request.checkpoint, opened)), Reply(status="done")
    except LimitError as error:
        return b"", Reply(status="limit", what=error.what)
    except MemoryError:
        return b"", Reply(status="limit", what="the answer does not fit into the memory of a query")
    except SyntaxError as error:
        return b"", _syntax_reply(str(error))
    except ValueError as error:
        return b"", Reply(status="query", what=str(error))
    except OSError as error:
        return b"", Reply(status="store", what=str(error))


def _syntax_reply(message: str) -> Reply:
    match = _PLACE.match(message)
    if match is None:
        return Reply(status="query", what=message)
    return Reply(status="query", what=f"the query does not parse: {match[3]}", line=int(match[1]), column=int(match[2]))


def _store(checkpoint: str, opened: dict[str, ox.Store]) -> ox.Store:
    if checkpoint not in opened:
        opened.clear()
        opened[checkpoint] = ox.Store.read_only(checkpoint)
    return opened[checkpoint]


def _answer(request: Request, store: ox.Store) -> bytes:
    out = _Capped(request.result_bytes)
    results = store.query(
        request.query,
        default_graph=None if request.default_graphs is None else [ox.NamedNode(iri) for iri in request.default_graphs],
        named_graphs=None if request.named_graphs is None else [ox.NamedNode(iri) for iri in request.named_graphs],
    )
    if isinstance(results, ox.QueryTriples):
        ox.serialize(results, out, format=GRAPHS[request.syntax], prefixes=request.prefixes)
    else:
        results.serialize(out, TABLES[request.syntax])
    return out.getvalue()


class _Capped(io.BytesIO):
    """Collects an answer up to a size, and stops the engine there."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._left = size

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the engine hands over bytes
        self._left -= len(data)
        if self._left < 0:
            raise LimitError("the answer is larger than this service gives out")
        return super().write(data)


if __name__ == "__main__":
    main(sys.argv[1:])
