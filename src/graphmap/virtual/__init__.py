"""SPARQL over tables that were never copied, by way of their RML or R2RML mapping."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.virtual.answers import Answer, serialized
    from graphmap.virtual.fetching import Limits
    from graphmap.virtual.virtual_graph import Explanation, VirtualGraph

__all__ = ["Answer", "Explanation", "Limits", "VirtualGraph", "serialized"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.virtual",
        {
            "answers": "Answer serialized",
            "fetching": "Limits",
            "virtual_graph": "Explanation VirtualGraph",
        },
    )
