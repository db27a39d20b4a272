"""Compiles triples maps over table rows."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.compiler.rows.joins import row_keys
    from graphmap.lifting.compiler.rows.program import row_code
    from graphmap.lifting.compiler.rows.view_joins import JoinedRows, join_of, plain_rows, with_joins

__all__ = ["JoinedRows", "join_of", "plain_rows", "row_code", "row_keys", "with_joins"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.compiler.rows",
        {
            "joins": "row_keys",
            "program": "row_code",
            "view_joins": "JoinedRows join_of plain_rows with_joins",
        },
    )
