"""Writes validated records: revisions, key collisions, quarantine, and bulk additions."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.ingest.write.arrival import Arrival, Unreadable
    from graphmap.ingest.write.bulk_writer import BulkLoad
    from graphmap.ingest.write.quarantine_batch import QuarantineBatch
    from graphmap.ingest.write.record_writer import RecordWriter

__all__ = ["Arrival", "BulkLoad", "QuarantineBatch", "RecordWriter", "Unreadable"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.ingest.write",
        {
            "arrival": "Arrival Unreadable",
            "bulk_writer": "BulkLoad",
            "quarantine_batch": "QuarantineBatch",
            "record_writer": "RecordWriter",
        },
    )
