"""Rule files: the model of schemas, the rules that can be checked, and what becomes of each."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.rules.aspects import lexical
    from graphmap.rules.checkable_rules import ASPECTS, Checked, Rule, Severity, rules_of
    from graphmap.rules.contradictions import check, refuse
    from graphmap.rules.guide import DERIVES, guide_markdown
    from graphmap.rules.importers import Patch, Remark, patch_of, read_schemaspy_xml
    from graphmap.rules.linkml import ELEMENTS, ElementKeys, iri_local, load_rules, read_schema
    from graphmap.rules.loss_ledger import Entry, ledger, ledger_markdown, ledger_summary
    from graphmap.rules.model import Condition, EnumType, Fates, Field, Problem, RecordClass
    from graphmap.rules.nesting import Place, cut_places, places_of
    from graphmap.rules.schema import RuleBook, Schema, embeds, is_unread
    from graphmap.rules.tables import Table, tables_of

__all__ = [
    "ASPECTS",
    "DERIVES",
    "ELEMENTS",
    "Checked",
    "Condition",
    "ElementKeys",
    "Entry",
    "EnumType",
    "Fates",
    "Field",
    "Patch",
    "Place",
    "Problem",
    "RecordClass",
    "Remark",
    "Rule",
    "RuleBook",
    "Schema",
    "Severity",
    "Table",
    "check",
    "cut_places",
    "embeds",
    "guide_markdown",
    "iri_local",
    "is_unread",
    "ledger",
    "ledger_markdown",
    "ledger_summary",
    "lexical",
    "load_rules",
    "patch_of",
    "places_of",
    "read_schema",
    "read_schemaspy_xml",
    "refuse",
    "rules_of",
    "tables_of",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.rules",
        {
            "aspects": "lexical",
            "checkable_rules": "ASPECTS Checked Rule Severity rules_of",
            "contradictions": "check refuse",
            "guide": "DERIVES guide_markdown",
            "importers": "Patch Remark patch_of read_schemaspy_xml",
            "linkml": "ELEMENTS ElementKeys iri_local load_rules read_schema",
            "loss_ledger": "Entry ledger ledger_markdown ledger_summary",
            "model": "Condition EnumType Fates Field Problem RecordClass",
            "nesting": "Place cut_places places_of",
            "schema": "RuleBook Schema embeds is_unread",
            "tables": "Table tables_of",
        },
    )
