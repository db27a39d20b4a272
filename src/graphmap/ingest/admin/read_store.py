"""Opens a store for reading: here, or through the control socket of the process that holds it."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import msgspec

from graphmap import errors
from graphmap.errors import GraphmapError, Locator, StoreError
from graphmap.provenance import position_of
from graphmap.store import Compaction, HeldStore, Journal, SearchIndex, Store, StoreDirectory, index_path
from graphmap.store.embedded import EmbeddedStore
from graphmap.store.integrity import holds_database
from graphmap.workspace import Workspace

__all__ = [
    "Arguments",
    "RunningStore",
    "ask_holder",
    "close_store",
    "has_store",
    "is_answering",
    "is_behind",
    "opened_here",
    "read_store",
    "readable_store",
    "reading_store",
    "receive_message",
    "send_message",
    "socket_path",
]

_LENGTH = struct.Struct(">Q")
_LARGEST = 1 << 30


def ask_holder(
    place: StoreDirectory, name: str, arguments: Arguments, *, progress: Callable[[int], None] | None = None
) -> Any:
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
            with socket_path(place) as path:
                connection.connect(path)
            send_message(connection, {"name": name, "arguments": dict(arguments)})
            while "progress" in (answer := receive_message(connection)):
                if progress is not None:
                    progress(answer["progress"])
    except (OSError, EOFError) as error:
        where = Locator(source=str(place.path))
        raise StoreError("the server that holds the store went away", where=where, hint="try again") from error
    if "error" in answer:
        kind: type[GraphmapError] = getattr(errors, answer["error"])
        raise kind(answer["what"], where=Locator(**answer["where"]), hint=answer["hint"])
    return answer["result"]


def here_or_at_holder(
    run: Callable[[], Any],
    workspace: Workspace,
    name: str,
    arguments: Arguments,
    *,
    progress: Callable[[int], None] | None = None,
) -> Any:
    """The result of an operation on a store that may be held by a server.

    Args:
        run: does it here; raises a `StoreError` where the store is held.
        workspace: of the store.
        name: of the operation, for the server.
        arguments: plain values; paths are absolute.
        progress: told the number of records now and then.

    Raises:
        GraphmapError: as the operation does.
    """
    try:
        return run()
    except StoreError:
        place = StoreDirectory(workspace.store)
        if not is_answering(place):
            raise
        return ask_holder(place, name, arguments, progress=progress)


class RunningStore:
    """A store that a server holds: enough of it for query processes, which read checkpoints.

    Args:
        path: the store's own folder.
    """

    generation = 0

    def __init__(self, path: Path) -> None:
        self.compaction = Compaction(path)
        self._place = StoreDirectory(path)

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
        opened = None if workspace.endpoint is not None else opened_here(workspace, stack)
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
        from graphmap.store.remote import RemoteStore  # noqa: PLC0415  # its HTTP client is slow to import

        with contextlib.closing(RemoteStore(path, workspace.endpoint, held=False)) as remote:
            yield remote
        return
    with ExitStack() as stack:
        opened = opened_here(workspace, stack)
        if opened is None:
            copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".checkpoints-", dir=path.parent)))
            RunningStore(path).checkpoint(copy / "store")
            opened = stack.enter_context(contextlib.closing(EmbeddedStore(copy / "store", writable=False)))
        yield opened


def opened_here(workspace: Workspace, stack: ExitStack) -> EmbeddedStore | None:
    """The store, unless a server holds it."""
    try:
        return stack.enter_context(read_store(workspace))
    except StoreError:
        if not is_answering(StoreDirectory(workspace.store)):
            raise
        return None


def is_answering(place: StoreDirectory) -> bool:
    """Return whether a process listens on the control socket of a store."""
    with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError), socket_path(place) as path:
        connection.connect(path)
        return True
    return False


@contextmanager
def socket_path(place: StoreDirectory) -> Iterator[str]:
    """The socket's path by way of its folder's descriptor, since a socket's path may have 107 bytes only."""
    folder = os.open(place.beside, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/control"
    finally:
        os.close(folder)


def send_message(connection: socket.socket, value: Any) -> None:
    """Send a value as JSON with its length before it."""
    data = msgspec.json.encode(value)
    connection.sendall(_LENGTH.pack(len(data)) + data)


def receive_message(connection: socket.socket) -> Any:
    """Receive what `send_message` sent.

    Raises:
        EOFError: where the connection ends, or the message is too long.
    """
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


Arguments = Mapping[str, Any]


def has_store(workspace: Workspace) -> bool:
    """Return whether a store was ever made for a workspace; it may be damaged."""
    place = StoreDirectory(workspace.store)
    return workspace.endpoint is not None or place.was_made or holds_database(place.path)


@contextmanager
def read_store(workspace: Workspace) -> Iterator[EmbeddedStore]:
    """Open the store of a workspace for reading, with what a killed server had acknowledged and not stored yet.

    Nothing is written, unless the journal holds something. Where there never was a store, an empty one is read that is
    elsewhere.

    Raises:
        StoreError: where it cannot be opened, or what is left in the journal cannot be taken in.
    """
    with ExitStack() as stack:
        path = workspace.store
        if has_store(workspace):
            _catch_up(workspace)
        else:
            path = Path(stack.enter_context(TemporaryDirectory(prefix="graphmap-"))) / "store"
            EmbeddedStore(path).close()
        yield stack.enter_context(closing(EmbeddedStore(path, writable=False)))


def _catch_up(workspace: Workspace) -> None:
    """Let the store have what its journal holds."""
    if StoreDirectory(workspace.store).journal.exists():
        with closing(EmbeddedStore(workspace.store, writable=False)) as store:
            if not is_behind(store, workspace):
                return
        from graphmap.ingest.admin.open_store import take_journal_in  # noqa: PLC0415  # rare and slow to import

        take_journal_in(workspace)


def is_behind(store: Store, workspace: Workspace) -> bool:
    """Return whether the journal has entries that the store has not."""
    if not store.journal.exists() or all(each.tabular for each in workspace.sources.values()):
        return False
    position = position_of(store, workspace.layout)
    journal = Journal(store.journal, position=position)
    try:
        return journal.position > position
    finally:
        journal.close()


def close_store(store: HeldStore) -> None:
    """Close a store; where it was written to, its search index is discarded."""
    if store.generation:  # written to: what can be searched for is another now
        SearchIndex(index_path(store.path)).discard()
    store.close()
