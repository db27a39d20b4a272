"""Checkable rules of a schema: a `Rule` for each aspect of each field, with a stable slug.

The aspects of a field are rows of a table, so that shapes, ledger and listings walk over the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from graphmap.rdf import XSD
from graphmap.rules.code_lists import COUNTRIES, LOCALE, country_codes, locale_pattern
from graphmap.rules.messages import Wording
from graphmap.rules.model import Condition, CrossRule, Field, RecordClass, Schema, UniqueKey

__all__ = ["Checked", "Rule", "Severity", "rules_of"]


class Severity(StrEnum):
    """Severity of a breach; the names are those of SHACL."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


class Checked(StrEnum):
    """Stage at which a rule is checked."""

    SHAPE = "shape"
    RUN_TIME = "run time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Args:
        slug: stable name, `{schema}.{Class}.{field}.{aspect}` or `{schema}.{Class}.{name}`.
        owner: name of the class.
        field: the field; `None` for a rule about the whole record.
        aspect: what it is about, such as `minCount`.
        values: what the aspect asks for, such as the number, the datatype or the values permitted.
        before: for a statement across fields, when it applies.
        after: for a statement across fields, what must hold then.
        severity: how much a breach weighs.
        message: what is expected, for the person who has to correct the data.
        source: where the rule stands.
        checked: who checks it.
    """

    slug: str
    owner: str
    field: Field | None
    aspect: str
    values: tuple[str, ...] = ()
    before: tuple[Condition, ...] = ()
    after: tuple[Condition, ...] = ()
    severity: Severity
    message: str
    source: str
    checked: Checked


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aspect:
    """A row of the table: how to find what a field asks for, and how much a breach weighs by itself.

    Args:
        definite: whether the weight is fixed; else the field's annotation `severity` sets it.
    """

    name: str
    find: Callable[[Schema, Field], tuple[str, ...]]
    severity: Severity = Severity.VIOLATION
    definite: bool = True


def _datatype(schema: Schema, field: Field) -> tuple[str, ...]:
    datatype = schema.datatype(field)
    return (datatype,) if datatype else ()


def _class(schema: Schema, field: Field) -> tuple[str, ...]:
    return (field.range,) if field.range in schema.classes else ()


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
    enum = schema.enums.get(field.range)
    return tuple(value.pattern or value.name for value in enum.values) if enum else ()


def _pattern(_: Schema, field: Field) -> tuple[str, ...]:
    if field.annotations.get("codes") == LOCALE:
        return (locale_pattern(),)
    return (field.pattern,) if field.pattern else ()


def _bound(name: str) -> Callable[[Schema, Field], tuple[str, ...]]:
    def find(schema: Schema, field: Field) -> tuple[str, ...]:
        least, greatest = schema.bounds(field)
        value = least if name == "minimum" else greatest
        return (value,) if value else ()

    return find


_ASPECTS = (
    _Aspect(name="minCount", find=_minimum_count),
    _Aspect(name="maxCount", find=_maximum_count),
    _Aspect(name="datatype", find=_datatype),
    _Aspect(name="class", find=_class, definite=False),
    _Aspect(name="maxLength", find=_maximum_length),
    _Aspect(name="in", find=_permitted, definite=False),
    _Aspect(name="pattern", find=_pattern, severity=Severity.WARNING, definite=False),
    _Aspect(name="minInclusive", find=_bound("minimum"), definite=False),
    _Aspect(name="maxInclusive", find=_bound("maximum"), definite=False),
)
_OF_ENVELOPES = frozenset({"minCount", "in"})
"""Checks of an envelope at run time; its other members are read as they come."""


def rules_of(schema: Schema) -> Iterator[Rule]:
    """All rules of a schema that something checks.

    Args:
        schema: the rule file.

    Yields:
        Class by class in the order of the file: its key, its fields aspect by aspect, its unique keys, its statements
        across fields.
    """
    for record in schema.classes.values():
        wording = Wording(schema=schema, record=record)
        yield from _key(schema, record, wording)
        for field in schema.fields_of(record):
            yield from _of_field(schema, record, field, wording)
        for key in record.unique_keys:
            yield _unique(schema, record, key, wording)
        for rule in record.cross_rules:
            if not rule.deactivated:
                yield _across(schema, record, rule)


def _key(schema: Schema, record: RecordClass, wording: Wording) -> Iterator[Rule]:
    fields = record.annotations.get("key") or (record.annotations.get("template") if record.kind == "embedded" else "")
    if fields:
        yield Rule(
            slug=f"{schema.name}.{record.name}.key",
            owner=record.name,
            field=None,
            aspect="key",
            values=tuple(fields.split()),
            severity=Severity.VIOLATION,
            message=wording.key(tuple(fields.split()), together="template" in record.annotations),
            source=record.annotations["source"],
            checked=Checked.SHAPE,
        )


def _of_field(schema: Schema, record: RecordClass, field: Field, wording: Wording) -> Iterator[Rule]:
    slug = f"{schema.name}.{record.name}.{field.name}"
    envelope = record.kind == "envelope"
    for aspect in _ASPECTS:
        values = aspect.find(schema, field)
        if not values or (envelope and aspect.name not in _OF_ENVELOPES):
            continue
        given = None if aspect.definite else field.annotations.get("severity")
        yield Rule(
            slug=f"{slug}.{aspect.name}",
            owner=record.name,
            field=field,
            aspect=aspect.name,
            values=values,
            severity=Severity(given) if given else aspect.severity,
            message=wording.aspect(field, aspect.name, values),
            source=_source(field, aspect.name, values),
            checked=Checked.RUN_TIME if envelope else Checked.SHAPE,
        )
    yield from _identifier(slug, record, field, wording)
    yield from _restated(slug, record, field, wording)


def _source(field: Field, aspect: str, values: tuple[str, ...]) -> str:
    """Source of a rule of a field; a bound that is not the field's own is that of its type."""
    own = (field.minimum, field.maximum)
    of_type = aspect in ("minInclusive", "maxInclusive") and values[0] not in own
    return field.annotations["source"] + (f", type {field.range}" if of_type else "")


