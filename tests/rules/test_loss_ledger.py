"""The loss ledger is complete, and says why wherever something is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.rules import Entry, RuleBook, ledger, ledger_markdown, ledger_summary, load_rules, rules_of


@pytest.fixture(scope="module")
def book(root: Path) -> RuleBook:
    return load_rules(root / "rules")


@pytest.fixture(scope="module")
def entries(book: RuleBook) -> tuple[Entry, ...]:
    return ledger(book)


def test_every_rule_is_in_the_ledger_once(book: RuleBook, entries: tuple[Entry, ...]) -> None:
    slugs = sorted(rule.slug for schema in book.schemas.values() for rule in rules_of(schema))
    assert sorted(entry.slug for entry in entries if entry.slug) == slugs


def test_every_class_field_value_and_statement_is_in_the_ledger(book: RuleBook, entries: tuple[Entry, ...]) -> None:
    subjects = {(entry.schema, entry.subject) for entry in entries}
    wanted = {
        (schema.name, name)
        for schema in book.schemas.values()
        for record in schema.classes.values()
        for name in (
            record.name,
            *(f"{record.name}.{field.name}" for field in record.fields),
            *(f"{record.name}.{rule.name}" for rule in record.cross_rules if rule.deactivated),
        )
    }
    values = {
        (schema.name, f"{enum.name} {value.name}")
        for schema in book.schemas.values()
        for enum in schema.enums.values()
        for value in enum.values
    }
    assert (wanted | values) - subjects == set()


def test_what_is_not_exact_says_why(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        for fate in (entry.fates.ontology, entry.fates.shapes, entry.fates.mapping):
            kind, _, why = fate.partition(": ")
            assert kind in ("exact", "approximated", "dropped")
            assert kind == "exact" or why, f"{entry.subject}: {fate}"


def test_the_broken_off_list_of_status_codes_is_dropped(entries: tuple[Entry, ...]) -> None:
    entry = next(entry for entry in entries if entry.subject == "CustomerStatus.codeValues")
    assert entry.fates.shapes.startswith("dropped: ")


def test_the_page_of_the_ledger_has_a_row_for_every_entry(entries: tuple[Entry, ...]) -> None:
    lines = ledger_markdown(entries).splitlines()
    rows = [line for line in lines if line.startswith("| ") and line.count(" | ") >= 6 and "---" not in line]
    assert len(rows) == len(entries) + 2  # a header for each schema


def test_the_summary_counts_every_entry_in_each_artifact_and_stays_short(entries: tuple[Entry, ...]) -> None:
    text = ledger_summary(entries)
    counts = [0, 0, 0]
    for line in text.partition("\n## ")[2].splitlines():
        cells = [cell.strip() for cell in line.split(" | ")]
        if len(cells) == 5 and cells[0] != "| what became of it":
            counts = [count + int(cell or 0) for count, cell in zip(counts, cells[1:4], strict=True)]
    assert counts == [len(entries)] * 3
    assert len(text.split()) < 2_500
    assert {entry.fates.shapes for entry in entries if not entry.fates.shapes.startswith("exact")} <= {
        line[2:].partition(" | ")[0] for line in text.splitlines() if line.startswith("| ")
    }
