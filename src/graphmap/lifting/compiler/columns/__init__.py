"""Lifts batches of table columns with Arrow arrays."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.compiler.columns.arrays import ColumnLift
    from graphmap.lifting.compiler.columns.plan import column_plan

__all__ = ["ColumnLift", "column_plan"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.compiler.columns",
        {
            "arrays": "ColumnLift",
            "plan": "column_plan",
        },
    )
