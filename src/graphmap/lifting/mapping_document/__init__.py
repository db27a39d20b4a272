"""Mapping files as RDF graphs: node access, places for messages, and YARRRML."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.mapping_document.graph import Nodes
    from graphmap.lifting.mapping_document.locations import MARK, MappingFile, marked
    from graphmap.lifting.mapping_document.supported_terms import check_terms
    from graphmap.lifting.mapping_document.yarrrml import turtle_of

__all__ = ["MARK", "MappingFile", "Nodes", "check_terms", "marked", "turtle_of"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.mapping_document",
        {
            "graph": "Nodes",
            "locations": "MARK MappingFile marked",
            "supported_terms": "check_terms",
            "yarrrml": "turtle_of",
        },
    )
