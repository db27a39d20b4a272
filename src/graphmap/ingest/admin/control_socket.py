"""The way into a running server for commands of the same user: a socket beside the store.

A command that finds the store held by another process sends its operation there. Only who may write the socket's file
gets in. Messages are JSON with their length before them.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self, cast

import msgspec

from graphmap import errors
from graphmap.errors import GraphmapError, Locator, StoreError
from graphmap.ingest.admin.open_store import opened_store, read_store, settle_journal
from graphmap.ingest.admin.operations import READING, Arguments, Office, perform
from graphmap.ingest.load.online_ingestor import Ingestor
from graphmap.ingest.search.index_follower import Indexed
from graphmap.ingest.workspace_model import Knowledge
from graphmap.store import Compaction, CompactionState, EmbeddedStore, HeldStore, Store
from graphmap.store.directory import Place
from graphmap.workspace import Workspace

__all__ = ["Control", "RunningStore", "ask_holder", "at_store", "finish_compaction", "readable_store", "reading_store"]

_LENGTH = struct.Struct(">Q")
_LARGEST = 1 << 30


class Control:
    """Answers commands while a server holds the store; a context manager.

    Args:
        store: that the server holds.
        knowledge: mappings, shapes and ontology.
        ingest: waits while an operation writes.
        forget: removes the copies of the store that readers have, after an erasure.
    """

    def __init__(
        self,
        store: HeldStore,
        knowledge: Knowledge,
        ingest: Ingestor | Indexed,
        *,
        forget: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._forget = forget
        self._ingest = ingest
        self.renew(knowledge)
        self._place = store.place
        self._listening = socket.socket(socket.AF_UNIX)

    def __enter__(self) -> Self:
        with _short(self._place) as path:
            Path(path).unlink(missing_ok=True)
            self._listening.bind(path)
            Path(path).chmod(0o600)
        self._listening.listen()
        threading.Thread(target=self._serve, name="control", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with _short(self._place) as path:
            Path(path).unlink(missing_ok=True)

    def renew(self, knowledge: Knowledge) -> None:
        """Work by other mappings, shapes and ontology from the next operation on."""
        ingest = self._ingest
        self._office = Office(
            store=self._store, knowledge=knowledge, settle=ingest.settle, pause=ingest.pause, forget=self._forget
        )

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:  # closed: the server ends
                return
            with connection, contextlib.suppress(OSError, EOFError):
                _send(connection, self._answer(_receive(connection), connection))

    def run(self, name: str, arguments: Arguments, *, progress: Callable[[int], None] | None = None) -> Any:
        """Run an operation; while one that writes is at work, envelopes wait.

        Args:
            name: of the operation.
            arguments: plain values; paths are absolute.
            progress: told the number of records now and then.

        Raises:
            GraphmapError: as the operation does.
        """
        with contextlib.nullcontext() if name in READING else self._ingest.alone():
            return perform(replace(self._office, progress=progress), name, arguments)

    def _answer(self, asked: Any, connection: socket.socket) -> dict[str, Any]:
        def tell(number: int) -> None:
            with contextlib.suppress(OSError):  # whoever asked may have gone; the work goes on
                _send(connection, {"progress": number})

        try:
            return {"result": self.run(asked["name"], asked["arguments"], progress=tell)}
        except GraphmapError as error:
            where = {name: getattr(error.where, name) for name in ("source", "row", "pointer", "line", "column")}
            return {"error": type(error).__name__, "what": error.what, "where": where, "hint": error.hint}


def at_store(
    knowledge: Knowledge, name: str, arguments: Arguments, *, progress: Callable[[int], None] | None = None
) -> Any:
    """Run an operation where the store is: here, or in the server that holds it.

    Args:
        knowledge: of the workspace.
        name: of the operation.
        arguments: plain values; paths are absolute.
        progress: told the number of records now and then.

    Raises:
        GraphmapError: as the operation does.
    """
    try:
        with _opened_for(name, knowledge) as store:
            settle = partial(settle_journal, store, knowledge)
            return perform(Office(store=store, knowledge=knowledge, settle=settle, progress=progress), name, arguments)
    except StoreError:
        place = Place(knowledge.workspace.store)
        if not _is_answering(place):
            raise
        return ask_holder(place, name, arguments, progress=progress)


def _opened_for(name: str, knowledge: Knowledge) -> AbstractContextManager[HeldStore]:
    """The store, opened so that an operation that only reads changes nothing."""
    if (name in READING or name == "verify") and knowledge.workspace.endpoint is None:
        return read_store(knowledge.workspace)
    return opened_store(knowledge)


def ask_holder(place: Place, name: str, arguments: Arguments, *, progress: Callable[[int], None] | None = None) -> Any:
    """Have the server that holds a store run an operation.

    Args:
        place: of the store.
        name: of the operation.
        arguments: plain values; paths are absolute.
        progress: told the number of records now and then.

    Raises:
        GraphmapError: as the operation does.
        StoreError: where the server goes away.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            with _short(place) as path:
                connection.connect(path)
            _send(connection, {"name": name, "arguments": dict(arguments)})
            while "progress" in (answer := _receive(connection)):
                if progress is not None:
                    progress(answer["progress"])
    except (OSError, EOFError) as error:
        where = Locator(source=str(place.path))
        raise StoreError("the server that holds the store went away", where=where, hint="try again") from error
    if "error" in answer:
        kind: type[GraphmapError] = getattr(errors, answer["error"])
        raise kind(answer["what"], where=Locator(**answer["where"]), hint=answer["hint"])
    return answer["result"]


