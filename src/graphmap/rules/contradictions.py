"""Finds what contradicts itself in the rules: `graphmap rules check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from types import MappingProxyType

from graphmap.errors import Locator, RulesError
from graphmap.rdf import XSD
from graphmap.rules.aspects import lexical
from graphmap.rules.checkable_rules import ASPECTS, Severity, rules_of
from graphmap.rules.code_lists import COUNTRIES, COUNTRIES_OR_NAMES, LOCALE
from graphmap.rules.linkml import ANNOTATIONS
from graphmap.rules.model import Annotations, Condition, CrossRule, Field, Problem, RecordClass
from graphmap.rules.schema import RuleBook, Schema, embeds

__all__ = ["check", "refuse"]

_DECIMAL = XSD + "decimal"
_SEVERITY_OF = "severity."
_FATES = ("exact", "approximated", "dropped")
_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "codes": (COUNTRIES, COUNTRIES_OR_NAMES, LOCALE),
        "namespace": ("base",),
        "role": ("reference", "internal-reference", "keys", "identity"),
        "kind": ("record", "embedded", "child", "envelope"),
        "severity": tuple(Severity),
        "ontology": _FATES,
        "shapes": _FATES,
        "mapping": _FATES,
    }
)


def check(book: RuleBook) -> list[Problem]:
    """All contradictions of the rules.

    Args:
        book: the rules.

    Returns:
        Problems in the order of the files; empty where there is none.
    """
    found = [*book.problems, *(problem for schema in book.schemas.values() for problem in _of_schema(schema))]
    return list(dict.fromkeys([*found, *_shared_iris(book)]))


def refuse(book: RuleBook) -> None:
    """Stop where the rules contradict themselves.

    Args:
        book: the rules.

    Raises:
        RulesError: names every contradiction, each with its line and what to write.
    """
    problems = check(book)
    if len(problems) == 1:
        raise RulesError(problems[0].what, where=problems[0].where, hint=problems[0].hint)
    if problems:
        lines = "".join(f"\n  {problem}" for problem in problems)
        raise RulesError(f"the rules have {len(problems)} faults:{lines}", hint="correct each, then derive again")


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
    yield from _shared_names(schema)
    yield from _duplicate_slugs(schema)


def _broken(schema: Schema) -> Iterator[Problem]:
    yield from _annotations(schema.annotations, Locator(source=schema.file), schema.name)
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
        for parent in record.parents:
            if parent == record.name or any(record.name in above.parents for above in _line(schema, parent)):
                what = f"class {record.name} is a {parent} in a circle"
                yield Problem(what=what, where=record.where, hint="take one is_a or mixin of the circle out")


def _line(schema: Schema, name: str) -> tuple[RecordClass, ...]:
    record = schema.all_classes.get(name)
    return (record, *schema.ancestors(record)) if record is not None else ()


def _annotations(annotations: Annotations, where: Locator, name: str) -> Iterator[Problem]:
    for key, value in annotations.items():
        kind = key.partition(".")[0]
        if key not in ANNOTATIONS and not (key.startswith(_SEVERITY_OF) and key.removeprefix(_SEVERITY_OF) in ASPECTS):
            near = get_close_matches(key, ANNOTATIONS, n=1)
            hint = f"did you mean graphmap:{near[0]}?" if near else "docs/rules.md lists them"
            yield Problem(what=f"{name} has an unknown annotation graphmap:{key}", where=where, hint=hint)
        elif kind in _CHOICES and value.partition(":")[0] not in _CHOICES[kind]:
            what = f"{name} has graphmap:{key} {value!r}, which is none of {', '.join(_CHOICES[kind])}"
            yield Problem(what=what, where=where, hint="write one of them")
    if "unless_field" in annotations and "unless_value" not in annotations:
        what = f"{name} has graphmap:unless_field without graphmap:unless_value"
        yield Problem(what=what, where=where, hint="add the value that makes the exception")


def _of_class(schema: Schema, record: RecordClass) -> Iterator[Problem]:
    for parent in record.parents:
        if parent not in schema.all_classes:
            hint = _near(parent, schema.all_classes) or "define it under classes, or import its file"
            what = f"class {record.name} is a {parent}, which is not a class"
            yield Problem(what=what, where=record.where, hint=hint)
    names = {field.name for field in schema.fields_of(record)}
    yield from _of_statements(schema, record, names)
    wanted = record.annotations.get("key", "").replace(":", " ").split()
    if record.kind == "embedded":
        wanted += record.annotations.get("template", "").split()
    yield from _known(names, wanted, f"the key of {record.name}", record.where)
    identifiers = [field for field in record.induced if field.identifier]
    if len(identifiers) > 1:
        what = f"{record.name} has {len(identifiers)} identifiers: {', '.join(field.name for field in identifiers)}"
        hint = "keep one identifier; write unique_keys for what is unique beside it"
        yield Problem(what=what, where=identifiers[1].where, hint=hint)
    yield from _of_key(schema, record)
    yield from _endless(schema, record)


def _of_key(schema: Schema, record: RecordClass) -> Iterator[Problem]:
    """A key whose fields have no one value, so that nothing can be named after it."""
    if record.kind == "envelope" or record.annotations.keys() & {"key", "template"}:  # several may come, one is taken
        return
    names = {name for choice in schema.keys_of(record) for name in choice}
    for field in record.fields:
        if field.name in names and (field.maximum_count != 1 or embeds(schema, field)):
            said = "may have several values" if field.maximum_count != 1 else "is an object"
            hint = "take multivalued from it" if field.maximum_count != 1 else "give it a plain value, or another key"
            yield Problem(what=f"{field.name} is a key of {record.name} and {said}", where=field.where, hint=hint)


def _of_statements(schema: Schema, record: RecordClass, names: Collection[str]) -> Iterator[Problem]:
    for key in record.unique_keys:
        if not key.fields:
            hint = "list them under unique_key_slots"
            yield Problem(what=f"key {key.name} has no fields", where=key.where, hint=hint)
        yield from _known(names, key.fields, f"key {key.name}", key.where)
    for rule in record.cross_rules:
        conditions = (*rule.before, *rule.after, *rule.otherwise)
        yield from _known(names, [one.field for one in conditions], rule.name, rule.where)
        for one in conditions:
            yield from _of_condition(schema, record, rule, one)
        if not (rule.after or rule.otherwise or rule.deactivated or "checked" in rule.annotations):
            hint = "add postconditions, or deactivated: true"
            yield Problem(what=f"{rule.name} asks for nothing", where=rule.where, hint=hint)


def _of_condition(schema: Schema, record: RecordClass, rule: CrossRule, one: Condition) -> Iterator[Problem]:
    yield from _unknown_ranges(schema, one, rule.name, rule.where)
    field = next((each for each in record.induced if each.name == one.field), None)
    datatype = schema.types[one.range].iri if one.range in schema.types else field and schema.datatype(field)
    for bound in filter(None, (one.minimum, one.maximum)):
        if datatype and (datatype == XSD + "string" or lexical(datatype, bound) is None):
            texts = datatype == XSD + "string"
            what = f"{rule.name} compares {one.field} with {bound!r}, which "
            what += "are texts" if texts else f"is no {datatype.removeprefix(XSD)}"
            hint = "give the slot a range of numbers or dates" if texts else "write a value of that type"
            yield Problem(what=what, where=rule.where, hint=hint)


def _endless(schema: Schema, record: RecordClass) -> Iterator[Problem]:
    """A class whose things must hold one another without end."""
    seen: set[str] = set()
    waiting = [record.name]
    while waiting:
        for field in schema.all_classes[waiting.pop()].induced:
            if not (field.minimum_count and embeds(schema, field) and field.range in schema.all_classes):
                continue
            if field.range == record.name:
                what = f"each {record.name} must hold another {record.name} ({field.name}), without end"
                yield Problem(what=what, where=field.where, hint=f"take required from {field.name}, or inlined")
                return
            if field.range not in seen:
                seen.add(field.range)
                waiting.append(field.range)


def _near(name: str, known: Collection[str]) -> str | None:
    found = get_close_matches(name, known, n=1)
    return f"did you mean {found[0]}?" if found else None


def _known(names: Collection[str], wanted: Collection[str], who: str, where: Locator) -> Iterator[Problem]:
    for name in wanted:
        if name not in names:
            hint = _near(name, names) or f"its fields are {', '.join(sorted(names)) or 'none'}"
            yield Problem(what=f"{who} speaks of {name}, which is not a field of the class", where=where, hint=hint)


def _unknown_range(schema: Schema, field: Field) -> Iterator[Problem]:
    yield from _unknown_ranges(schema, field, field.name, field.where)


def _unknown_ranges(schema: Schema, of: Field | Condition, name: str, where: Locator) -> Iterator[Problem]:
    known = {**schema.types, **schema.all_enums, **schema.all_classes}
    for each in of.ranges:
        if each not in known:
            hint = _near(each, known) or "define it, or import the file that does"
            what = f"{name} has the range {each}, which is not a type, enumeration or class"
            yield Problem(what=what, where=where, hint=hint)


def _ill_typed(schema: Schema, field: Field) -> Iterator[Problem]:
    datatype = schema.datatype(field)
    numeric = datatype is not None and lexical(datatype, "2") is not None
    bounds = [each for each in (field.minimum, field.maximum) if each and not (numeric and lexical(_DECIMAL, each))]
    for value in (*bounds, *field.equals):
        if datatype and lexical(datatype, value) is None:
            what = f"{field.name} is compared with {value!r}, which is not of its type {field.range}"
            yield Problem(what=what, where=field.where, hint="write a value of that type, or give it another range")


def _counts(_: Schema, field: Field) -> Iterator[Problem]:
    if field.maximum_count is not None and field.minimum_count > field.maximum_count:
        what = f"{field.name} needs {field.minimum_count} values at least and {field.maximum_count} at most"
        yield Problem(what=what, where=field.where, hint="make the least no more than the greatest")


def _bounds(schema: Schema, field: Field) -> Iterator[Problem]:
    least, greatest = schema.bounds(field)
    if least is not None and greatest is not None and _order(least) > _order(greatest):
        yield Problem(
            what=f"{field.name} is at least {least} and at most {greatest}",
            where=field.where,
            hint="change one of them",
        )


def _order(value: str) -> tuple[Decimal, str]:
    number = lexical(_DECIMAL, value)
    return (Decimal(number), "") if number is not None else (Decimal(0), value)


def _size(_: Schema, field: Field) -> Iterator[Problem]:
    size = field.annotations.get("size", "1")
    if not (size.isascii() and size.isdigit() and int(size) > 0):
        yield Problem(
            what=f"{field.name} has the size {size!r}, which is not a number from 1 up",
            where=field.where,
            hint="write a whole number",
        )


_OF_FIELDS: tuple[Callable[[Schema, Field], Iterator[Problem]], ...] = (
    _unknown_range,
    _ill_typed,
    _counts,
    _bounds,
    _size,
)


def _shared_names(schema: Schema) -> Iterator[Problem]:
    for record in schema.classes.values():
        read = any(each.kind == "envelope" for each in schema.classes.values())  # only its mapping reads aliases
        each = [(name, field) for field in record.induced for name in (field.name, *(field.aliases if read else ()))]
        names = Counter(name for name, _ in each)
        for name, field in each:
            if names[name] > 1:
                hint = "rename one of them, or give it another alias"
                yield Problem(what=f"{name} names two fields of {record.name}", where=field.where, hint=hint)
    for name in schema.classes.keys() & (schema.enums.keys() | schema.types.keys()):
        hint = "rename one of them; a range must say which it means"
        what = f"{name} is a class and {'an enumeration' if name in schema.enums else 'a type'}"
        yield Problem(what=what, where=schema.classes[name].where, hint=hint)
    for name in schema.enums.keys() & schema.types.keys():
        hint = "rename one of them; a range must say which it means"
        yield Problem(what=f"{name} is an enumeration and a type", where=schema.enums[name].where, hint=hint)


def _shared_iris(book: RuleBook) -> Iterator[Problem]:
    """Two classes that one IRI names, so that every thing of the one is of the other."""
    found: dict[str, RecordClass] = {}
    for schema in book.schemas.values():
        for record in schema.classes.values():
            iri = record.iri or f"{schema.namespace or schema.name + ' '}{record.name}"
            other = found.setdefault(iri, record)
            if other is not record and not record.anything:
                what = f"{record.name} and {other.name} ({other.where}) have one IRI: {iri}"
                yield Problem(what=what, where=record.where, hint="give one of them another class_uri")


def _duplicate_slugs(schema: Schema) -> Iterator[Problem]:
    owners: dict[str, list[str]] = {}
    for rule in rules_of(schema):
        owners.setdefault(rule.slug, []).append(rule.owner)
    for slug, each in owners.items():
        if len(each) > 1:
            hint = "give each rule a title, and each field a name, of its own"
            what = f"{len(each)} rules have the slug {slug}"
            yield Problem(what=what, where=schema.classes[each[-1]].where, hint=hint)
