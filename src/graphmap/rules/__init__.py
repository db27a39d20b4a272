"""Rule files: the model of schemas, the rules that can be checked, and what becomes of each."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.rules.checkable_rules import Checked, Rule, Severity, rules_of
    from graphmap.rules.contradictions import Problem, check
    from graphmap.rules.linkml import load_rules, read_schema
    from graphmap.rules.loss_ledger import Entry, Fates, ledger, ledger_markdown, ledger_summary
    from graphmap.rules.model import Condition, EnumType, Field, RecordClass, RuleBook, Schema
    from graphmap.rules.tables import Table, tables_of

__all__ = [
    "Checked",
    "Condition",
    "Entry",
    "EnumType",
    "Fates",
    "Field",
    "Problem",
    "RecordClass",
    "Rule",
    "RuleBook",
    "Schema",
    "Severity",
    "Table",
    "check",
    "ledger",
    "ledger_markdown",
    "ledger_summary",
    "load_rules",
    "read_schema",
    "rules_of",
    "tables_of",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.rules",
        {
            "checkable_rules": "Checked Rule Severity rules_of",
            "contradictions": "Problem check",
            "linkml": "load_rules read_schema",
            "loss_ledger": "Entry Fates ledger ledger_markdown ledger_summary",
            "model": "Condition EnumType Field RecordClass RuleBook Schema",
            "tables": "Table tables_of",
        },
    )
