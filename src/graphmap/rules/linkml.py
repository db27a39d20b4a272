"""Reads the subset of LinkML that rule files are written in.

A key outside the subset is an error that names file, line and key: nothing is passed over in silence.
Source: LinkML metamodel 1.8 (ClassDefinition, SlotDefinition, EnumDefinition, ClassRule).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from graphmap.errors import Locator, RulesError
from graphmap.rdf import XSD
from graphmap.rules.linkml_subset import (
    CLASS_KEYS,
    CONDITION_KEYS,
    ENUM_KEYS,
    FIELD_KEYS,
    KEY_KEYS,
    RULE_KEYS,
    SCHEMA_KEYS,
    TYPE_KEYS,
    VALUE_KEYS,
)
from graphmap.rules.model import (
    NO_ANNOTATIONS,
    Annotations,
    Condition,
    CrossRule,
    EnumType,
    EnumValue,
    Field,
    RecordClass,
    RuleBook,
    Schema,
    UniqueKey,
    ValueType,
)
from graphmap.rules.yaml_positions import Marked, read_marked

__all__ = ["load_rules", "read_schema"]

_PREFIX = "graphmap:"

_LINKML_TYPES = {
    "string": "string",
    "integer": "integer",
    "boolean": "boolean",
    "float": "float",
    "double": "double",
    "decimal": "decimal",
    "date": "date",
    "datetime": "dateTime",
    "time": "time",
    "uri": "anyURI",
}

T = TypeVar("T")


def load_rules(folder: Path) -> RuleBook:
    """Read every `*.yaml` file of a folder.

    Args:
        folder: the folder of the rule files.

    Returns:
        The schemas by name, sorted.

    Raises:
        RulesError: where the folder holds no rule file, a file is outside the subset, or two have one name.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise RulesError("no rule file (*.yaml) is here", where=Locator(source=str(folder)))
    found: dict[str, Schema] = {}
    for file in files:
        schema = read_schema(_text(file), file=f"{folder.name}/{file.name}")
        if schema.name in found:
            other = found[schema.name].file
            raise RulesError(f"schema {schema.name!r} is in {other} already", where=Locator(source=schema.file))
        found[schema.name] = schema
    return RuleBook(schemas=MappingProxyType(dict(sorted(found.items()))))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError(f"cannot be read: {error}", where=Locator(source=str(file))) from error


def read_schema(text: str, *, file: str) -> Schema:
    """Read one rule file.

    Args:
        text: YAML.
        file: its name, for errors.

    Raises:
        RulesError: names file, line and key of what is outside the subset.
    """
    root = read_marked(text, file)
    top = root.keyed("a schema", SCHEMA_KEYS)
    prefixes = {name: value.text() for name, value in _entries(top, "prefixes").items()}
    default_range = _text_of(top, "default_range") or "string"
    return Schema(
        name=_needed(root, top, "name"),
        title=_text_of(top, "title"),
        description=_text_of(top, "description"),
        version=_text_of(top, "version"),
        prefixes=MappingProxyType(prefixes),
        types=_standard_types() | _each(top, "types", lambda name, node: _type(name, node, prefixes)),
        enums=MappingProxyType(_each(top, "enums", _enum)),
        classes=MappingProxyType(_each(top, "classes", lambda name, node: _class(name, node, default_range))),
        annotations=_annotations(top),
        comments=_texts(top, "comments"),
        file=file,
    )


def _standard_types() -> dict[str, ValueType]:
    return {name: ValueType(name=name, iri=XSD + local, description="") for name, local in _LINKML_TYPES.items()}


def _class(name: str, node: Marked, default_range: str) -> RecordClass:
    entries = node.keyed(f"class {name}", CLASS_KEYS)
    return RecordClass(
        name=name,
        title=_text_of(entries, "title") or name,
        description=_text_of(entries, "description"),
        parent=_text_of(entries, "is_a") or None,
        abstract=_flag(entries, "abstract"),
        fields=tuple(_each(entries, "attributes", lambda key, value: _field(key, value, default_range)).values()),
        unique_keys=tuple(_each(entries, "unique_keys", _unique_key).values()),
        cross_rules=tuple(_cross_rule(item) for item in _items(entries, "rules")),
        annotations=_annotations(entries),
        where=node.where,
    )


def _field(name: str, node: Marked, default_range: str) -> Field:
    entries = node.keyed(f"attribute {name}", FIELD_KEYS)
    minimum = _count(entries, "minimum_cardinality")
    maximum = _count(entries, "maximum_cardinality")
    return Field(
        name=name,
        title=_text_of(entries, "title") or name,
        description=_text_of(entries, "description"),
        range=_text_of(entries, "range") or default_range,
        minimum_count=minimum if minimum is not None else int(_flag(entries, "required")),
        maximum_count=maximum if maximum is not None or _flag(entries, "multivalued") else 1,
        identifier=_flag(entries, "identifier"),
        pattern=_text_of(entries, "pattern") or None,
        minimum=_text_of(entries, "minimum_value") or None,
        maximum=_text_of(entries, "maximum_value") or None,
        aliases=_texts(entries, "aliases"),
        comments=_texts(entries, "comments"),
        annotations=_annotations(entries),
        where=node.where,
    )


