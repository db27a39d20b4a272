"""Executes the rules of shapes graphs."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.inference.rule_execution import Inferred, RuleEngine, unexecuted

__all__ = ["Inferred", "RuleEngine", "unexecuted"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation.inference",
        {
            "rule_execution": "Inferred RuleEngine unexecuted",
        },
    )
