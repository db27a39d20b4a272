"""Rewrites the algebra into SQL: cells, conditions, branches, groups, and the plan of a whole query."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.virtual.rewriting.branches import Matcher
    from graphmap.virtual.rewriting.pattern_rewriter import Rewriter
    from graphmap.virtual.rewriting.sql_plan import SqlPlan, plan_of

__all__ = [
    "Matcher",
    "Rewriter",
    "SqlPlan",
    "plan_of",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.virtual.rewriting",
        {
            "branches": "Matcher",
            "pattern_rewriter": "Rewriter",
            "sql_plan": "SqlPlan plan_of",
        },
    )
