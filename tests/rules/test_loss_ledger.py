"""The loss ledger is complete, and says why wherever something is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.rules import Entry, RuleBook, ledger, ledger_markdown, load_rules, rules_of


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
