"""The store on disk, in this process: transactions, write buffer, compaction and backups."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.store.embedded.backups import backup, backups_of, holds_graph, restore
    from graphmap.store.embedded.checkpoints import Checkpoints, IdleStore, checkpoints_folder
    from graphmap.store.embedded.format_upgrade import upgrade
    from graphmap.store.embedded.statements import graph_update, quads_of, term
    from graphmap.store.embedded.store import EmbeddedStore
    from graphmap.store.embedded.stream_load import load_while_written

__all__ = [
    "Checkpoints",
    "EmbeddedStore",
    "IdleStore",
    "backup",
    "backups_of",
    "checkpoints_folder",
    "graph_update",
    "holds_graph",
    "load_while_written",
    "quads_of",
    "restore",
    "term",
    "upgrade",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.store.embedded",
        {
            "backups": "backup backups_of holds_graph restore",
            "checkpoints": "Checkpoints IdleStore checkpoints_folder",
            "statements": "graph_update quads_of term",
            "store": "EmbeddedStore",
            "stream_load": "load_while_written",
            "format_upgrade": "upgrade",
        },
    )
