"""Operations on a store by name, for the process that holds it.

Arguments and results are plain values (texts, numbers, lists, mappings), so that they can go over a socket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from graphmap.errors import CallError
from graphmap.ingest.admin.consistency_check import faults
from graphmap.ingest.admin.erasure import erase
from graphmap.ingest.admin.inventory import contents
from graphmap.ingest.admin.quarantine import Kept, Retrial, drop, kept_records, messages_of
from graphmap.ingest.admin.read_store import Arguments
from graphmap.ingest.load import Meanwhile, load_dump, load_files
from graphmap.ingest.workspace_model import Knowledge
from graphmap.provenance import History, now
from graphmap.store import HeldStore, told_apart
from graphmap.store.embedded import EmbeddedStore, backup
from graphmap.store.integrity import damaged_files
from graphmap.validation.formats import summary
from graphmap.validation.report import Covered

__all__ = ["OPERATIONS", "READING", "Office", "perform"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Collaborators of an operation.

    Args:
        store: opened for writing, by this process.
        knowledge: mappings, shapes and ontology.
        settle: takes in what the journal holds and empties it.
        progress: told the number of records now and then.
        pause: lets others write for a moment.
        forget: removes the copies of the store that readers have.
    """

    store: HeldStore
    knowledge: Knowledge
    settle: Callable[[], None]
    progress: Callable[[int], None] | None = None
    pause: Callable[[], None] | None = None
    forget: Callable[[], None] | None = None


def perform(office: Office, name: str, arguments: Arguments) -> Any:
    """Run an operation; what it returns can be written as JSON.

    Raises:
        CallError: where there is no operation of that name.
        GraphmapError: as the operation does.
    """
    operation = OPERATIONS.get(name)
    if operation is None:
        raise CallError(f"there is no operation {name!r}", hint="the server may be of another version")
    return operation(office, arguments)


def _load(office: Office, given: Arguments) -> dict[str, Any]:
    loaded = load_files(
        dict(given["files"]),
        office.knowledge,
        office.store,
        moment=now(),
        source=given["source"],
        record_graphs=given["record_graphs"],
        in_stages=given["in_stages"],
        meanwhile=Meanwhile(progress=office.progress, pause=office.pause),
    )
    return {
        "outcomes": dict(loaded.outcomes),
        "summary": list(summary(replace(loaded.report, coverage=Covered()), brief=True)),
        "refused": [str(error) for error in loaded.refused],
    }


def _load_dump(office: Office, given: Arguments) -> int:
    return load_dump(office.store, given["file"])


def _stats(office: Office, _: Arguments) -> dict[str, Any]:
    compaction = office.store.compaction.state  # first: counting may take longer than what is left to merge
    held = [(line.what, line.number) for line in contents(office.store, office.knowledge.workspace.layout)]
    return {"held": held, "compaction": asdict(compaction)}


def _history(office: Office, given: Arguments) -> list[dict[str, Any]]:
    layout = office.knowledge.workspace.layout
    document = layout.document(layout.entity(given["iri"]))
    events = History(layout=layout).events(document, office.store)
    return [
        {
            "moment": event.moment,
            "outcome": event.outcome,
            "version": event.version,
            "source": event.source,
            "correlation": event.correlation,
            "present": event.present,
        }
        for event in events
    ]


def _dump(office: Office, given: Arguments) -> None:
    office.store.dump(Path(given["target"]))


def _backup(office: Office, given: Arguments) -> dict[str, Any]:
    manifest = backup(office.store, Path(given["target"]))
    return {"moment": manifest.moment, "files": len(manifest.files)}


def _checkpoint(office: Office, given: Arguments) -> None:
    office.store.checkpoint(Path(given["target"]))


def _optimize(office: Office, _: Arguments) -> dict[str, int | None]:
    before = office.store.stats().disk_bytes
    office.store.optimize()
    return {"before": before, "after": office.store.stats().disk_bytes}


def _verify(office: Office, _: Arguments) -> list[tuple[str, str]]:
    return [(fault.graph, fault.what) for fault in faults(office.store, office.knowledge)]


def _verify_files(office: Office, _: Arguments) -> list[tuple[str, str]]:
    if not isinstance(office.store, EmbeddedStore):
        raise CallError("the data of this workspace are kept by another server", hint="have its files checked there")
    store, beside = office.store, office.store.place.beside
    with ExitStack() as stack, told_apart(beside):
        copy = store.path
        if store.writable:
            copy = Path(stack.enter_context(TemporaryDirectory(prefix="verify-", dir=beside))) / "copy"
            store.checkpoint(copy)
        return [(each.file, each.what) for each in damaged_files(copy, store.path)]


def _erase(office: Office, given: Arguments) -> dict[str, Any]:
    erased = erase(office.store, office.knowledge, given["iri"], settle=office.settle)
    if office.forget is not None:
        office.forget()
    return {
        "document": erased.document,
        "quads": erased.quads,
        "set_aside": erased.set_aside,
        "rebuilt": erased.rebuilt,
        "mentions": list(erased.mentions),
        "backups": [str(folder) for folder in erased.backups],
    }


def _list(office: Office, _: Arguments) -> list[dict[str, Any]]:
    return [_told(record) for record in _records(office, ())]


def _show(office: Office, given: Arguments) -> dict[str, Any]:
    (record,) = _records(office, [given["record"]])
    messages = messages_of(record, office.store, office.knowledge.workspace.layout)
    return {**_told(record), "payload": record.payload, "findings": messages}


def _retry(office: Office, given: Arguments) -> list[tuple[str, str]]:
    retrial = Retrial(office.store, office.knowledge, now())
    return [(record.identifier, outcome) for record, outcome in retrial.retry(_records(office, given["records"]))]


def _drop(office: Office, given: Arguments) -> int:
    records = _records(office, given["records"])
    for record in records:
        drop(record, office.store, office.knowledge.workspace.layout)
    return len(records)


def _records(office: Office, identifiers: Iterable[str]) -> list[Kept]:
    """The set-aside records that are named, or all where none is."""
    return kept_records(office.store, office.knowledge.workspace.layout, tuple(identifiers))


def _told(record: Kept) -> dict[str, Any]:
    return {
        "id": record.identifier,
        "outcome": record.outcome,
        "moment": record.moment,
        "source": record.source,
        "row": record.row,
        "document": record.document,
    }


OPERATIONS: Mapping[str, Callable[[Office, Arguments], Any]] = MappingProxyType(
    {
        "load": _load,
        "load-dump": _load_dump,
        "stats": _stats,
        "history": _history,
        "dump": _dump,
        "backup": _backup,
        "checkpoint": _checkpoint,
        "optimize": _optimize,
        "verify": _verify,
        "verify-files": _verify_files,
        "erase": _erase,
        "quarantine-list": _list,
        "quarantine-show": _show,
        "quarantine-retry": _retry,
        "quarantine-drop": _drop,
    }
)
READING = frozenset(
    {"stats", "history", "dump", "backup", "checkpoint", "verify-files", "quarantine-list", "quarantine-show"}
)
"""Operations beside which envelopes are taken in; during all others they wait."""