def _unique_key(name: str, node: Marked) -> UniqueKey:
    entries = node.keyed(f"unique key {name}", KEY_KEYS)
    return UniqueKey(
        name=name,
        fields=_texts(entries, "unique_key_slots"),
        annotations=_annotations(entries),
        where=node.where,
    )


def _cross_rule(node: Marked) -> CrossRule:
    entries = node.keyed("a rule", RULE_KEYS)
    return CrossRule(
        name=_needed(node, entries, "title"),
        description=_text_of(entries, "description"),
        before=_conditions(entries, "preconditions"),
        after=_conditions(entries, "postconditions"),
        deactivated=_flag(entries, "deactivated"),
        annotations=_annotations(entries),
        where=node.where,
    )


def _conditions(entries: Mapping[str, Marked], key: str) -> tuple[Condition, ...]:
    if key not in entries:
        return ()
    slots = entries[key].keyed(key, frozenset({"slot_conditions"}))
    return tuple(_each(slots, "slot_conditions", _condition).values())


def _condition(field: str, node: Marked) -> Condition:
    entries = node.keyed(f"the condition on {field}", CONDITION_KEYS)
    excluded = tuple(value for item in _items(entries, "none_of") for value in _condition(field, item).equals)
    return Condition(
        field=field,
        present=_presence(entries),
        equals=_texts(entries, "equals_string_in") or tuple(filter(None, [_text_of(entries, "equals_string")])),
        excluded=excluded,
        minimum=_text_of(entries, "minimum_value") or None,
        maximum=_text_of(entries, "maximum_value") or None,
    )


def _presence(entries: Mapping[str, Marked]) -> bool | None:
    if "value_presence" not in entries:
        return True if _flag(entries, "required") else None
    node = entries["value_presence"]
    if node.text() not in ("PRESENT", "ABSENT"):
        raise RulesError(f"PRESENT or ABSENT is expected here, not {node.text()!r}", where=node.where)
    return node.text() == "PRESENT"


def _type(name: str, node: Marked, prefixes: Mapping[str, str]) -> ValueType:
    entries = node.keyed(f"type {name}", TYPE_KEYS)
    prefix, _, local = _needed(node, entries, "uri").partition(":")
    if prefix not in prefixes:
        raise RulesError(f"the prefix {prefix!r} is not declared", where=entries["uri"].where)
    return ValueType(
        name=name,
        iri=prefixes[prefix] + local,
        description=_text_of(entries, "description"),
        pattern=_text_of(entries, "pattern") or None,
        minimum=_text_of(entries, "minimum_value") or None,
        maximum=_text_of(entries, "maximum_value") or None,
    )


def _enum(name: str, node: Marked) -> EnumType:
    entries = node.keyed(f"enumeration {name}", ENUM_KEYS)
    return EnumType(
        name=name,
        description=_text_of(entries, "description"),
        values=tuple(_each(entries, "permissible_values", _value).values()),
        annotations=_annotations(entries),
        where=node.where,
    )


def _value(name: str, node: Marked) -> EnumValue:
    entries = node.keyed(f"value {name}", VALUE_KEYS)
    return EnumValue(
        name=name,
        description=_text_of(entries, "description"),
        meaning=_text_of(entries, "meaning") or None,
        pattern=_annotations(entries).get("pattern"),
    )


def _annotations(entries: Mapping[str, Marked]) -> Annotations:
    if "annotations" not in entries:
        return NO_ANNOTATIONS
    return MappingProxyType(
        {name.removeprefix(_PREFIX): value.text() for name, value in entries["annotations"].entries().items()}
    )


def _entries(entries: Mapping[str, Marked], key: str) -> Mapping[str, Marked]:
    return entries[key].entries() if key in entries else {}


def _each(entries: Mapping[str, Marked], key: str, read: Callable[[str, Marked], T]) -> dict[str, T]:
    return {name: read(name, node) for name, node in _entries(entries, key).items()}


def _items(entries: Mapping[str, Marked], key: str) -> tuple[Marked, ...]:
    return entries[key].items() if key in entries else ()


def _texts(entries: Mapping[str, Marked], key: str) -> tuple[str, ...]:
    return tuple(item.text() for item in _items(entries, key))


def _text_of(entries: Mapping[str, Marked], key: str) -> str:
    return entries[key].text() if key in entries else ""


def _needed(node: Marked, entries: Mapping[str, Marked], key: str) -> str:
    if key not in entries:
        raise RulesError(f"the key {key!r} is missing", where=node.where)
    return entries[key].text()


def _flag(entries: Mapping[str, Marked], key: str) -> bool:
    return key in entries and entries[key].flag()


def _count(entries: Mapping[str, Marked], key: str) -> int | None:
    return entries[key].count() if key in entries else None
