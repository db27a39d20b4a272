"""RML mappings derived from rules: of tables, of documents, and of references between them."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.derivation.mappings.mapping_file import Reading, mappings_of

__all__ = ["Reading", "mappings_of"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.derivation.mappings",
        {
            "mapping_file": "Reading mappings_of",
        },
    )
