"""Statements across fields -> SHACL Core: if one thing holds, another must.

`A implies B` is written as `sh:or ( [ sh:not A ] B )`.
Source: SHACL, sections 4.6 (logical constraint components), 4.7.1 (qualified value shapes).
"""

from __future__ import annotations

from graphmap.derivation.namespaces import Space
from graphmap.rdf import XSD, Blank, Items, Pairs, Term, literal, pairs, typed
from graphmap.rules import Condition, RecordClass, Rule, Schema

__all__ = ["across", "excused", "property_shape", "restated"]


def across(rule: Rule, schema: Schema, record: RecordClass, space: Space) -> Pairs:
    """The constraint of a statement across fields.

    Args:
        rule: the statement.
        schema: its schema.
        record: its class.
        space: the names.
    """
    before = Blank(
        pairs=pairs(("sh:property", [_condition(one, schema, record, space, met=True) for one in rule.before]))
    )
    after = Blank(
        pairs=pairs(("sh:property", [_condition(one, schema, record, space, met=False) for one in rule.after]))
    )
    choice = Items(terms=(Blank(pairs=pairs(("sh:not", before))), after))
    return pairs(("sh:targetClass", space.term(schema.name, record.name)), ("sh:or", choice))


def excused(rule: Rule, schema: Schema, record: RecordClass, space: Space) -> Blank:
    """A shape of the records that a conditional key counts: those that the exception does not hold for."""
    exception = [_condition(one, schema, record, space, met=True) for one in rule.before]
    return Blank(pairs=pairs(("sh:not", Blank(pairs=pairs(("sh:property", exception))))))


def restated(rule: Rule, schema: Schema, space: Space) -> Pairs:
    """The constraint that what a reference restates is what its target says.

    A target that the record does not hold has no type and is let pass: that it is missing is another rule's finding.
    For a link, "what the target says" is approximated: something bears the identity that the reference gives.
    """
    if rule.field is None:
        raise TypeError(f"{rule.slug} is about no field")
    given = space.term(schema.name, rule.field.name)
    said = space.term(schema.name, rule.values[0])
    absent = property_shape(("sh:path", "rdf:type"), ("sh:maxCount", "0"))
    if rule.field.range in schema.classes:
        borne = property_shape(("sh:path", Blank(pairs=pairs(("sh:inversePath", said)))), ("sh:minCount", "1"))
        agrees = property_shape(("sh:path", given), ("sh:node", borne))
    else:
        agrees = property_shape(("sh:path", given), ("sh:equals", said))
    return pairs(("sh:targetSubjectsOf", given), ("sh:or", Items(terms=(absent, agrees))))


def property_shape(*constraint: tuple[str, Term]) -> Blank:
    """A node shape of one property shape."""
    return Blank(pairs=pairs(("sh:property", Blank(pairs=pairs(*constraint)))))


def _condition(condition: Condition, schema: Schema, record: RecordClass, space: Space, *, met: bool) -> Blank:
    """One condition as a property shape; where it is to be `met`, a field that is away does not meet it."""
    field = next(field for field in schema.fields_of(record) if field.name == condition.field)
    datatype = schema.datatype(field) or XSD + "string"
    present = condition.present if condition.present is not None or not met else True
    return Blank(
        pairs=pairs(
            ("sh:path", space.term(schema.name, field.name)),
            ("sh:minCount", "1" if present else None),
            ("sh:maxCount", "0" if present is False else None),
            ("sh:in", _values(condition.equals, datatype, space)),
            ("sh:minInclusive", _value(condition.minimum, datatype, space)),
            ("sh:maxInclusive", _value(condition.maximum, datatype, space)),
            ("sh:not", _excluded(condition, datatype, space)),
        )
    )


def _excluded(condition: Condition, datatype: str, space: Space) -> Blank | None:
    values = _values(condition.excluded, datatype, space)
    return None if values is None else Blank(pairs=pairs(("sh:in", values)))


def _values(values: tuple[str, ...], datatype: str, space: Space) -> Items | None:
    found = tuple(term for value in values if (term := _value(value, datatype, space)) is not None)
    return Items(terms=found) if found else None


def _value(value: str | None, datatype: str, space: Space) -> str | None:
    if value is None:
        return None
    return literal(value) if datatype == XSD + "string" else typed(value, space.name(datatype))
