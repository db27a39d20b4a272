"""Model of rule files, frozen: schemas, classes, fields, enumerations and statements across fields.

A class holds its own fields and those of its super-classes and mixins, each as LinkML induces it. What LinkML can say
and the model cannot is kept as a loss, for the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphmap.errors import Locator

__all__ = [
    "Annotations",
    "Choices",
    "Condition",
    "CrossRule",
    "EnumType",
    "EnumValue",
    "Fates",
    "Field",
    "Loss",
    "Problem",
    "RecordClass",
    "UniqueKey",
    "ValueType",
]

Annotations = Mapping[str, str]
"""Annotations by name, without the prefix `graphmap:`."""

NO_ANNOTATIONS: Annotations = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """Fate of a statement: `exact`, `approximated: why` or `dropped: why`, in each artifact."""

    ontology: str = "exact"
    shapes: str = "exact"
    mapping: str = "exact"

    def with_annotations(self, annotations: Annotations) -> Fates:
        """The same where the annotations say nothing else."""
        return Fates(
            ontology=annotations.get("ontology", self.ontology),
            shapes=annotations.get("shapes", self.shapes),
            mapping=annotations.get("mapping", self.mapping),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something that a rule file says and no part of the model holds.

    Args:
        subject: class, field or value that it is about.
        statement: what it says.
        fates: what becomes of it.
        where: where it stands.
    """

    subject: str
    statement: str
    fates: Fates
    where: Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A contradiction, with its place in a rule file and what to write instead."""

    what: str
    where: Locator
    hint: str | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"; {self.hint}" if self.hint else "")


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
        pattern: a regular expression that the value matches somewhere.
        range: name of a type, an enumeration or a class; empty where any will do.
        choices: further conditions by how they are joined: `any_of`, `all_of`, `exactly_one_of` or `none_of`.
    """

    field: str
    present: bool | None = None
    equals: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    pattern: str | None = None
    range: str = ""
    choices: Choices = ()

    @property
    def ranges(self) -> tuple[str, ...]:
        """The ranges that it names, its own and those of its choices."""
        own = (self.range,) if self.range else ()
        return (*own, *(name for _, group in self.choices for one in group for name in one.ranges))


Choices = tuple[tuple[str, tuple[Condition, ...]], ...]
"""Conditions by how they are joined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossRule:
    """A statement across fields: where `before` holds, `after` must hold, and `otherwise` where it does not.

    Where it holds `both_ways`, `before` must hold where `after` does, too.

    A deactivated one is a statement that is kept for the ledger and checked nowhere.
    """

    name: str
    description: str
    before: tuple[Condition, ...]
    after: tuple[Condition, ...]
    deactivated: bool
    annotations: Annotations
    where: Locator
    otherwise: tuple[Condition, ...] = ()
    both_ways: bool = False


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
        name: its name in the data.
        iri: of its property; `None` where that stands in the namespace of its schema.
        home: name of the schema that defines it.
        range: name of a type, an enumeration or a class; empty where its choices say more.
        minimum_count: least number of values.
        maximum_count: greatest number of values; `None` where there is no limit.
        identifier: whether its value tells a thing from all others of the class.
        pattern: a regular expression that a value matches somewhere.
        minimum: least value, included, as written.
        maximum: greatest value, included, as written.
        equals: the values of which it must have one; empty where any will do.
        choices: further conditions on each value.
        inlined: whether objects stand inside the record, rather than their keys.
        keyed: whether inlined objects stand in a mapping by key, rather than in a list.
        recommended: whether its absence is worth a warning.
        default: what holds where it is away; `None` where nothing is said.
        deprecated: why it is not to be used any more; empty where it is.
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
    iri: str | None = None
    home: str = ""
    equals: tuple[str, ...] = ()
    choices: Choices = ()
    inlined: bool = False
    keyed: bool = False
    recommended: bool = False
    default: str | None = None
    deprecated: str = ""

    @property
    def ranges(self) -> tuple[str, ...]:
        """The ranges of its values."""
        return Condition(field=self.name, range=self.range, choices=self.choices).ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClass:
    """A class of records or of objects in them.

    Args:
        name: its name in the data and in slugs.
        iri: its IRI; `None` where that stands in the namespace of its schema.
        home: name of the schema that defines it.
        parents: the super-class, then the mixins.
        abstract: whether no record is of it alone.
        fields: those that it names or refines itself.
        induced: all its fields, those of its super-classes first.
        has_unique_key: whether it or a class above it has a unique key.
        tree_root: whether it is the root of a document.
        deprecated: why it is not to be used any more; empty where it is.
    """

    name: str
    title: str
    description: str
    parents: tuple[str, ...]
    abstract: bool
    fields: tuple[Field, ...]
    induced: tuple[Field, ...]
    unique_keys: tuple[UniqueKey, ...]
    cross_rules: tuple[CrossRule, ...]
    annotations: Annotations
    where: Locator
    iri: str | None = None
    home: str = ""
    has_unique_key: bool = False
    tree_root: bool = False
    deprecated: str = ""

    @property
    def identifier(self) -> Field | None:
        """The field whose value tells a thing from all others."""
        return next((field for field in self.induced if field.identifier), None)

    @property
    def kind(self) -> str:
        """`record`, `embedded`, `child` (a table that refers to a record) or `envelope` (no class of the graph)."""
        keyed = self.identifier or (self.has_unique_key and not self.annotations.keys() & {"key", "template"})
        return self.annotations.get("kind") or ("record" if self.tree_root or keyed else "embedded")

    @property
    def anything(self) -> bool:
        """Return whether everything is of it: `linkml:Any`."""
        return self.iri == "https://w3id.org/linkml/Any"


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
    home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueType:
    """A type of values.

    Args:
        iri: its XSD datatype.
        pattern: a regular expression that a value matches somewhere.
        equals: the values of which it must have one; empty where any will do.
        minimum: least value, included, as written.
        maximum: greatest value, included, as written.
    """

    name: str
    iri: str
    description: str
    minimum: str | None = None
    maximum: str | None = None
    pattern: str | None = None
    equals: tuple[str, ...] = ()
