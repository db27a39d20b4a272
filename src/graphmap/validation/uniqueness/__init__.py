"""Key constraints across records: in one input and against the store."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.uniqueness.constraints import KeyConstraint, key_constraints, key_entries, record_key
    from graphmap.validation.uniqueness.input_index import KeyIndex
    from graphmap.validation.uniqueness.store_query import key_query

__all__ = ["KeyConstraint", "KeyIndex", "key_constraints", "key_entries", "key_query", "record_key"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation.uniqueness",
        {
            "constraints": "KeyConstraint key_constraints key_entries record_key",
            "input_index": "KeyIndex",
            "store_query": "key_query",
        },
    )
