"""Checkable rules of a schema: a `Rule` for each aspect of each field, with a stable slug.

The aspects of a field are rows of a table, so that shapes, ledger and listings walk over the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from graphmap.rules.aspects import ASPECTS, FIELD_ASPECTS, Inherited, Severity, compares_links, shared_properties
from graphmap.rules.messages import Wording
from graphmap.rules.model import Annotations, Condition, CrossRule, Field, RecordClass, UniqueKey
from graphmap.rules.schema import Schema, is_unread

__all__ = ["ASPECTS", "CROSS_PARTS", "Checked", "Rule", "Severity", "rules_of", "shared_properties"]


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
        choices: conditions of which the values must fit one, all, exactly one or none, as the aspect says.
        excepted: sub-classes of the owner that say otherwise, and so are left out.
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
    choices: tuple[Condition, ...] = ()
    excepted: tuple[str, ...] = ()


CROSS_PARTS = ("", ".else", ".converse")
"""Ends of the slugs of a statement across fields: then, otherwise, the other way round."""
_OF_ENVELOPES = frozenset({"minCount", "in"})
"""Checks of an envelope at run time; its other members are read as they come."""


def rules_of(schema: Schema, only: RecordClass | None = None) -> Iterator[Rule]:
    """All rules of a schema that something checks.

    Args:
        schema: the rule file.
        only: a class whose rules alone are wanted.

    Yields:
        Class by class in the order of the file: its key, its fields aspect by aspect, its unique keys, its statements
        across fields.
    """
    inherited = Inherited(schema=schema)
    for record in (only,) if only is not None else schema.classes.values():
        wording = Wording(schema=schema, record=record)
        yield from _key(schema, record, wording)
        shared = shared_properties(record)
        for field in schema.fields_of(record):
            yield from _of_field(
                inherited, record, field, wording, untold=field.name in shared or is_unread(schema, field)
            )
        said = (record.identifier.name,) if record.identifier is not None else ()  # unique already
        yield from (_unique(schema, record, key, wording) for key in record.unique_keys if key.fields not in ((), said))
        for rule in record.cross_rules:
            if not (rule.deactivated or compares_links(schema, record, rule)):
                yield from _across(schema, record, rule)


def _key(schema: Schema, record: RecordClass, wording: Wording) -> Iterator[Rule]:
    choices = schema.keys_of(record)
    if not choices or record.identifier is not None or ("template" in record.annotations and record.kind != "embedded"):
        return
    together = len(choices[0]) > 1 or "template" in record.annotations
    fields = choices[0] if together else tuple(":".join(choice) for choice in choices)
    yield Rule(
        slug=f"{schema.name}.{record.name}.key",
        owner=record.name,
        field=None,
        aspect="key",
        values=fields,
        severity=Severity.VIOLATION,
        message=wording.key(fields, together=together),
        source=record.annotations["source"],
        checked=Checked.SHAPE,
    )


def _of_field(
    inherited: Inherited, record: RecordClass, field: Field, wording: Wording, *, untold: bool
) -> Iterator[Rule]:
    schema = inherited.schema
    slug = f"{schema.name}.{record.name}.{field.name}"
    envelope = record.kind == "envelope"
    for aspect in () if untold else FIELD_ASPECTS:
        values = aspect.find(schema, field)
        if not values or (envelope and aspect.name not in _OF_ENVELOPES):
            continue
        if inherited.says(record, field, aspect) and not (field.identifier and aspect.name == "minCount"):
            continue
        yield Rule(
            slug=f"{slug}.{aspect.name}",
            owner=record.name,
            field=field,
            aspect=aspect.name,
            values=values,
            severity=_severity(schema, field.annotations, aspect.name, aspect.severity, definite=aspect.definite),
            message=wording.aspect(field, aspect.name, values),
            source=_source(field, aspect.name, values),
            checked=Checked.RUN_TIME if envelope else Checked.SHAPE,
            choices=dict(field.choices).get(values[0], ()),
            excepted=inherited.excepted(record, field, aspect),
        )
    yield from _identifier(slug, record, field, wording)
    yield from _restated(slug, record, field, wording)


def _severity(
    schema: Schema, annotations: Annotations, aspect: str, usual: Severity, *, definite: bool = False
) -> Severity:
    """The weight of a breach: by the rule, by the field, by the kind of rule in the schema, else the usual one."""
    given = annotations.get(f"severity.{aspect}") or (None if definite else annotations.get("severity"))
    return Severity(given or schema.annotations.get(f"severity.{aspect}") or usual)


def _source(field: Field, aspect: str, values: tuple[str, ...]) -> str:
    """Source of a rule of a field; a bound that is not the field's own is that of its type."""
    own = (field.minimum, field.maximum, field.pattern)
    of_type = aspect == "typePattern" or (aspect in ("minInclusive", "maxInclusive") and values[0] not in own)
    return field.annotations["source"] + (f", type {field.range}" if of_type else "")


def _identifier(slug: str, record: RecordClass, field: Field, wording: Wording) -> Iterator[Rule]:
    if field.identifier and record.kind != "envelope" and not record.abstract:
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
    named = (record, *schema.heirs.get(record.name, ()))
    identity = all(each.kind != "embedded" and schema.keys_of(each) == (key.fields,) for each in named)
    return Rule(
        slug=f"{record.home}.{record.name}.{key.name}.unique",
        owner=record.name,
        field=next((field for field in schema.fields_of(record) if field.name == key.fields[0]), None),
        aspect="unique",
        values=key.fields,
        before=(excused,) if excused else (),
        severity=_severity(schema, key.annotations, "unique", Severity.VIOLATION),
        message=wording.unique(key.fields),
        source=key.annotations["source"],
        checked=Checked.RUN_TIME if identity else Checked.SHAPE,
    )


def _across(schema: Schema, record: RecordClass, rule: CrossRule) -> Iterator[Rule]:
    slug = f"{schema.name}.{record.name}.{rule.name}"
    parts = [
        (bool(rule.after) or not rule.otherwise, rule.before, rule.after, rule.description),
        (bool(rule.otherwise), rule.before, rule.otherwise, f"otherwise: {rule.description}"),
        (rule.both_ways, rule.after, rule.before, f"the other way round: {rule.description}"),
    ]
    for suffix, (wanted, before, after, message) in zip(CROSS_PARTS, parts, strict=True):
        if wanted:
            yield Rule(
                slug=slug + suffix,
                owner=record.name,
                field=None,
                aspect="otherwise" if suffix == ".else" else "across",
                before=before,
                after=after,
                severity=_severity(schema, rule.annotations, "across", Severity.VIOLATION),
                message=message,
                source=rule.annotations["source"],
                checked=Checked.RUN_TIME if "checked" in rule.annotations else Checked.SHAPE,
            )
