"""Optimizes plans: prunes iterations, splits documents, and removes redundant duplicate checks."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.optimizer.distinct_terms import all_distinct, inner, never_equal
    from graphmap.lifting.optimizer.prune_iterations import changed, needed, trimmed
    from graphmap.lifting.optimizer.split_documents import in_parts

__all__ = ["all_distinct", "changed", "in_parts", "inner", "needed", "never_equal", "trimmed"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.optimizer",
        {
            "distinct_terms": "all_distinct inner never_equal",
            "prune_iterations": "changed needed trimmed",
            "split_documents": "in_parts",
        },
    )
