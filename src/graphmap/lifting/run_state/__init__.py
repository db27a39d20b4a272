"""State shared across records: join indexes, collections, term counts and the execution report."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.run_state.collections import NIL, RDF_LIST, Collection, CollectionBuilder, Used
    from graphmap.lifting.run_state.execution_report import ExecutionReport
    from graphmap.lifting.run_state.join_index import JoinIndex, Key, KeyColumns, SharedState
    from graphmap.lifting.run_state.report_formats import (
        EXECUTION_REPORT_FORMS,
        execution_report_schema,
        write_execution_report,
    )
    from graphmap.lifting.run_state.term_counts import Counts, TermCounter

__all__ = [
    "EXECUTION_REPORT_FORMS",
    "NIL",
    "RDF_LIST",
    "Collection",
    "CollectionBuilder",
    "Counts",
    "ExecutionReport",
    "JoinIndex",
    "Key",
    "KeyColumns",
    "SharedState",
    "TermCounter",
    "Used",
    "execution_report_schema",
    "write_execution_report",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.run_state",
        {
            "collections": "Collection CollectionBuilder NIL RDF_LIST Used",
            "execution_report": "ExecutionReport",
            "join_index": "JoinIndex Key KeyColumns SharedState",
            "report_formats": "EXECUTION_REPORT_FORMS execution_report_schema write_execution_report",
            "term_counts": "Counts TermCounter",
        },
    )
