"""The way into a running server for commands of the same user: a socket beside the store.

A command that finds the store held by another process sends its operation there. Only who may write the socket's file
gets in. Messages are JSON with their length before them.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self

from graphmap.errors import GraphmapError
from graphmap.ingest.admin.open_store import opened_store, settle_journal
from graphmap.ingest.admin.operations import READING, OperationContext, perform
from graphmap.ingest.admin.read_store import (
    Arguments,
    here_or_at_holder,
    opened_here,
    read_store,
    receive_message,
    send_message,
    socket_path,
)
from graphmap.ingest.load import Ingestor
from graphmap.ingest.search import IndexFollower
from graphmap.ingest.workspace_model import Knowledge
from graphmap.store import Compaction, CompactionState, HeldStore
from graphmap.workspace import Workspace

__all__ = ["Control", "at_store", "finish_compaction"]


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
        ingest: Ingestor | IndexFollower,
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
        with socket_path(self._place) as path:
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
        with socket_path(self._place) as path:
            Path(path).unlink(missing_ok=True)

    def renew(self, knowledge: Knowledge) -> None:
        """Work by other mappings, shapes and ontology from the next operation on."""
        ingest = self._ingest
        self._context = OperationContext(
            store=self._store, knowledge=knowledge, settle=ingest.settle, pause=ingest.pause, forget=self._forget
        )

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:  # closed: the server ends
                return
            with connection, contextlib.suppress(OSError, EOFError):
                send_message(connection, self._answer(receive_message(connection), connection))

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
            return perform(replace(self._context, progress=progress), name, arguments)

    def _answer(self, asked: Any, connection: socket.socket) -> dict[str, Any]:
        def tell(number: int) -> None:
            with contextlib.suppress(OSError):  # whoever asked may have gone; the work goes on
                send_message(connection, {"progress": number})

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

    def run() -> Any:
        with _opened_for(name, knowledge) as store:
            settle = partial(settle_journal, store, knowledge)
            context = OperationContext(store=store, knowledge=knowledge, settle=settle, progress=progress)
            return perform(context, name, arguments)

    return here_or_at_holder(run, knowledge.workspace, name, arguments, progress=progress)


def _opened_for(name: str, knowledge: Knowledge) -> AbstractContextManager[HeldStore]:
    """The store, opened so that an operation that only reads changes nothing."""
    if (name in READING or name == "verify") and knowledge.workspace.endpoint is None:
        return read_store(knowledge.workspace)
    return opened_store(knowledge)


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
        if not compaction.state.is_compacted and opened_here(workspace, stack) is not None:
            compaction.wait(longest_s=longest_s, stop=stop, begin=begin)
