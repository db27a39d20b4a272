"""Rules -> SHACL Core: a node shape for each class, a property shape for each rule.

One property shape a rule gives each rule a severity, a message and a provenance of its own.
Source: SHACL, sections 2 (shapes), 4 (Core constraint components).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphmap.derivation.namespaces import Space, key_property
from graphmap.derivation.shape_conditions import across, excused, joined, plain_value, property_shape, restated
from graphmap.rdf import XSD, Blank, Block, Items, Pairs, Term, document, literal, pairs
from graphmap.rules import Checked, Field, RecordClass, Rule, Schema, rules_of

__all__ = ["shapes_of"]


def shapes_of(schema: Schema, space: Space) -> str:
    """The shapes of a schema, in Turtle.

    Args:
        schema: the rules.
        space: the names.
    """
    title = f"What {schema.title} must look like. Derived from {schema.file} by `graphmap derive`; do not edit."
    return document(title=title, prefixes=space.prefixes, blocks=_Shapes(schema=schema, space=space).blocks())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shapes:
    schema: Schema
    space: Space

    def blocks(self) -> Iterator[Block]:
        rules = [rule for rule in rules_of(self.schema) if rule.checked is Checked.SHAPE]
        for record in self.schema.classes.values():
            own = [rule for rule in rules if rule.owner == record.name]
            if record.kind != "envelope":
                yield from self._class(record, own)
            for rule in own:
                if rule.aspect in ("across", "otherwise"):
                    yield self._node(rule, across(rule, self.schema, record, self.space))
                elif rule.aspect == "restates":
                    yield self._node(rule, restated(rule, self.schema, self.space))

    def _class(self, record: RecordClass, own: list[Rule]) -> Iterator[Block]:
        slug = f"{self.schema.name}.{record.name}"
        of_fields = [rule for rule in own if rule.field is not None]
        key = next((rule for rule in own if rule.aspect == "key"), None)
        yield Block(
            subject=self.space.shape(slug),
            pairs=(
                *pairs(
                    ("rdf:type", "sh:NodeShape"),
                    ("rdfs:label", literal(record.title, "en")),
                    ("rdfs:comment", literal(record.description, "en") if record.description else None),
                    ("dcterms:source", literal(record.annotations["source"])),
                    ("sh:targetClass", self.space.term_of(record)),
                    ("sh:nodeKind", "sh:IRI" if key else None),
                ),
                *(_about(key) if key else ()),
                *pairs(("sh:property", [self.space.shape(rule.slug) for rule in of_fields if not rule.excepted])),
            ),
        )
        for order, field in enumerate(self.schema.fields_of(record), start=1):
            yield self._group(slug, field, order)
            for number, rule in enumerate(of_fields, start=1):
                if rule.field == field:
                    yield self._property(rule, number)
                    if rule.excepted:
                        yield self._excepting(rule, record)

    def _excepting(self, rule: Rule, record: RecordClass) -> Block:
        """The rule of a class that some of its sub-classes replace: it holds for the things of all others."""
        others = [
            Blank(pairs=pairs(("sh:class", self.space.term_of(heir))))
            for heir in self.schema.heirs[record.name]
            if heir.name in rule.excepted
        ]
        asked = Blank(pairs=pairs(("sh:property", self.space.shape(rule.slug))))
        return Block(
            subject=self.space.shape(f"{rule.slug}.unlessReplaced"),
            pairs=(
                *pairs(
                    ("rdf:type", "sh:NodeShape"),
                    ("sh:targetClass", self.space.term_of(record)),
                    ("sh:or", Items(terms=(*others, asked))),
                ),
                *_about(rule),
            ),
        )

    def _group(self, slug: str, field: Field, order: int) -> Block:
        return Block(
            subject=self.space.shape(f"{slug}.{field.name}"),
            pairs=pairs(
                ("rdf:type", "sh:PropertyGroup"), ("rdfs:label", literal(field.title, "en")), ("sh:order", str(order))
            ),
        )

    def _property(self, rule: Rule, order: int) -> Block:
        field = rule.field
        if field is None:
            raise TypeError(f"{rule.slug} is about no field")
        property_name = self.space.term_of(field)
        return Block(
            subject=self.space.shape(rule.slug),
            pairs=(
                *pairs(("rdf:type", "sh:PropertyShape"), ("sh:path", self._path(rule, property_name))),
                *_COMPONENTS[rule.aspect](self, rule),
                *pairs(
                    ("sh:name", literal(f"{field.title}: {_ASPECT_NAMES[rule.aspect]}")),
                    ("sh:description", literal(field.description) if field.description else None),
                    ("sh:defaultValue", self._default(field)),
                    ("sh:order", str(order)),
                    ("sh:group", self.space.shape(rule.slug.rpartition(".")[0])),
                    ("dcterms:source", literal(rule.source)),
                ),
                *_about(rule),
            ),
        )

    def _node(self, rule: Rule, constraint: Pairs) -> Block:
        return Block(
            subject=self.space.shape(rule.slug),
            pairs=(
                *pairs(("rdf:type", "sh:NodeShape"), ("dcterms:source", literal(rule.source))),
                *constraint,
                *_about(rule),
            ),
        )

    def _path(self, rule: Rule, property_name: str) -> Term:
        if rule.aspect != "unique":
            return property_name
        if len(rule.values) > 1:
            property_name = self.space.name(key_property(self.schema.name, rule, self.space))
        return Items(terms=(property_name, Blank(pairs=pairs(("sh:inversePath", property_name)))))

    def count(self, rule: Rule) -> Pairs:
        name = "minCount" if rule.aspect == "recommended" else rule.aspect
        return pairs((f"sh:{name}", rule.values[0]))

    def datatype(self, rule: Rule) -> Pairs:
        return pairs(("sh:datatype", self.space.name(rule.values[0])))

    def target(self, rule: Rule) -> Pairs:
        return pairs(("sh:class", self.space.term_of(self.schema.all_classes[rule.values[0]])))

    def internal(self, rule: Rule) -> Pairs:
        """A value without a type is nowhere in the record: it is the finding of the class's rule alone."""
        schema = self.schema.name
        borne = [
            property_shape(
                ("sh:path", Blank(pairs=pairs(("sh:inversePath", self.space.term(schema, name))))), ("sh:minCount", "1")
            )
            for name in rule.values
        ]
        absent = property_shape(("sh:path", "rdf:type"), ("sh:maxCount", "0"))
        return pairs(("sh:or", Items(terms=(absent, *borne))))

    def permitted(self, rule: Rule) -> Pairs:
        enum = self.schema.all_enums.get(rule.field.range if rule.field and not rule.field.equals else "")
        if enum is None or not any(value.pattern for value in enum.values):
            return pairs(("sh:in", Items(terms=tuple(self._value(rule, value) for value in rule.values))))
        choices = [value.pattern or re.escape(value.name) for value in enum.values]
        return pairs(("sh:pattern", literal(f"^({'|'.join(choices)})$")))

    def pattern(self, rule: Rule) -> Pairs:
        return pairs(("sh:pattern", literal(rule.values[0])))

    def _value(self, rule: Rule, value: str) -> str:
        datatype = self.schema.datatype(rule.field) if rule.field else None
        return plain_value(value, datatype or XSD + "string", self.space)

    def _default(self, field: Field) -> str | None:
        """A default, where it is a plain value.

        Source: SHACL, section 2.3.2.3 (sh:defaultValue); LinkML metamodel 1.8, ifabsent.
        """
        given = re.fullmatch(
            r"(?:(?:string|int|integer|float|double|decimal|boolean|date|datetime)\((.*)\)|(\w+))", field.default or ""
        )
        datatype = self.schema.datatype(field)
        if given is None or datatype is None:
            return None
        value = given[1] if given[1] is not None else given[2]
        return plain_value(value, datatype, self.space)

    def choice(self, rule: Rule) -> Pairs:
        if rule.field is None:
            raise TypeError(f"{rule.slug} is about no field")
        return pairs(joined(rule.values[0], rule.choices, rule.field, self.schema, self.space))

    def bound(self, rule: Rule) -> Pairs:
        """A value that is ill-typed has no order: it is the finding of the datatype's rule alone."""
        datatype = (self.schema.datatype(rule.field) if rule.field else None) or ""
        ill_typed = Blank(pairs=pairs(("sh:not", Blank(pairs=pairs(("sh:datatype", self.space.name(datatype)))))))
        within = Blank(pairs=pairs((f"sh:{rule.aspect}", plain_value(rule.values[0], datatype, self.space))))
        return pairs(("sh:or", Items(terms=(ill_typed, within))))

    def unique(self, rule: Rule) -> Pairs:
        record = self.schema.classes[rule.owner]
        counted = (
            *pairs(("sh:class", self.space.term_of(record) if self._is_shared(rule, record) else None)),
            *(excused(rule, self.schema, record, self.space).pairs if rule.before else ()),
        )
        if not counted:
            return pairs(("sh:maxCount", "1"))
        return pairs(("sh:qualifiedValueShape", Blank(pairs=counted)), ("sh:qualifiedMaxCount", "1"))

    def _is_shared(self, rule: Rule, record: RecordClass) -> bool:
        """Return whether things of other classes have the property of a key, too; those are not to be counted."""
        below = {record.name, *(heir.name for heir in self.schema.heirs.get(record.name, ()))}
        others = (each for name, each in self.schema.all_classes.items() if name not in below)
        term = self.space.term_of(rule.field) if rule.field else ""
        return len(rule.values) == 1 and any(
            self.space.term_of(field) == term
            for each in others
            if not each.abstract and each.kind != "envelope"
            for field in each.induced
        )


