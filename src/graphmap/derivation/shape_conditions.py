"""Statements across fields -> SHACL Core: if one thing holds, another must.

`A implies B` is written as `sh:or ( [ sh:not A ] B )`.
Source: SHACL, sections 4.6 (logical constraint components), 4.7.1 (qualified value shapes).
"""

from __future__ import annotations

import re
from types import MappingProxyType

from graphmap.derivation.namespaces import Space
from graphmap.rdf import XSD, Blank, Items, Pairs, Term, literal, pairs, typed
from graphmap.rules import Condition, Field, RecordClass, Rule, Schema, lexical

__all__ = ["across", "excused", "joined", "plain_value", "property_shape", "restated", "value_constraints"]


_DAY = "-?[0-9]{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?"
_ZONE = "(Z|[+-][0-9]{2}:[0-9]{2})?"
_FLOAT = "[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?"
_FORMS = MappingProxyType(
    {
        "integer": "^[+-]?[0-9]+$",
        "decimal": "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)$",
        "double": f"^{_FLOAT}$",
        "float": f"^{_FLOAT}$",
        "boolean": "^(true|false|1|0)$",
        "date": f"^{_DAY}{_ZONE}$",
        "dateTime": f"^{_DAY}T{_TIME}{_ZONE}$",
        "time": f"^{_TIME}{_ZONE}$",
        "anyURI": ".",
    }
)
"""Forms of texts by type, for values that come without one."""


def across(rule: Rule, schema: Schema, record: RecordClass, space: Space) -> Pairs:
    """The constraint of a statement across fields.

    Args:
        rule: the statement.
        schema: its schema.
        record: its class.
        space: the names.
    """
    if rule.aspect == "otherwise":
        sides = (rule.before, rule.after)
        chosen = [_all(side, schema, record, space, met=met) for side, met in zip(sides, (True, False), strict=True)]
        return pairs(("sh:targetClass", space.term_of(record)), ("sh:or", Items(terms=tuple(chosen))))
    before = _all(rule.before, schema, record, space, met=True)
    after = _all(rule.after, schema, record, space, met=False)
    if not rule.before:
        return pairs(("sh:targetClass", space.term_of(record)), ("sh:node", after))
    choice = Items(terms=(Blank(pairs=pairs(("sh:not", before))), after))
    return pairs(("sh:targetClass", space.term_of(record)), ("sh:or", choice))


def _all(conditions: tuple[Condition, ...], schema: Schema, record: RecordClass, space: Space, *, met: bool) -> Blank:
    return Blank(pairs=pairs(("sh:property", [_condition(one, schema, record, space, met=met) for one in conditions])))


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
    given = space.term_of(rule.field)
    said = space.term(schema.name, rule.values[0])
    absent = property_shape(("sh:path", "rdf:type"), ("sh:maxCount", "0"))
    if schema.is_link(rule.field):
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
    present = condition.present if condition.present is not None or not met else True
    return Blank(
        pairs=(
            *pairs(
                ("sh:path", space.term_of(field)),
                ("sh:minCount", "1" if present else None),
                ("sh:maxCount", "0" if present is False else None),
            ),
            *value_constraints(condition, field, schema, space),
        )
    )


def value_constraints(condition: Condition, field: Field, schema: Schema, space: Space) -> Pairs:
    """Constraints of a condition on each value.

    Args:
        condition: the condition.
        field: the field whose values it is about.
        schema: its schema.
        space: the names.
    """
    datatype = _datatype(condition, field, schema)
    of_range = pairs(*_range(condition.range, schema, space))
    own = pairs(
        ("sh:in", _values(condition.equals, datatype, space)),
        ("sh:minInclusive", _value(condition.minimum, datatype, space)),
        ("sh:maxInclusive", _value(condition.maximum, datatype, space)),
        ("sh:pattern", literal(condition.pattern) if condition.pattern else None),
        ("sh:not", _excluded(condition, datatype, space)),
        *(joined(group, each, field, schema, space) for group, each in condition.choices),
    )
    form = _form(schema.types[condition.range].iri) if condition.range in schema.types else None
    if form is not None and datatype != schema.datatype(field):
        text = pairs(("sh:datatype", space.name(XSD + "string")), ("sh:pattern", literal(form)))
        return pairs(("sh:or", Items(terms=(Blank(pairs=(*of_range, *own)), Blank(pairs=text)))))
    if {name for name, _ in of_range} & {name for name, _ in own}:  # a shape has one value of each
        return (*own, *pairs(("sh:node", Blank(pairs=of_range))))
    return (*of_range, *own)


