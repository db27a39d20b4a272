"""The graph over HTTP: SPARQL, documents, records, reports and pages."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.app import create_app
    from graphmap.service.dependencies import Ingest, IngestResult, ServiceLimits, Services
    from graphmap.service.search_index import Finder

__all__ = ["Finder", "Ingest", "IngestResult", "ServiceLimits", "Services", "create_app"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service",
        {
            "app": "create_app",
            "dependencies": "Ingest IngestResult ServiceLimits Services",
            "search_index": "Finder",
        },
        renamed={
            "Ingested": "graphmap.service.IngestResult",
        },
    )
