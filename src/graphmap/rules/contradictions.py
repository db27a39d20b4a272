"""Finds what contradicts itself in the rules: `graphmap rules check`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphmap.errors import Locator, RulesError
from graphmap.rules.checkable_rules import Severity, rules_of
from graphmap.rules.code_lists import COUNTRIES, COUNTRIES_OR_NAMES, LOCALE
from graphmap.rules.model import Annotations, Field, RecordClass, RuleBook, Schema

__all__ = ["Problem", "check"]

_ANNOTATIONS = frozenset(
    {
        "checked",
        "codes",
        "expected",
        "foreign_key",
        "key",
        "kind",
        "mapping",
        "on_delete",
        "ontology",
        "page",
        "path",
        "pattern",
        "property",
        "reference",
        "relation",
        "restates",
        "severity",
        "shapes",
        "size",
        "source",
        "template",
        "unless_field",
        "unless_value",
    }
)
_FATES = ("exact", "approximated", "dropped")
_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "codes": (COUNTRIES, COUNTRIES_OR_NAMES, LOCALE),
        "kind": ("record", "embedded", "child", "envelope"),
        "severity": tuple(Severity),
        "ontology": _FATES,
        "shapes": _FATES,
        "mapping": _FATES,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A contradiction, with its place in a rule file."""

    what: str
    where: Locator

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"

    def error(self) -> RulesError:
        """The same as an error, for those who cannot go on."""
        return RulesError(self.what, where=self.where, hint="graphmap rules check lists all that is wrong")


def check(book: RuleBook) -> list[Problem]:
    """All contradictions of the rules.

    Args:
        book: the rules.

    Returns:
        Problems in the order of the files; empty where there is none.
    """
    return [problem for schema in book.schemas.values() for problem in _of_schema(schema)]


def _of_schema(schema: Schema) -> Iterator[Problem]:
    broken = [*_broken(schema), *_circles(schema)]
    if broken:  # the rules cannot be listed
        yield from broken
        return
    for record in schema.classes.values():
        yield from _of_class(schema, record)
        for field in record.fields:
            for find in _OF_FIELDS:
                yield from find(schema, field)
    for enum in schema.enums.values():
        if not enum.values:
            yield Problem(what=f"enumeration {enum.name} has no values", where=enum.where)
    yield from _shared_names(schema)
    yield from _duplicate_slugs(schema)


def _broken(schema: Schema) -> Iterator[Problem]:
    if "page" not in schema.annotations:
        yield Problem(
            what=f"schema {schema.name} does not say which page it is about (graphmap:page)",
            where=Locator(source=schema.file),
        )
    for record in schema.classes.values():
        yield from _annotations(record.annotations, record.where, record.name)
        for field in record.fields:
            yield from _annotations(field.annotations, field.where, field.name)
        for key in record.unique_keys:
            yield from _annotations(key.annotations, key.where, key.name)
        for rule in record.cross_rules:
            yield from _annotations(rule.annotations, rule.where, rule.name)
    for enum in schema.enums.values():
        yield from _annotations(enum.annotations, enum.where, enum.name)


def _circles(schema: Schema) -> Iterator[Problem]:
    for record in schema.classes.values():
        seen = {record.name}
        parent = schema.classes.get(record.parent or "")
        while parent is not None and parent.name not in seen:
            seen.add(parent.name)
            parent = schema.classes.get(parent.parent or "")
        if parent is not None:
            yield Problem(what=f"class {record.name} is a {parent.name} in a circle", where=record.where)


def _annotations(annotations: Annotations, where: Locator, name: str) -> Iterator[Problem]:
    for key in annotations:
        if key not in _ANNOTATIONS:
            yield Problem(what=f"{name} has an unknown annotation graphmap:{key}", where=where)
    if "source" not in annotations:
        yield Problem(what=f"{name} does not say where it comes from (graphmap:source)", where=where)
    if "unless_field" in annotations and "unless_value" not in annotations:
        yield Problem(what=f"{name} has graphmap:unless_field without graphmap:unless_value", where=where)
    for key, choices in _CHOICES.items():
        if key in annotations and annotations[key].partition(":")[0] not in choices:
            what = f"{name} has graphmap:{key} {annotations[key]!r}, which is none of {', '.join(choices)}"
            yield Problem(what=what, where=where)


