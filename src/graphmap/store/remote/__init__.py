"""The store behind a SPARQL 1.1 endpoint."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.store.remote.http import Exchange
    from graphmap.store.remote.query import ask
    from graphmap.store.remote.store import RemoteStore

__all__ = ["Exchange", "RemoteStore", "ask"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.store.remote",
        {
            "http": "Exchange",
            "query": "ask",
            "store": "RemoteStore",
        },
    )
