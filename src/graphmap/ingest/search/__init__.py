"""Builds the full-text index over the store and keeps it current."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.ingest.search.index_follower import IndexFollower

__all__ = ["IndexFollower"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.ingest.search",
        {
            "index_follower": "IndexFollower",
        },
    )
