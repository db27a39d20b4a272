"""Where the graph is kept: the database, its layout in graphs, and the processes that answer queries over it."""

from typing import TYPE_CHECKING

from graphmap.deferred import deferred

if TYPE_CHECKING:
    from graphmap.store.answers import Answer, Dataset, WorkerLimits
    from graphmap.store.backups import Manifest, backup, backups_of, holds_graph, restore
    from graphmap.store.compaction import Compaction, CompactionState
    from graphmap.store.embedded import EmbeddedStore
    from graphmap.store.endpoint import Endpoint
    from graphmap.store.journal import Journal
    from graphmap.store.layout import Layout, Replacement, replacement
    from graphmap.store.pool import Pool
    from graphmap.store.protocol import HeldStore, Quad, Store, StoreStats
    from graphmap.store.sparql import Query, QueryForm, QueryLimits, bind_terms, parse_query
    from graphmap.store.statements import quads_of
    from graphmap.store.stream import Stream
    from graphmap.store.workers import Workers

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
            "answers": "Answer Dataset WorkerLimits",
            "backups": "Manifest backup backups_of holds_graph restore",
            "compaction": "Compaction CompactionState",
            "embedded": "EmbeddedStore",
            "endpoint": "Endpoint",
            "journal": "Journal",
            "layout": "Layout Replacement replacement",
            "pool": "Pool",
            "protocol": "HeldStore Quad Store StoreStats",
            "sparql": "Query QueryForm QueryLimits bind_terms parse_query",
            "statements": "quads_of",
            "stream": "Stream",
            "workers": "Workers",
        },
    )
