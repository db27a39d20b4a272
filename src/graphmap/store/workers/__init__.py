"""Query processes over checkpoints of the store, and their pool."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.store.workers.answer_stream import Stream
    from graphmap.store.workers.blocking_pool import Workers
    from graphmap.store.workers.channel import Spawned, WorkerCommand, spawn
    from graphmap.store.workers.pool import Pool
    from graphmap.store.workers.process import Worker
    from graphmap.store.workers.update_rehearsal import Updates
    from graphmap.store.workers.worker import work
    from graphmap.store.workers.worker_queue import WorkerQueue

__all__ = ["Pool", "Spawned", "Stream", "Updates", "Worker", "WorkerCommand", "WorkerQueue", "Workers", "spawn", "work"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.store.workers",
        {
            "answer_stream": "Stream",
            "blocking_pool": "Workers",
            "channel": "Spawned WorkerCommand spawn",
            "pool": "Pool",
            "process": "Worker",
            "update_rehearsal": "Updates",
            "worker": "work",
            "worker_queue": "WorkerQueue",
        },
    )
