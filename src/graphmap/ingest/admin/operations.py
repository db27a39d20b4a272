"""Operations on a store by name, for the process that holds it.

Arguments and results are plain values (texts, numbers, lists, mappings), so that they can go over a socket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from graphmap.errors import CallError
from graphmap.ingest.admin.consistency_check import inconsistencies
from graphmap.ingest.admin.erasure import erase
from graphmap.ingest.admin.quarantine import QuarantinedRecord, QuarantineRetry, drop, messages_of, quarantined_records
from graphmap.ingest.admin.read_operations import READ_OPERATIONS
from graphmap.ingest.admin.read_store import Arguments
from graphmap.ingest.load import LoadOptions, load_dump, load_files
from graphmap.ingest.workspace_model import Knowledge
from graphmap.provenance import now
from graphmap.store import HeldStore
from graphmap.validation.formats import summary
from graphmap.validation.report import Covered

__all__ = ["OPERATIONS", "READING", "OperationContext", "perform"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationContext:
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


def perform(context: OperationContext, name: str, arguments: Arguments) -> Any:
    """Run an operation; what it returns can be written as JSON.

    Raises:
        CallError: where there is no operation of that name.
        GraphmapError: as the operation does.
    """
    if name in READ_OPERATIONS:
        return READ_OPERATIONS[name](context.store, context.knowledge.workspace.layout, arguments)
    operation = OPERATIONS.get(name)
    if operation is None:
        raise CallError(f"there is no operation {name!r}", hint="the server may be of another version")
    return operation(context, arguments)


def _load(context: OperationContext, given: Arguments) -> dict[str, Any]:
    loaded = load_files(
        dict(given["files"]),
        context.knowledge,
        context.store,
        moment=now(),
        source=given["source"],
        record_graphs=given["record_graphs"],
        in_stages=given["in_stages"],
        meanwhile=LoadOptions(progress=context.progress, pause=context.pause),
    )
    return {
        "outcomes": dict(loaded.outcomes),
        "summary": list(summary(replace(loaded.report, coverage=Covered()), brief=True)),
        "refused": [str(error) for error in loaded.refused],
    }


def _load_dump(context: OperationContext, given: Arguments) -> int:
    return load_dump(context.store, given["file"])


def _optimize(context: OperationContext, _: Arguments) -> dict[str, int | None]:
    before = context.store.stats().disk_bytes
    context.store.optimize()
    return {"before": before, "after": context.store.stats().disk_bytes}


def _verify(context: OperationContext, _: Arguments) -> list[tuple[str, str]]:
    return [(fault.graph, fault.what) for fault in inconsistencies(context.store, context.knowledge)]


def _erase(context: OperationContext, given: Arguments) -> dict[str, Any]:
    erased = erase(context.store, context.knowledge, given["iri"], settle=context.settle)
    if context.forget is not None:
        context.forget()
    return {
        "document": erased.document,
        "quads": erased.quads,
        "set_aside": erased.set_aside,
        "rebuilt": erased.rebuilt,
        "mentions": list(erased.mentions),
        "backups": [str(folder) for folder in erased.backups],
    }


def _list(context: OperationContext, _: Arguments) -> list[dict[str, Any]]:
    return [_told(record) for record in _records(context, ())]


def _show(context: OperationContext, given: Arguments) -> dict[str, Any]:
    (record,) = _records(context, [given["record"]])
    messages = messages_of(record, context.store, context.knowledge.workspace.layout)
    return {**_told(record), "payload": record.payload, "findings": messages}


def _retry(context: OperationContext, given: Arguments) -> list[tuple[str, str]]:
    retrial = QuarantineRetry(context.store, context.knowledge, now())
    return [(record.identifier, outcome) for record, outcome in retrial.retry(_records(context, given["records"]))]


def _drop(context: OperationContext, given: Arguments) -> int:
    records = _records(context, given["records"])
    for record in records:
        drop(record, context.store, context.knowledge.workspace.layout)
    return len(records)


def _records(context: OperationContext, identifiers: Iterable[str]) -> list[QuarantinedRecord]:
    """The set-aside records that are named, or all where none is."""
    return quarantined_records(context.store, context.knowledge.workspace.layout, tuple(identifiers))


def _told(record: QuarantinedRecord) -> dict[str, Any]:
    return {
        "id": record.identifier,
        "outcome": record.outcome,
        "moment": record.moment,
        "source": record.source,
        "row": record.row,
        "document": record.document,
    }


OPERATIONS: Mapping[str, Callable[[OperationContext, Arguments], Any]] = MappingProxyType(
    {
        "load": _load,
        "load-dump": _load_dump,
        "optimize": _optimize,
        "verify": _verify,
        "erase": _erase,
        "quarantine-list": _list,
        "quarantine-show": _show,
        "quarantine-retry": _retry,
        "quarantine-drop": _drop,
    }
)
READING = frozenset({*READ_OPERATIONS, "quarantine-list", "quarantine-show"})
"""Operations beside which envelopes are taken in; during all others they wait."""
