"""The SPARQL 1.1 Protocol, the Graph Store Protocol, and saved queries."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.sparql import editor, graph_store, saved_queries
    from graphmap.service.sparql.endpoint import Endpoint

__all__ = ["Endpoint", "editor", "graph_store", "saved_queries"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.sparql",
        {
            "endpoint": "Endpoint",
        },
    )
