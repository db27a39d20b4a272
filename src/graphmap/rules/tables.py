"""The rules of a schema as tables for people: `graphmap rules show`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphmap.rules.checkable_rules import Rule, Severity, rules_of
from graphmap.rules.model import Field, RecordClass
from graphmap.rules.schema import Schema

__all__ = ["Table", "tables_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of texts; every row has as many cells as the header."""

    title: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(schema: Schema) -> Iterator[Table]:
    """The rules of a schema.

    Args:
        schema: the rule file.

    Yields:
        Two tables a class: its fields, and what holds for the record as a whole where anything does; then one a value
        list.
    """
    rules = tuple(rules_of(schema))
    for record in schema.classes.values():
        own = [rule for rule in rules if rule.owner == record.name]
        yield _fields(schema, record, own)
        whole = [rule for rule in own if rule.field is None or rule.aspect == "unique"]
        if whole:
            yield Table(
                title=f"{record.name}: the record as a whole",
                caption="",
                header=("rule", "severity", "expected", "source"),
                rows=tuple((rule.slug, str(rule.severity), rule.message, rule.source) for rule in whole),
            )
    for enum in schema.enums.values():
        yield Table(
            title=enum.name,
            caption=enum.description,
            header=("value", "meaning"),
            rows=tuple((value.name, value.description) for value in enum.values),
        )


def _fields(schema: Schema, record: RecordClass, own: list[Rule]) -> Table:
    return Table(
        title=record.name,
        caption=record.description,
        header=("field", "type", "number", "further rules", "meaning", "source"),
        rows=tuple(
            (
                " / ".join((field.name, *field.aliases)),
                field.range,
                number(field),
                "; ".join(_further(rule) for rule in own if rule.field == field and rule.aspect in _FURTHER),
                field.description,
                field.annotations["source"],
            )
            for field in schema.fields_of(record)
        ),
    )


_FURTHER = frozenset(
    {"maxLength", "in", "pattern", "typePattern", "internal", "minInclusive", "maxInclusive", "unique", "restates"}
)


def _further(rule: Rule) -> str:
    given = f"{rule.aspect} {rule.values[0]}" if rule.aspect == "maxLength" else rule.aspect
    return given if rule.severity is Severity.VIOLATION else f"{given} ({rule.severity})"


def number(field: Field) -> str:
    """Write the cardinality of a field as the pages do: `1`, `0..1`, `1..*`."""
    greatest = "*" if field.maximum_count is None else str(field.maximum_count)
    least = str(field.minimum_count)
    return least if least == greatest else f"{least}..{greatest}"