def _identifier(slug: str, record: RecordClass, field: Field, wording: Wording) -> Iterator[Rule]:
    if field.identifier:
        yield Rule(
            slug=f"{slug}.unique",
            owner=record.name,
            field=field,
            aspect="unique",
            values=(field.name,),
            severity=Severity.VIOLATION,
            message=wording.unique((field.name,)),
            source=field.annotations["source"],
            checked=Checked.RUN_TIME,
        )


def _restated(slug: str, record: RecordClass, field: Field, wording: Wording) -> Iterator[Rule]:
    restated = field.annotations.get("restates")
    if restated:
        yield Rule(
            slug=f"{slug}.restates",
            owner=record.name,
            field=field,
            aspect="restates",
            values=(restated,),
            severity=Severity.WARNING,
            message=wording.restates(restated),
            source=field.annotations["source"],
            checked=Checked.SHAPE,
        )


def _unique(schema: Schema, record: RecordClass, key: UniqueKey, wording: Wording) -> Rule:
    unless = key.annotations.get("unless_field")
    excused = Condition(field=unless, equals=(key.annotations["unless_value"],)) if unless else None
    return Rule(
        slug=f"{schema.name}.{record.name}.{key.name}.unique",
        owner=record.name,
        field=next((field for field in schema.fields_of(record) if field.name == key.fields[0]), None),
        aspect="unique",
        values=key.fields,
        before=(excused,) if excused else (),
        severity=Severity(key.annotations.get("severity", Severity.VIOLATION)),
        message=wording.unique(key.fields),
        source=key.annotations["source"],
        checked=Checked.SHAPE,
    )


def _across(schema: Schema, record: RecordClass, rule: CrossRule) -> Rule:
    return Rule(
        slug=f"{schema.name}.{record.name}.{rule.name}",
        owner=record.name,
        field=None,
        aspect="across",
        before=rule.before,
        after=rule.after,
        severity=Severity(rule.annotations.get("severity", Severity.WARNING)),
        message=rule.description,
        source=rule.annotations["source"],
        checked=Checked.RUN_TIME if "checked" in rule.annotations else Checked.SHAPE,
    )
