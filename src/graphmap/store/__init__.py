"""The quad store: its protocol, its layout in named graphs, and its journal."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.store.compaction import Compaction, CompactionState
    from graphmap.store.directory import StoreDirectory
    from graphmap.store.embedded.backups import Manifest, backup, backups_of, holds_graph, restore
    from graphmap.store.embedded.statements import quads_of
    from graphmap.store.embedded.store import EmbeddedStore
    from graphmap.store.endpoint import Endpoint
    from graphmap.store.io_errors import explained_errors
    from graphmap.store.journal import Journal, has_entries
    from graphmap.store.layout import Layout, Replacement, replacement
    from graphmap.store.protocol import HeldStore, Quad, Store, StoreStats
    from graphmap.store.query_request import Answer, Dataset, WorkerLimits
    from graphmap.store.search_index import Entry, Found, SearchIndex, index_path, write_index
    from graphmap.store.sparql.query import Query, QueryForm, QueryLimits, bind_terms, parse_query
    from graphmap.store.worker_protocol import CHUNK, END, HEADER, Reply, Request, frame
    from graphmap.store.workers.answer_stream import Stream
    from graphmap.store.workers.blocking_pool import Workers
    from graphmap.store.workers.pool import Pool

__all__ = [
    "CHUNK",
    "END",
    "HEADER",
    "Answer",
    "Compaction",
    "CompactionState",
    "Dataset",
    "EmbeddedStore",
    "Endpoint",
    "Entry",
    "Found",
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
    "Reply",
    "Request",
    "SearchIndex",
    "Store",
    "StoreDirectory",
    "StoreStats",
    "Stream",
    "WorkerLimits",
    "Workers",
    "backup",
    "backups_of",
    "bind_terms",
    "explained_errors",
    "frame",
    "has_entries",
    "holds_graph",
    "index_path",
    "parse_query",
    "quads_of",
    "replacement",
    "restore",
    "write_index",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.store",
        {
            "compaction": "Compaction CompactionState",
            "directory": "StoreDirectory",
            "embedded.backups": "Manifest backup backups_of holds_graph restore",
            "embedded.statements": "quads_of",
            "embedded.store": "EmbeddedStore",
            "endpoint": "Endpoint",
            "io_errors": "explained_errors",
            "journal": "Journal has_entries",
            "layout": "Layout Replacement replacement",
            "protocol": "HeldStore Quad Store StoreStats",
            "query_request": "Answer Dataset WorkerLimits",
            "search_index": "Entry Found SearchIndex index_path write_index",
            "sparql.query": "Query QueryForm QueryLimits bind_terms parse_query",
            "worker_protocol": "CHUNK END HEADER Reply Request frame",
            "workers.answer_stream": "Stream",
            "workers.blocking_pool": "Workers",
            "workers.pool": "Pool",
        },
    )
