"""What fields mean: rule files, the rules that follow from them, and what becomes of each."""

from graphmap.rules.checkable_rules import Checked, Rule, Severity, rules_of
from graphmap.rules.contradictions import Problem, check
from graphmap.rules.linkml import load_rules, read_schema
from graphmap.rules.loss_ledger import Entry, Fates, ledger, ledger_markdown
from graphmap.rules.model import RuleBook, Schema
from graphmap.rules.tables import Table, tables_of

__all__ = [
    "Checked",
    "Entry",
    "Fates",
    "Problem",
    "Rule",
    "RuleBook",
    "Schema",
    "Severity",
    "Table",
    "check",
    "ledger",
    "ledger_markdown",
    "load_rules",
    "read_schema",
    "rules_of",
    "tables_of",
]