def _about(rule: Rule) -> Pairs:
    return pairs(
        ("sh:severity", f"sh:{rule.severity}"),
        ("sh:message", literal(rule.message)),
        ("graphmap:rule", literal(rule.slug)),
    )


_COMPONENTS: Mapping[str, Callable[[_Shapes, Rule], Pairs]] = MappingProxyType(
    {
        "minCount": _Shapes.count,
        "maxCount": _Shapes.count,
        "datatype": _Shapes.datatype,
        "class": _Shapes.target,
        "internal": _Shapes.internal,
        "maxLength": _Shapes.count,
        "in": _Shapes.permitted,
        "pattern": _Shapes.pattern,
        "typePattern": _Shapes.pattern,
        "minInclusive": _Shapes.bound,
        "maxInclusive": _Shapes.bound,
        "unique": _Shapes.unique,
        "recommended": _Shapes.count,
        "anyOf": _Shapes.choice,
        "allOf": _Shapes.choice,
        "exactlyOneOf": _Shapes.choice,
        "noneOf": _Shapes.choice,
    }
)
_ASPECT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "minCount": "least number",
        "maxCount": "greatest number",
        "datatype": "kind of value",
        "class": "what it points to",
        "internal": "of the same record",
        "maxLength": "greatest length",
        "in": "values permitted",
        "pattern": "form",
        "typePattern": "form of the type",
        "minInclusive": "least value",
        "maxInclusive": "greatest value",
        "unique": "unlike that of any other",
        "recommended": "recommended",
        "anyOf": "one of several forms",
        "allOf": "several forms at once",
        "exactlyOneOf": "exactly one of several forms",
        "noneOf": "forms that it must not have",
    }
)