def _of_class(schema: Schema, record: RecordClass) -> Iterator[Problem]:
    if record.parent and record.parent not in schema.classes:
        yield Problem(what=f"class {record.name} is a {record.parent}, which is not a class", where=record.where)
        return
    names = {field.name for field in schema.fields_of(record)}
    for key in record.unique_keys:
        if len(key.fields) != 1:
            yield Problem(
                what=f"key {key.name} has {len(key.fields)} fields; one is what shapes can check", where=key.where
            )
        yield from _known(names, key.fields, f"key {key.name}", key.where)
    for rule in record.cross_rules:
        yield from _known(names, [one.field for one in (*rule.before, *rule.after)], rule.name, rule.where)
        if not (rule.after or rule.deactivated or "checked" in rule.annotations):
            yield Problem(what=f"{rule.name} asks for nothing", where=rule.where)
    wanted = record.annotations.get("key", "").replace(":", " ").split()
    if record.kind == "embedded":
        wanted += record.annotations.get("template", "").split()
        if not wanted:
            yield Problem(what=f"class {record.name} has no key (graphmap:key)", where=record.where)
    yield from _known(names, wanted, f"the key of {record.name}", record.where)


def _known(names: Collection[str], wanted: Collection[str], who: str, where: Locator) -> Iterator[Problem]:
    for name in wanted:
        if name not in names:
            yield Problem(what=f"{who} speaks of {name}, which is not a field of the class", where=where)


def _unknown_range(schema: Schema, field: Field) -> Iterator[Problem]:
    if field.range not in schema.types and field.range not in schema.enums and field.range not in schema.classes:
        yield Problem(
            what=f"{field.name} has the range {field.range}, which is not a type, enumeration or class",
            where=field.where,
        )


def _counts(_: Schema, field: Field) -> Iterator[Problem]:
    if field.maximum_count is not None and field.minimum_count > field.maximum_count:
        what = f"{field.name} needs {field.minimum_count} values at least and {field.maximum_count} at most"
        yield Problem(what=what, where=field.where)


def _bounds(schema: Schema, field: Field) -> Iterator[Problem]:
    least, greatest = schema.bounds(field)
    if least is not None and greatest is not None and _order(least) > _order(greatest):
        yield Problem(what=f"{field.name} is at least {least} and at most {greatest}", where=field.where)


def _order(value: str) -> tuple[float, str]:
    return (float(value), "") if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) else (0.0, value)


def _pattern(_: Schema, field: Field) -> Iterator[Problem]:
    try:
        re.compile(field.pattern or "")
    except re.error as error:
        yield Problem(what=f"{field.name} has a pattern that is not valid: {error}", where=field.where)


def _size(_: Schema, field: Field) -> Iterator[Problem]:
    size = field.annotations.get("size", "1")
    if not (size.isascii() and size.isdigit() and int(size) > 0):
        yield Problem(what=f"{field.name} has the size {size!r}, which is not a number from 1 up", where=field.where)


_OF_FIELDS: tuple[Callable[[Schema, Field], Iterator[Problem]], ...] = (
    _unknown_range,
    _counts,
    _bounds,
    _pattern,
    _size,
)


def _shared_names(schema: Schema) -> Iterator[Problem]:
    for record in schema.classes.values():
        fields = tuple(schema.fields_of(record))
        names = Counter(name for field in fields for name in (field.name, *field.aliases))
        for field in fields:
            for name in (field.name, *field.aliases):
                if names[name] > 1:
                    yield Problem(what=f"{name} names two fields of {record.name}", where=field.where)
    for name in schema.classes.keys() & schema.enums.keys():
        yield Problem(what=f"{name} is a class and an enumeration", where=schema.enums[name].where)


def _duplicate_slugs(schema: Schema) -> Iterator[Problem]:
    slugs = Counter(rule.slug for rule in rules_of(schema))
    for slug, count in slugs.items():
        if count > 1:
            owner = schema.classes[slug.split(".")[1]]
            yield Problem(what=f"{count} rules have the slug {slug}", where=owner.where)