def _form(datatype: str) -> str | None:
    """The form of texts that are of a type: values of a field of several types come as texts, too."""
    whole = lexical(datatype, "2") == "2" and lexical(datatype, "2.5") is None
    return _FORMS.get("integer" if whole else datatype.removeprefix(XSD))


def joined(
    group: str, each: tuple[Condition, ...], field: Field, schema: Schema, space: Space
) -> tuple[str, Term | list[Term]]:
    """Several conditions as one constraint: `sh:or`, `sh:and`, `sh:xone`, or `sh:not` for each.

    Source: SHACL, section 4.6 (logical constraint components).

    Args:
        group: how they are joined, as LinkML calls it.
        each: the conditions.
        field: the field whose values they are about.
        schema: its schema.
        space: the names.
    """
    shapes: list[Term] = [Blank(pairs=value_constraints(one, field, schema, space)) for one in each]
    if group == "none_of":
        return "sh:not", shapes
    name = {"any_of": "sh:or", "all_of": "sh:and", "exactly_one_of": "sh:xone"}[group]
    return name, Items(terms=tuple(shapes))


def _datatype(condition: Condition, field: Field, schema: Schema) -> str:
    """The datatype of the values that a condition names."""
    if condition.range in schema.types:
        return schema.types[condition.range].iri
    return schema.datatype(field) or XSD + "string"


def _range(name: str, schema: Schema, space: Space) -> list[tuple[str, Term | None]]:
    if name in schema.all_classes:
        anything = schema.is_any(name)
        return [("sh:class", None if anything else space.term_of(schema.all_classes[name]))]
    if name in schema.all_enums:
        values = schema.all_enums[name].values
        if not values or "open" in schema.all_enums[name].annotations:
            return [("sh:datatype", "xsd:string")]
        if any(value.pattern for value in values):
            forms = "|".join(value.pattern or re.escape(value.name) for value in values)
            return [("sh:pattern", literal(f"^({forms})$"))]
        return [("sh:in", Items(terms=tuple(literal(value.name) for value in values)))]
    if name in schema.types:
        given = schema.types[name]
        return [
            ("sh:datatype", space.name(given.iri)),
            ("sh:pattern", literal(given.pattern) if given.pattern else None),
            ("sh:minInclusive", _value(given.minimum, given.iri, space)),
            ("sh:maxInclusive", _value(given.maximum, given.iri, space)),
            ("sh:in", _values(given.equals, given.iri, space)),
        ]
    return []


def _excluded(condition: Condition, datatype: str, space: Space) -> Blank | None:
    values = _values(condition.excluded, datatype, space)
    return None if values is None else Blank(pairs=pairs(("sh:in", values)))


def _values(values: tuple[str, ...], datatype: str, space: Space) -> Items | None:
    found = tuple(term for value in values if (term := _value(value, datatype, space)) is not None)
    return Items(terms=found) if found else None


def _value(value: str | None, datatype: str, space: Space) -> str | None:
    return None if value is None else plain_value(value, datatype, space)


def plain_value(value: str, datatype: str, space: Space) -> str:
    """A value of a rule file as a literal, in the canonical form that values are lifted to.

    Args:
        value: as written.
        datatype: IRI.
        space: the names.
    """
    if datatype == XSD + "string":
        return literal(value)
    form = lexical(datatype, value)
    if form is None and lexical(XSD + "decimal", value) is not None:  # a bound between whole numbers
        datatype, form = XSD + "decimal", lexical(XSD + "decimal", value)
    return typed(form if form is not None else value, space.name(datatype))
