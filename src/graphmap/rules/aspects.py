"""Aspects of a field that can be checked, as rows of a table, and which of them a super-class says already."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from enum import StrEnum

from graphmap.rdf import XSD, canonical
from graphmap.rules.code_lists import (
    COUNTRIES,
    COUNTRIES_OR_NAMES,
    LOCALE,
    country_codes,
    country_or_name_pattern,
    locale_pattern,
)
from graphmap.rules.model import Condition, CrossRule, Field, RecordClass
from graphmap.rules.schema import Schema, is_unread

__all__ = [
    "ASPECTS",
    "FIELD_ASPECTS",
    "Aspect",
    "Inherited",
    "Severity",
    "compared_things",
    "compares_links",
    "lexical",
    "shared_properties",
]

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?").fullmatch


class Severity(StrEnum):
    """Severity of a breach; the names are those of SHACL."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """A row of the table: how to find what a field asks for, and how much a breach weighs by itself.

    Args:
        definite: whether only `severity.{aspect}` sets the weight; else the annotation `severity` does, too.
        narrows: whether values of a sub-class ask for at least what those of its super-class do.
    """

    name: str
    find: Callable[[Schema, Field], tuple[str, ...]]
    severity: Severity = Severity.VIOLATION
    definite: bool = True
    narrows: Callable[[Schema, tuple[str, ...], tuple[str, ...]], bool] = lambda _, above, below: above == below


def _datatype(schema: Schema, field: Field) -> tuple[str, ...]:
    datatype = schema.datatype(field)
    return (datatype,) if datatype else ()


def _class(schema: Schema, field: Field) -> tuple[str, ...]:
    return (field.range,) if field.range in schema.all_classes and not schema.is_any(field.range) else ()


def _minimum_count(_: Schema, field: Field) -> tuple[str, ...]:
    return (str(field.minimum_count),) if field.minimum_count else ()


def _maximum_count(_: Schema, field: Field) -> tuple[str, ...]:
    return () if field.maximum_count is None else (str(field.maximum_count),)


def _maximum_length(schema: Schema, field: Field) -> tuple[str, ...]:
    size = field.annotations.get("size")
    return (size,) if size and schema.datatype(field) == XSD + "string" else ()


def _permitted(schema: Schema, field: Field) -> tuple[str, ...]:
    if field.annotations.get("codes") == COUNTRIES:
        return country_codes()
    if _may_be_a_thing(schema, field):
        return ()
    of_type = schema.types[field.range].equals if field.range in schema.types else ()
    if field.equals or of_type:
        return field.equals or of_type
    enum = schema.all_enums.get(field.range)
    if enum is None or "open" in enum.annotations:
        return ()
    return tuple(value.pattern or value.name for value in enum.values)


def _pattern(schema: Schema, field: Field) -> tuple[str, ...]:
    if field.annotations.get("codes") == LOCALE:
        return (locale_pattern(),)
    if field.annotations.get("codes") == COUNTRIES_OR_NAMES:
        return (country_or_name_pattern(),)
    of_type = schema.types[field.range].pattern if field.range in schema.types else None
    pattern = field.pattern or of_type
    return (pattern,) if pattern and not _may_be_a_thing(schema, field) else ()


def _type_pattern(schema: Schema, field: Field) -> tuple[str, ...]:
    """The pattern of a type whose field has one of its own; both hold."""
    of_type = schema.types.get(field.range)
    return (of_type.pattern,) if of_type and of_type.pattern and field.pattern else ()


def _collections(schema: Schema, field: Field) -> tuple[str, ...]:
    """The fields that hold the objects which an internal reference may point to."""
    if field.annotations.get("reference") != "internal":
        return ()
    records = (record for record in schema.classes.values() if record.kind == "record")
    holders = (each for record in records for each in schema.fields_of(record) if each.range == field.range)
    return tuple(dict.fromkeys(each.name for each in holders if "reference" not in each.annotations))


def _recommended(_: Schema, field: Field) -> tuple[str, ...]:
    return ("1",) if field.recommended and not field.minimum_count else ()


def _choice(group: str) -> Callable[[Schema, Field], tuple[str, ...]]:
    def find(schema: Schema, field: Field) -> tuple[str, ...]:
        each = dict(field.choices).get(group, ())
        if _is_not_compared(schema, field, each):
            return ()
        return (group, *(_said(one) for one in each)) if each else ()

    return find


def _may_be_a_thing(schema: Schema, of: Field | Condition) -> bool:
    return any(name in schema.all_classes for name in of.ranges)


def _asks_of_things(schema: Schema, field: Field, one: Condition) -> bool:
    """Return whether a condition is on values that are links: a shape would look at the IRI, not at the key."""
    named = one.range or field.range
    things = named in schema.all_classes if named else _may_be_a_thing(schema, field)
    compares = bool(one.pattern or one.equals or one.excluded or one.minimum or one.maximum)
    inner = (each for _, group in one.choices for each in group)
    return (things and compares) or any(_asks_of_things(schema, field, each) for each in inner)


def _is_not_compared(schema: Schema, field: Field, each: tuple[Condition, ...]) -> bool:
    """Return whether choices are on links; where some values are and others not, all are lifted as they are written."""
    mixed = bool(schema.targets(field)) and schema.is_mixed(field)
    return mixed or any(_asks_of_things(schema, field, one) for one in each)


def compares_links(schema: Schema, record: RecordClass, rule: CrossRule) -> bool:
    """Return whether a rule of a class has a condition on what a link is like, or on a field that nothing reads.

    Args:
        schema: the schema of the class.
        record: the class.
        rule: the rule.
    """
    fields = {field.name: field for field in record.induced}
    conditions = (*rule.before, *rule.after, *rule.otherwise)
    known = [(fields[one.field], one) for one in conditions if one.field in fields]
    return any(is_unread(schema, field) or _asks_of_things(schema, field, one) for field, one in known)


def lexical(datatype: str, text: str) -> str | None:
    """A value of a rule file as a lexical form of a datatype; `None` where it is none.

    Args:
        datatype: IRI.
        text: the value as written, such as `3.0` for a whole number.
    """
    found = canonical(datatype, text)
    if found is None and _NUMBER(text):
        found = canonical(datatype, canonical(XSD + "decimal", f"{Decimal(text):f}") or text)
    return found


def compared_things(schema: Schema, field: Field) -> tuple[str, ...]:
    """Statements of a field about values that cannot be compared: links, or values of several types.

    Args:
        schema: the schema of the field.
        field: the field.

    Returns:
        Keys of LinkML.
    """
    given = {"minimum_value": field.minimum, "maximum_value": field.maximum}
    if _may_be_a_thing(schema, field):
        given |= {"pattern": field.pattern, "equals_string": "".join(field.equals)}
    plain = schema.datatype(field)
    alone = [key for key, value in given.items() if value and plain in (None, XSD + "string")]
    each = [group for group, some in field.choices if _is_not_compared(schema, field, some)]
    return (*alone, *each)


def _said(one: Condition) -> str:
    """A condition in a few words, for messages."""
    words = [
        one.range and f"a value of {one.range}",
        one.pattern and f"the form {one.pattern}",
        one.equals and " or ".join(one.equals),
        one.minimum and f"at least {one.minimum}",
        one.maximum and f"at most {one.maximum}",
        *(f"{group.replace('_', ' ')} ({', '.join(map(_said, each))})" for group, each in one.choices),
    ]
    return " and ".join(word for word in words if word) or "any value"


def _bound(name: str) -> Callable[[Schema, Field], tuple[str, ...]]:
    def find(schema: Schema, field: Field) -> tuple[str, ...]:
        ordered = schema.datatype(field) not in (None, XSD + "string")
        least, greatest = schema.bounds(field) if ordered else (None, None)
        value = least if name == "minimum" else greatest
        return (value,) if value else ()

    return find


def _more(_: Schema, above: tuple[str, ...], below: tuple[str, ...]) -> bool:
    return Decimal(below[0]) >= Decimal(above[0]) if _is_number(above[0]) and _is_number(below[0]) else below >= above


def _less(_: Schema, above: tuple[str, ...], below: tuple[str, ...]) -> bool:
    return _more(_, below, above)


def _is_number(text: str) -> bool:
    return _NUMBER(text) is not None


def _subset(_: Schema, above: tuple[str, ...], below: tuple[str, ...]) -> bool:
    return set(below) <= set(above)


def _below(schema: Schema, above: tuple[str, ...], below: tuple[str, ...]) -> bool:
    return above == below or below[0] in {record.name for record in schema.heirs.get(above[0], ())}


FIELD_ASPECTS = (
    Aspect(name="minCount", find=_minimum_count, narrows=_more),
    Aspect(name="maxCount", find=_maximum_count, narrows=_less),
    Aspect(name="datatype", find=_datatype),
    Aspect(name="class", find=_class, definite=False, narrows=_below),
    Aspect(name="internal", find=_collections),
    Aspect(name="maxLength", find=_maximum_length, narrows=_less),
    Aspect(name="in", find=_permitted, definite=False, narrows=_subset),
    Aspect(name="pattern", find=_pattern, definite=False),
    Aspect(name="typePattern", find=_type_pattern),
    Aspect(name="minInclusive", find=_bound("minimum"), definite=False, narrows=_more),
    Aspect(name="maxInclusive", find=_bound("maximum"), definite=False, narrows=_less),
    Aspect(name="recommended", find=_recommended, severity=Severity.WARNING, definite=False),
    Aspect(name="anyOf", find=_choice("any_of"), definite=False),
    Aspect(name="allOf", find=_choice("all_of"), definite=False),
    Aspect(name="exactlyOneOf", find=_choice("exactly_one_of"), definite=False),
    Aspect(name="noneOf", find=_choice("none_of"), definite=False),
)
ASPECTS = (*(aspect.name for aspect in FIELD_ASPECTS), "unique", "across")
"""Kinds of rules whose severity an annotation `graphmap:severity.{kind}` sets."""


def shared_properties(record: RecordClass) -> frozenset[str]:
    """Names of the fields of a class that have one property with another field, so that no value can be told apart."""
    names: dict[str, list[str]] = {}
    for field in record.induced:
        names.setdefault(field.iri or field.name, []).append(field.name)
    return frozenset(name for each in names.values() if len(each) > 1 for name in each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """Rules of super-classes that hold already: their shapes have the things of their sub-classes as targets."""

    schema: Schema
    fields: dict[tuple[str, str], dict[str, Field]] = dataclass_field(default_factory=dict)
    exceptions: dict[tuple[str, str, str], tuple[str, ...]] = dataclass_field(default_factory=dict)

    def says(self, record: RecordClass, field: Field, aspect: Aspect) -> bool:
        """Return whether the shape of a super-class says the same, and holds for this class."""
        line = self.schema.ancestors(record) if record.parents else ()
        own = aspect.find(self.schema, field) if line else ()
        for above in line:
            same = self._field(above, field)
            if (
                same is not None
                and same.annotations.get("severity") == field.annotations.get("severity")
                and aspect.find(self.schema, same) == own
                and field.name not in shared_properties(above)
                and not {each.name for each in (record, *line)} & set(self.excepted(above, same, aspect))
            ):
                return True
        return False

    def excepted(self, record: RecordClass, field: Field, aspect: Aspect) -> tuple[str, ...]:
        """The sub-classes that ask for less, or for something else."""
        key = (record.name, field.name, aspect.name)
        if key not in self.exceptions:
            values = aspect.find(self.schema, field)
            found = []
            for heir in self.schema.heirs.get(record.name, ()):
                own = self._field(heir, field)
                below = aspect.find(self.schema, own) if own is not None else ()
                if not below or not aspect.narrows(self.schema, values, below):
                    found.append(heir.name)
            self.exceptions[key] = tuple(found)
        return self.exceptions[key]

    def _field(self, record: RecordClass, like: Field) -> Field | None:
        """The field of a class with the same name and property."""
        fields = self.fields.setdefault((record.home, record.name), {})
        if not fields:
            fields.update({each.name: each for each in record.induced})
        found = fields.get(like.name)
        return found if found is not None and found.iri == like.iri else None
