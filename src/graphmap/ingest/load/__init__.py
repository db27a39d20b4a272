"""Loads files and envelopes into the store, in order, one record a transaction or many in bulk."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.ingest.load.drop_folder import follow
    from graphmap.ingest.load.dumps import is_dump, load_dump
    from graphmap.ingest.load.file_loader import OUTCOMES, LoadOptions, load_files
    from graphmap.ingest.load.online_ingestor import Ingestor, IngestResult

__all__ = ["OUTCOMES", "IngestResult", "Ingestor", "LoadOptions", "follow", "is_dump", "load_dump", "load_files"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.ingest.load",
        {
            "drop_folder": "follow",
            "dumps": "is_dump load_dump",
            "file_loader": "LoadOptions OUTCOMES load_files",
            "online_ingestor": "IngestResult Ingestor",
        },
    )
