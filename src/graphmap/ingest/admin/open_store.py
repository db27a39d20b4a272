"""The store of a workspace, opened with all that was acknowledged in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from graphmap.ingest.admin.read_store import close_store, is_behind
from graphmap.ingest.load import Ingestor
from graphmap.ingest.workspace_model import Knowledge, load_knowledge
from graphmap.provenance import position_of, settle_position
from graphmap.store import HeldStore, Journal, Store
from graphmap.store.embedded import EmbeddedStore
from graphmap.workspace import Workspace

__all__ = ["held_store", "opened_store", "settle_journal", "take_in_journal", "take_journal_in"]


def held_store(workspace: Workspace) -> HeldStore:
    """The store of a workspace, of either kind, with its place taken by this process.

    Raises:
        StoreError: where it cannot be opened, or another process has its place.
    """
    if workspace.endpoint is None:
        return EmbeddedStore(workspace.store)
    from graphmap.store.remote import RemoteStore  # noqa: PLC0415  # its HTTP client is slow to import

    return RemoteStore(workspace.store, workspace.endpoint)


@contextmanager
def opened_store(knowledge: Knowledge) -> Iterator[HeldStore]:
    """Open the store for writing; what a killed server had acknowledged and not stored yet is taken in first.

    Checkpoints that killed processes left beside the store are removed: nobody reads them while this process holds the
    store, and they may hold what was erased.

    Raises:
        StoreError: where it cannot be opened.
    """
    store = held_store(knowledge.workspace)
    try:
        for left in store.path.parent.glob(".checkpoints-*"):
            shutil.rmtree(left, ignore_errors=True)
        take_in_journal(store, knowledge)
        yield store
    finally:
        close_store(store)


def take_journal_in(workspace: Workspace) -> None:
    """Open the store for writing, which takes in what its journal holds, and close it.

    Raises:
        StoreError: where it cannot be opened, or the journal cannot be taken in.
    """
    with opened_store(load_knowledge(workspace)):
        pass


def take_in_journal(store: Store, knowledge: Knowledge) -> None:
    """Take in what the journal holds and the store has not, then empty it.

    Raises:
        StoreError: where the journal is damaged, or the disk fails.
    """
    if is_behind(store, knowledge.workspace):
        Ingestor(store, knowledge).close()


def settle_journal(store: Store, knowledge: Knowledge) -> None:
    """Take in what the journal holds, and empty it; no `Ingestor` may be at work.

    Raises:
        StoreError: where the journal is damaged, or the disk fails.
    """
    take_in_journal(store, knowledge)
    if store.journal.exists():
        layout = knowledge.workspace.layout
        journal = Journal(store.journal, position=position_of(store, layout))
        settle_position(store, layout, journal.position)
        store.flush()
        journal.clear()
        journal.close()
