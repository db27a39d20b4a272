"""Operations on a store: opening, inventory, quarantine, erasure, verification, and the control socket."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.ingest.admin.control_socket import Control, at_store, finish_compaction
    from graphmap.ingest.admin.open_store import held_store
    from graphmap.ingest.admin.read_operations import READ_OPERATIONS, read_at_store
    from graphmap.ingest.admin.read_store import has_store, readable_store, reading_store

__all__ = [
    "READ_OPERATIONS",
    "Control",
    "at_store",
    "finish_compaction",
    "has_store",
    "held_store",
    "read_at_store",
    "readable_store",
    "reading_store",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.ingest.admin",
        {
            "control_socket": "Control at_store finish_compaction",
            "open_store": "held_store",
            "read_operations": "READ_OPERATIONS read_at_store",
            "read_store": "has_store readable_store reading_store",
        },
    )
