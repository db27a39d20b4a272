"""A schema as a whole: what its names stand for, what a class inherits, which keys it has, what a field leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphmap.rules.model import Annotations, Condition, EnumType, Field, Loss, Problem, RecordClass, ValueType

__all__ = ["RuleBook", "Schema", "embeds", "is_unread"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One rule file.

    Args:
        namespace: of its classes and properties; `None` where they stand under the base of the workspace.
        prefixes: namespaces by prefix.
        types: those that it can refer to, by name.
        enums: its own enumerations.
        classes: its own classes.
        all_enums: those that it can refer to: its own and those of its imports.
        all_classes: those that it can refer to: its own and those of its imports.
        heirs: names of the classes that it can refer to, each with the classes below it, of any schema.
        losses: what the file says and the model does not hold.
    """

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
    namespace: str | None = None
    all_enums: Mapping[str, EnumType] = field(default_factory=dict)
    all_classes: Mapping[str, RecordClass] = field(default_factory=dict)
    heirs: Mapping[str, tuple[RecordClass, ...]] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()

    def fields_of(self, record_class: RecordClass) -> Iterator[Field]:
        """The fields of a class: those of its super-classes first, each list in the order of the file."""
        yield from record_class.induced

    def ancestors(self, record: RecordClass) -> tuple[RecordClass, ...]:
        """The classes above a class, the nearest first."""
        found: dict[str, RecordClass] = {}
        waiting = list(record.parents)
        while waiting:
            parent = self.all_classes.get(waiting.pop(0))
            if parent is not None and parent.name not in found and parent.name != record.name:
                found[parent.name] = parent
                waiting += parent.parents
        return tuple(found.values())

    def is_link(self, of: Field | Condition) -> bool:
        """Return whether all values are things of classes."""
        return bool(of.ranges) and all(name in self.all_classes and not self.is_any(name) for name in of.ranges)

    def is_any(self, name: str) -> bool:
        """Return whether a range is the class of everything."""
        return name in self.all_classes and self.all_classes[name].anything

    def targets(self, of: Field) -> tuple[RecordClass, ...]:
        """The classes whose things are values of a field."""
        return tuple(self.all_classes[name] for name in of.ranges if name in self.all_classes and not self.is_any(name))

    def target(self, of: Field) -> RecordClass | None:
        """The class that all things of a field are of; `None` where its ranges have no such class among them."""
        each = self.targets(of)
        return next((one for one in each if all(one in (other, *self.ancestors(other)) for other in each)), None)

    def is_mixed(self, of: Field | Condition) -> bool:
        """Return whether some values are things of classes, or may be, and others are not."""
        return not self.is_link(of) and any(name in self.all_classes for name in of.ranges)

    def datatype(self, field: Field) -> str | None:
        """IRI of the datatype of a field's values; `None` where they are objects, or of several types."""
        if any(name in self.all_classes for name in field.ranges):
            return None
        found = {self.types[name if name in self.types else "string"].iri for name in field.ranges or ("string",)}
        return found.pop() if len(found) == 1 else None

    def bounds(self, field: Field) -> tuple[str | None, str | None]:
        """Least and greatest value of a field: its own, else those of its type."""
        of_type = self.types.get(field.range)
        if of_type is None:
            return field.minimum, field.maximum
        return field.minimum or of_type.minimum, field.maximum or of_type.maximum

    def keys_of(self, record: RecordClass) -> tuple[tuple[str, ...], ...]:
        """The keys of a class in the order of preference, each the fields that make it; empty where it has none.

        The annotations `template` (fields that make one key together) and `key` (one or another; `:` joins several
        to one) come before the identifier, and that before the first unique key, which is one of the highest class
        that has any.
        """
        together = record.annotations.get("template", "")
        if together and record.kind == "embedded":
            return (tuple(together.split()),)
        if "key" in record.annotations:
            return tuple(tuple(key.split(":")) for key in record.annotations["key"].split())
        if record.identifier is not None:
            return ((record.identifier.name,),)
        line = reversed((record, *self.ancestors(record)))
        unique = next((key for each in line for key in each.unique_keys if key.fields), None)
        return (unique.fields,) if unique else ()

    def named_after(self, record: RecordClass) -> RecordClass:
        """The class that the IRIs of a class's things are named after: the highest that has the same key.

        So a reference to the super-class meets a thing of the sub-class.
        """
        keys = self.keys_of(record)
        above = [each for each in self.ancestors(record) if keys and self.keys_of(each) == keys]
        return above[-1] if above else record


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """All rule files of a folder, by the names of their schemas, sorted.

    Args:
        problems: what could not be read in them.
    """

    schemas: Mapping[str, Schema]
    problems: tuple[Problem, ...] = ()


def is_unread(schema: Schema, field: Field) -> bool:
    """Return whether no mapping reads a field: its values are things of classes that nothing tells apart.

    Args:
        schema: the schema of the field.
        field: the field.
    """
    targets = schema.targets(field)
    if embeds(schema, field):
        return schema.is_mixed(field) or schema.target(field) is None
    return schema.is_link(field) and len({schema.named_after(each).name for each in targets}) > 1


def embeds(schema: Schema, field: Field) -> bool:
    """Return whether the things that a field leads to stand in the record: as it says, else where no value is a key.

    Source: LinkML specification, inlining: an object without an identifier can only be inlined. A table may hold a key
    of several values in columns that it names.

    Args:
        schema: the schema of the field.
        field: the field.
    """
    targets = schema.targets(field)
    if field.inlined or not targets:
        return bool(targets)
    keys = [schema.keys_of(target)[:1] for target in targets]
    return any(not key or (len(key[0]) > 1 and "columns" not in field.annotations) for key in keys)
