"""Metrics, trace context and health checks."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.monitoring import health
    from graphmap.service.monitoring.metrics import QUERY, Metrics, Observed

__all__ = ["QUERY", "Metrics", "Observed", "health"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.monitoring",
        {
            "metrics": "Metrics Observed QUERY",
        },
    )
