"""Operations that read a store and need its layout alone: they import neither lifting nor the validation engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from graphmap.errors import CallError
from graphmap.ingest.admin.inventory import contents
from graphmap.ingest.admin.read_store import Arguments, here_or_at_holder, read_store
from graphmap.provenance import History
from graphmap.store import HeldStore, Layout, explained_errors
from graphmap.store.embedded import EmbeddedStore, backup
from graphmap.store.integrity import damaged_files
from graphmap.workspace import Workspace

__all__ = ["READ_OPERATIONS", "read_at_store"]


def read_at_store(workspace: Workspace, name: str, arguments: Arguments) -> Any:
    """Run one of `READ_OPERATIONS` where the store is: here, or in the server that holds it.

    Args:
        workspace: of the store.
        name: of the operation.
        arguments: plain values; paths are absolute.

    Raises:
        GraphmapError: as the operation does.
    """
    if workspace.endpoint is not None:  # its place is taken first, and the journal sent
        from graphmap.ingest.admin.control_socket import at_store  # noqa: PLC0415  # slow to import
        from graphmap.ingest.workspace_model import load_knowledge  # noqa: PLC0415  # slow to import

        return at_store(load_knowledge(workspace), name, arguments)

    def run() -> Any:
        with read_store(workspace) as store:
            return READ_OPERATIONS[name](store, workspace.layout, arguments)

    return here_or_at_holder(run, workspace, name, arguments)


def _stats(store: HeldStore, layout: Layout, _: Arguments) -> dict[str, Any]:
    compaction = store.compaction.state  # first: counting may take longer than what is left to merge
    return {"held": [tuple(line) for line in contents(store, layout)], "compaction": asdict(compaction)}


def _history(store: HeldStore, layout: Layout, given: Arguments) -> list[dict[str, Any]]:
    document = layout.document(layout.entity(given["iri"]))
    names = ("moment", "outcome", "version", "source", "correlation", "present")
    events = History(layout=layout).events(document, store)
    return [{name: getattr(event, name) for name in names} for event in events]


def _dump(store: HeldStore, _: Layout, given: Arguments) -> None:
    store.dump(Path(given["target"]))


def _backup(store: HeldStore, _: Layout, given: Arguments) -> dict[str, Any]:
    manifest = backup(store, Path(given["target"]))
    return {"moment": manifest.moment, "files": len(manifest.files)}


def _checkpoint(store: HeldStore, _: Layout, given: Arguments) -> None:
    store.checkpoint(Path(given["target"]))


def _verify_files(store: HeldStore, _: Layout, __: Arguments) -> list[tuple[str, str]]:
    if not isinstance(store, EmbeddedStore):
        raise CallError("the data of this workspace are kept by another server", hint="have its files checked there")
    beside = store.place.beside
    with ExitStack() as stack, explained_errors(beside):
        copy = store.path
        if store.writable:
            copy = Path(stack.enter_context(TemporaryDirectory(prefix="verify-", dir=beside))) / "copy"
            store.checkpoint(copy)
        return [(each.file, each.what) for each in damaged_files(copy, store.path)]


READ_OPERATIONS: Mapping[str, Callable[[HeldStore, Layout, Arguments], Any]] = MappingProxyType(
    {
        "stats": _stats,
        "history": _history,
        "dump": _dump,
        "backup": _backup,
        "checkpoint": _checkpoint,
        "verify-files": _verify_files,
    }
)
