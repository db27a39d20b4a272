"""Runs a mapping: opens its logical sources, orders them, joins them, and writes to logical targets."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.execution.bindings import Bindings, Given, Once, check_names
    from graphmap.lifting.execution.logical_targets import has_graphs, lift_to_targets, plan_for, targets_in
    from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan, named_collections, source_runs
    from graphmap.lifting.execution.open_sources import form_of, forms_of, name_of, open_portions
    from graphmap.lifting.execution.parent_keys import CollectedKeys, JoinIndexer
    from graphmap.lifting.execution.rejected_records import record_text
    from graphmap.lifting.execution.source_order import AnyJoin
    from graphmap.lifting.execution.source_run import SourceRun, check_columns

__all__ = [
    "AnyJoin",
    "Bindings",
    "CollectedKeys",
    "Given",
    "JoinIndexer",
    "Once",
    "RunOptions",
    "SourceRun",
    "check_columns",
    "check_names",
    "form_of",
    "forms_of",
    "has_graphs",
    "lift_plan",
    "lift_to_targets",
    "name_of",
    "named_collections",
    "open_portions",
    "plan_for",
    "record_text",
    "source_runs",
    "targets_in",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.execution",
        {
            "bindings": "Bindings Given Once check_names",
            "logical_targets": "has_graphs lift_to_targets plan_for targets_in",
            "mapping_run": "RunOptions lift_plan named_collections source_runs",
            "open_sources": "form_of forms_of name_of open_portions",
            "parent_keys": "CollectedKeys JoinIndexer",
            "rejected_records": "record_text",
            "source_order": "AnyJoin",
            "source_run": "SourceRun check_columns",
        },
    )
