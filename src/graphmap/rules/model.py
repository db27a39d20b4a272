"""Model of rule files, frozen: schemas, classes, fields, enumerations and statements across fields.

The model is the LinkML subset of `linkml.py`, nothing more; which checkable rules follow from it stands in
`statements.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphmap.errors import Locator

__all__ = [
    "Annotations",
    "Condition",
    "CrossRule",
    "EnumType",
    "EnumValue",
    "Field",
    "RecordClass",
    "RuleBook",
    "Schema",
    "UniqueKey",
    "ValueType",
]

Annotations = Mapping[str, str]
"""Annotations by name, without the prefix `graphmap:`."""

NO_ANNOTATIONS: Annotations = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Condition on one field, for one side of a statement across fields.

    Args:
        field: name of the field.
        present: `True` or `False` where the field must be there or away; `None` where that does not matter.
        equals: the values of which it must have one; empty where any will do.
        excluded: the values that it must not have.
        minimum: least value, included.
        maximum: greatest value, included.
    """

    field: str
    present: bool | None = None
    equals: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossRule:
    """A statement across fields: where `before` holds, `after` must hold.

    A deactivated one is a statement that is kept for the ledger and checked nowhere.
    """

    name: str
    description: str
    before: tuple[Condition, ...]
    after: tuple[Condition, ...]
    deactivated: bool
    annotations: Annotations
    where: Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueKey:
    """Fields whose values no two records of the class share."""

    name: str
    fields: tuple[str, ...]
    annotations: Annotations
    where: Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a class.

    Args:
        range: name of a type, an enumeration or a class.
        minimum_count: least number of values.
        maximum_count: greatest number of values; `None` where there is no limit.
        minimum: least value, included, as written.
        maximum: greatest value, included, as written.
    """

    name: str
    title: str
    description: str
    range: str
    minimum_count: int
    maximum_count: int | None
    identifier: bool
    pattern: str | None
    minimum: str | None
    maximum: str | None
    aliases: tuple[str, ...]
    comments: tuple[str, ...]
    annotations: Annotations
    where: Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClass:
    """A class of records or of objects in them."""

    name: str
    title: str
    description: str
    parent: str | None
    abstract: bool
    fields: tuple[Field, ...]
    unique_keys: tuple[UniqueKey, ...]
    cross_rules: tuple[CrossRule, ...]
    annotations: Annotations
    where: Locator

    @property
    def kind(self) -> str:
        """`record`, `embedded`, `child` (a table that refers to a record) or `envelope` (no class of the graph)."""
        return self.annotations.get("kind", "embedded")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumValue:
    """A value that an enumeration permits; `pattern` makes it a wildcard."""

    name: str
    description: str
    meaning: str | None
    pattern: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType:
    """An enumeration of texts."""

    name: str
    description: str
    values: tuple[EnumValue, ...]
    annotations: Annotations
    where: Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueType:
    """A type of values.

    Args:
        iri: its XSD datatype.
        minimum: least value, included, as written.
        maximum: greatest value, included, as written.
    """

    name: str
    iri: str
    description: str
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One rule file."""

    name: str
    title: str
    description: str
    version: str
    prefixes: Mapping[str, str]
    types: Mapping[str, ValueType]
    enums: Mapping[str, EnumType]
    classes: Mapping[str, RecordClass]
    annotations: Annotations
    comments: tuple[str, ...]
    file: str

    def fields_of(self, record_class: RecordClass) -> Iterator[Field]:
        """The fields of a class: those of its super-classes first, each list in the order of the file."""
        parent = self.classes.get(record_class.parent or "")
        if parent is not None:
            yield from self.fields_of(parent)
        yield from record_class.fields

    def datatype(self, field: Field) -> str | None:
        """IRI of the datatype of a field's values; `None` where they are objects."""
        if field.range in self.classes:
            return None
        return self.types[field.range if field.range in self.types else "string"].iri

    def bounds(self, field: Field) -> tuple[str | None, str | None]:
        """Least and greatest value of a field: its own, else those of its type."""
        of_type = self.types.get(field.range)
        if of_type is None:
            return field.minimum, field.maximum
        return field.minimum or of_type.minimum, field.maximum or of_type.maximum


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """All rule files of a folder, by the names of their schemas, sorted."""

    schemas: Mapping[str, Schema]
