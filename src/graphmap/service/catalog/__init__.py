"""The home page, search, VoID, the OpenAPI document and counts."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.catalog import discovery, home, search
    from graphmap.service.catalog.counts import Counts, Rows
    from graphmap.service.catalog.sparql_description import service_description
    from graphmap.service.catalog.workspace_content import knowledge_of

__all__ = ["Counts", "Rows", "discovery", "home", "knowledge_of", "search", "service_description"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.catalog",
        {
            "counts": "Counts Rows",
            "sparql_description": "service_description",
            "workspace_content": "knowledge_of",
        },
    )