class RunningStore:
    """A store that a server holds: enough of it for query processes, which read checkpoints.

    Args:
        path: the store's own folder.
    """

    generation = 0

    def __init__(self, path: Path) -> None:
        self.compaction = Compaction(path)
        self._place = Place(path)

    def checkpoint(self, folder: Path) -> None:
        """Have the server make a copy of this moment.

        Raises:
            StoreError: where the folder exists or cannot be written.
        """
        ask_holder(self._place, "checkpoint", {"target": str(folder.resolve())})

    def close(self) -> None:
        """Nothing is held."""


@contextmanager
def readable_store(workspace: Workspace) -> Iterator[Store]:
    """The store for query processes: opened here, or behind the server that holds it.

    Args:
        workspace: where it has an endpoint, query processes ask that themselves.

    Raises:
        StoreError: where it cannot be opened and no server answers.
    """
    with ExitStack() as stack:
        opened = None if workspace.endpoint is not None else _opened_here(workspace, stack)
        yield cast("Store", RunningStore(workspace.store)) if opened is None else opened  # they ask for copies alone


@contextmanager
def reading_store(workspace: Workspace) -> Iterator[Store]:
    """The store for reading all of it: opened here, or a checkpoint of the server's that is gone afterwards.

    Args:
        workspace: where it has an endpoint, that is read as it is.

    Raises:
        StoreError: where it cannot be opened and no server answers.
    """
    path = workspace.store
    if workspace.endpoint is not None:
        from graphmap.store.remote.store import RemoteStore  # noqa: PLC0415  # its HTTP client is slow to import

        with contextlib.closing(RemoteStore(path, workspace.endpoint, held=False)) as remote:
            yield remote
        return
    with ExitStack() as stack:
        opened = _opened_here(workspace, stack)
        if opened is None:
            copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".checkpoints-", dir=path.parent)))
            RunningStore(path).checkpoint(copy / "store")
            opened = stack.enter_context(contextlib.closing(EmbeddedStore(copy / "store", writable=False)))
        yield opened


def finish_compaction(
    workspace: Workspace, *, longest_s: float, stop: threading.Event, begin: Callable[[CompactionState], None]
) -> None:
    """Have the database merge what it was given; where a server holds the store, that goes on by itself.

    Whatever ends it before, a kill too, loses nothing: the database goes on when it is opened next.

    Args:
        workspace: of the store; nothing is done where that has an endpoint.
        longest_s: after so many seconds the rest is left.
        stop: ends it when it is set.
        begin: told what waits, where it is not a matter of a moment.

    Raises:
        StoreError: where the store cannot be opened and no server answers.
    """
    compaction = Compaction(workspace.store)
    with ExitStack() as stack:
        if not compaction.state.is_done and _opened_here(workspace, stack) is not None:
            compaction.wait(longest_s=longest_s, stop=stop, begin=begin)


def _opened_here(workspace: Workspace, stack: ExitStack) -> EmbeddedStore | None:
    """The store, unless a server holds it."""
    try:
        return stack.enter_context(read_store(workspace))
    except StoreError:
        if not _is_answering(Place(workspace.store)):
            raise
        return None


def _is_answering(place: Place) -> bool:
    with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError), _short(place) as path:
        connection.connect(path)
        return True
    return False


@contextmanager
def _short(place: Place) -> Iterator[str]:
    """The socket's path by way of its folder's descriptor, since a socket's path may have 107 bytes only."""
    folder = os.open(place.beside, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/control"
    finally:
        os.close(folder)


def _send(connection: socket.socket, value: Any) -> None:
    data = msgspec.json.encode(value)
    connection.sendall(_LENGTH.pack(len(data)) + data)


def _receive(connection: socket.socket) -> Any:
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    if length > _LARGEST:
        raise EOFError("a message is too long")
    return msgspec.json.decode(_exactly(connection, length))


def _exactly(connection: socket.socket, length: int) -> bytes:
    pieces = bytearray()
    while len(pieces) < length:
        piece = connection.recv(min(length - len(pieces), 1 << 20))
        if not piece:
            raise EOFError("the connection ended")
        pieces += piece
    return bytes(pieces)
