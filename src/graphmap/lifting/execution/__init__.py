"""Runs a mapping: opens its logical sources, orders them, joins them, and writes to logical targets."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.execution.bindings import Bindings, Given, Once, check_names
    from graphmap.lifting.execution.logical_targets import has_graphs, lift_to_targets, plan_for, targets_in
    from graphmap.lifting.execution.mapping_run import Conditions, lift_plan, named_collections, turns
    from graphmap.lifting.execution.open_sources import form_of, forms_of, name_of, open_portions
    from graphmap.lifting.execution.parent_keys import Collected, Indexer
    from graphmap.lifting.execution.rejected_records import kept
    from graphmap.lifting.execution.source_order import AnyJoin
    from graphmap.lifting.execution.source_run import Turn, check_columns

__all__ = [
    "AnyJoin",
    "Bindings",
    "Collected",
    "Conditions",
    "Given",
    "Indexer",
    "Once",
    "Turn",
    "check_columns",
    "check_names",
    "form_of",
    "forms_of",
    "has_graphs",
    "kept",
    "lift_plan",
    "lift_to_targets",
    "name_of",
    "named_collections",
    "open_portions",
    "plan_for",
    "targets_in",
    "turns",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.execution",
        {
            "bindings": "Bindings Given Once check_names",
            "logical_targets": "has_graphs lift_to_targets plan_for targets_in",
            "mapping_run": "Conditions lift_plan named_collections turns",
            "open_sources": "form_of forms_of name_of open_portions",
            "parent_keys": "Collected Indexer",
            "rejected_records": "kept",
            "source_order": "AnyJoin",
            "source_run": "Turn check_columns",
        },
    )
