"""Rules -> OWL: classes, properties and value lists, each with label, comment and provenance.

How many values a field has is left to the shapes: in OWL a cardinality makes conclusions, it checks nothing. A property
that several classes share has no domain, because a domain would type every subject as all of them.
Source: OWL 2 Web Ontology Language, sections 5.1 to 5.4; RDF Schema 1.1, section 3; SKOS, sections 3 and 6.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphmap.derivation.namespaces import Space
from graphmap.rdf import Block, document, literal, pairs
from graphmap.rules import EnumType, Field, RecordClass, Schema

__all__ = ["Use", "ontology_of", "uses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A field as one class uses it."""

    record: RecordClass
    field: Field


def uses(schema: Schema) -> Mapping[str, tuple[Use, ...]]:
    """Every property of the graph by name, with each use of it, in the order of the rules.

    The members of an envelope are none, but for those that an internal reference restates.

    Args:
        schema: the rules.
    """
    found: dict[str, list[Use]] = {}
    for record in schema.classes.values():
        for field in record.fields:
            if record.kind != "envelope" or "restates" in field.annotations:
                found.setdefault(field.name, []).append(Use(record=record, field=field))
    return {name: tuple(each) for name, each in found.items()}


def ontology_of(schema: Schema, space: Space) -> str:
    """The ontology of a schema, in Turtle.

    Args:
        schema: the rules.
        space: the names.
    """
    title = f"{schema.title} as an ontology. Derived from rules/{schema.name}.yaml by `graphmap derive`; do not edit."
    return document(title=title, prefixes=space.prefixes, blocks=_blocks(schema, space))


def _blocks(schema: Schema, space: Space) -> Iterator[Block]:
    yield Block(
        subject=f"<{space.base}{schema.name}>",
        pairs=pairs(
            ("rdf:type", "owl:Ontology"),
            ("rdfs:label", literal(schema.title, "en")),
            ("rdfs:comment", literal(schema.description, "en")),
            ("owl:versionInfo", literal(schema.version)),
            ("dcterms:source", literal(schema.annotations["page"])),
        ),
    )
    for record in schema.classes.values():
        if record.kind != "envelope":
            yield _class(schema, record, space)
    for name, found in uses(schema).items():
        yield _property(schema, name, found, space)
    for enum in schema.enums.values():
        yield from _values(schema, enum, space)


def _class(schema: Schema, record: RecordClass, space: Space) -> Block:
    return Block(
        subject=space.term(schema.name, record.name),
        pairs=pairs(
            ("rdf:type", "owl:Class"),
            ("rdfs:label", literal(record.title, "en")),
            ("rdfs:comment", literal(record.description, "en")),
            ("rdfs:subClassOf", space.term(schema.name, record.parent) if record.parent else None),
            ("rdfs:isDefinedBy", f"<{space.base}{schema.name}>"),
            ("dcterms:source", literal(record.annotations["source"])),
        ),
    )


def _property(schema: Schema, name: str, found: tuple[Use, ...], space: Space) -> Block:
    first = found[0].field
    links = first.range in schema.classes
    users = [space.term(schema.name, use.record.name) for use in found if use.record.kind != "envelope"]
    return Block(
        subject=space.term(schema.name, name),
        pairs=pairs(
            ("rdf:type", "owl:ObjectProperty" if links else "owl:DatatypeProperty"),
            ("rdfs:label", literal(first.title, "en")),
            ("rdfs:comment", literal(first.description, "en")),
            ("skos:altLabel", [literal(alias) for alias in first.aliases]),
            ("rdfs:domain", users[0] if len(users) == 1 else None),
            ("schema:domainIncludes", users if len(users) > 1 else None),
            ("rdfs:range", _range(schema, found, space)),
            ("graphmap:relation", _annotation(first, "relation")),
            ("graphmap:foreignKey", sorted({literal(key) for use in found if (key := _key(use.field))})),
            ("graphmap:onDelete", _annotation(first, "on_delete")),
            ("rdfs:isDefinedBy", f"<{space.base}{schema.name}>"),
            ("dcterms:source", list(dict.fromkeys(literal(use.field.annotations["source"]) for use in found))),
        ),
    )


def _annotation(field: Field, name: str) -> str | None:
    return literal(field.annotations[name]) if name in field.annotations else None


def _key(field: Field) -> str | None:
    return field.annotations.get("foreign_key")


def _range(schema: Schema, found: tuple[Use, ...], space: Space) -> str | None:
    ranges = {
        space.term(schema.name, use.field.range)
        if use.field.range in schema.classes
        else space.name(schema.datatype(use.field) or "")
        for use in found
    }
    return ranges.pop() if len(ranges) == 1 else None


def _values(schema: Schema, enum: EnumType, space: Space) -> Iterator[Block]:
    fields = [field for record in schema.classes.values() for field in record.fields if field.range == enum.name]
    if all(field.name not in uses(schema) for field in fields):
        return
    scheme = space.term(schema.name, enum.name)
    yield Block(
        subject=scheme,
        pairs=pairs(
            ("rdf:type", "skos:ConceptScheme"),
            ("rdfs:label", literal(f"values of {' and '.join(field.name for field in fields)}", "en")),
            ("rdfs:comment", literal(enum.description, "en")),
            ("rdfs:isDefinedBy", f"<{space.base}{schema.name}>"),
            ("dcterms:source", literal(enum.annotations["source"])),
        ),
    )
    for value in enum.values:
        yield Block(
            subject=space.name(space.entity(schema.name, enum.name, value.name)),
            pairs=pairs(
                ("rdf:type", "skos:Concept"),
                ("skos:inScheme", scheme),
                ("skos:notation", literal(value.name)),
                ("skos:definition", literal(value.description, "en")),
                ("skos:exactMatch", f"<{value.meaning}>" if value.meaning else None),
            ),
        )
