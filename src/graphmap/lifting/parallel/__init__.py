"""Lifts partitions of an input in processes and threads, in order."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.parallel.partition_lifter import LiftedPortion, LiftWork, moved
    from graphmap.lifting.parallel.process_pool import Crew, usable_processors
    from graphmap.lifting.parallel.thread_pool import in_threads

__all__ = ["Crew", "LiftWork", "LiftedPortion", "in_threads", "moved", "usable_processors"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.parallel",
        {
            "partition_lifter": "LiftWork LiftedPortion moved",
            "process_pool": "Crew usable_processors",
            "thread_pool": "in_threads",
        },
    )
