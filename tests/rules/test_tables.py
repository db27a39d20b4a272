"""Rules as tables."""

from __future__ import annotations

from pathlib import Path

from graphmap.rules import load_rules, tables_of


def test_a_class_is_a_table_with_a_row_for_each_field(root: Path) -> None:
    schema = load_rules(root / "rules").schemas["limber"]
    table = next(table for table in tables_of(schema) if table.title == "CustomerAccount")
    rows = {row[0]: row for row in table.rows}
    assert rows["accountCode"][:4] == ("accountCode", "string", "1", "unique")
    assert rows["businessPartner"][2] == "1..*"
    assert "sourceSystemID / sourceSystemId" in rows


def test_every_row_has_as_many_cells_as_the_header(root: Path) -> None:
    for schema in load_rules(root / "rules").schemas.values():
        for table in tables_of(schema):
            assert {len(row) for row in table.rows} <= {len(table.header)}, table.title


def test_a_rule_that_is_no_violation_says_so(root: Path) -> None:
    schema = load_rules(root / "rules").schemas["warehouse"]
    table = next(tables_of(schema))
    email = next(row for row in table.rows if row[0] == "email")
    assert email[3] == "maxLength 256; pattern (Warning)"
