"""Where the graph is kept: the database, its layout in graphs, and the processes that answer queries over it."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.store.compaction import Compaction, CompactionState
    from graphmap.store.embedded.backups import Manifest, backup, backups_of, holds_graph, restore
    from graphmap.store.embedded.statements import quads_of
    from graphmap.store.embedded.store import EmbeddedStore
    from graphmap.store.endpoint import Endpoint
    from graphmap.store.journal import Journal
    from graphmap.store.layout import Layout, Replacement, replacement
    from graphmap.store.protocol import HeldStore, Quad, Store, StoreStats
    from graphmap.store.query_request import Answer, Dataset, WorkerLimits
    from graphmap.store.sparql.query import Query, QueryForm, QueryLimits, bind_terms, parse_query
    from graphmap.store.workers.answer_stream import Stream
    from graphmap.store.workers.blocking_pool import Workers
    from graphmap.store.workers.pool import Pool

__all__ = [
    "Answer",
    "Compaction",
    "CompactionState",
    "Dataset",
    "EmbeddedStore",
    "Endpoint",
    "HeldStore",
    "Journal",
    "Layout",
    "Manifest",
    "Pool",
    "Quad",
    "Query",
    "QueryForm",
    "QueryLimits",
    "Replacement",
    "Store",
    "StoreStats",
    "Stream",
    "WorkerLimits",
    "Workers",
    "backup",
    "backups_of",
    "bind_terms",
    "holds_graph",
    "parse_query",
    "quads_of",
    "replacement",
    "restore",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.store",
        {
            "compaction": "Compaction CompactionState",
            "embedded.backups": "Manifest backup backups_of holds_graph restore",
            "embedded.statements": "quads_of",
            "embedded.store": "EmbeddedStore",
            "endpoint": "Endpoint",
            "journal": "Journal",
            "layout": "Layout Replacement replacement",
            "protocol": "HeldStore Quad Store StoreStats",
            "query_request": "Answer Dataset WorkerLimits",
            "sparql.query": "Query QueryForm QueryLimits bind_terms parse_query",
            "workers.answer_stream": "Stream",
            "workers.blocking_pool": "Workers",
            "workers.pool": "Pool",
        },
    )
