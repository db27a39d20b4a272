"""Lifts partitions of an input in processes and threads, in order."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.parallel.partition_lifter import LiftedPartition, PartitionLifter, at_row_of_input
    from graphmap.lifting.parallel.process_pool import ProcessPool, usable_processors
    from graphmap.lifting.parallel.thread_pool import in_threads

__all__ = ["LiftedPartition", "PartitionLifter", "ProcessPool", "at_row_of_input", "in_threads", "usable_processors"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.parallel",
        {
            "partition_lifter": "PartitionLifter LiftedPartition at_row_of_input",
            "process_pool": "ProcessPool usable_processors",
            "thread_pool": "in_threads",
        },
    )
