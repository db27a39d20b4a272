"""Import of rules: database catalogs are read as stated tables and become a patch to a rule file."""

from graphmap.rules.importers.rule_file import Patch, patch_of
from graphmap.rules.importers.schemaspy_xml import read_schemaspy_xml
from graphmap.rules.importers.stated_tables import Column, ForeignKey, Remark, StatedDatabase, Table

__all__ = [
    "Column",
    "ForeignKey",
    "Patch",
    "Remark",
    "StatedDatabase",
    "Table",
    "patch_of",
    "read_schemaspy_xml",
]
