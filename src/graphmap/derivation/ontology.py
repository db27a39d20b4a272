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
from graphmap.rules import EnumType, Field, RecordClass, Schema, iri_local

__all__ = ["Use", "ontology_of", "uses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A field as one class uses it."""

    record: RecordClass
    field: Field


def uses(schema: Schema, space: Space) -> Mapping[str, tuple[Use, ...]]:
    """Every property of the graph as Turtle writes it, with each use of it, in the order of the rules.

    The members of an envelope are none, but for those that an internal reference restates.

    Args:
        schema: the rules.
        space: the names.
    """
    found: dict[str, list[Use]] = {}
    for record in schema.classes.values():
        for field in record.fields:
            if record.kind != "envelope" or "restates" in field.annotations:
                found.setdefault(space.term_of(field), []).append(Use(record=record, field=field))
    return {name: tuple(each) for name, each in found.items()}


def ontology_of(schema: Schema, space: Space) -> str:
    """The ontology of a schema, in Turtle.

    Args:
        schema: the rules.
        space: the names.
    """
    title = f"{schema.title} as an ontology. Derived from {schema.file} by `graphmap derive`; do not edit."
    return document(title=title, prefixes=space.prefixes, blocks=_blocks(schema, space))


def _blocks(schema: Schema, space: Space) -> Iterator[Block]:
    yield Block(
        subject=_defined_by(schema, space),
        pairs=pairs(
            ("rdf:type", "owl:Ontology"),
            ("rdfs:label", literal(schema.title, "en")),
            ("rdfs:comment", _text(schema.description)),
            ("owl:versionInfo", literal(schema.version) if schema.version else None),
            ("dcterms:source", literal(schema.annotations["page"])),
        ),
    )
    for record in schema.classes.values():
        if record.kind != "envelope":
            yield _class(schema, record, space)
    for name, found in uses(schema, space).items():
        yield _property(schema, name, found, space)
    for enum in schema.enums.values():
        yield from _values(schema, enum, space)


def _class(schema: Schema, record: RecordClass, space: Space) -> Block:
    return Block(
        subject=space.term_of(record),
        pairs=pairs(
            ("rdf:type", "owl:Class"),
            ("rdfs:label", literal(record.title, "en")),
            ("rdfs:comment", _text(record.description)),
            ("rdfs:subClassOf", [space.term_of(schema.all_classes[parent]) for parent in record.parents]),
            ("owl:deprecated", _deprecated(record.deprecated)),
            ("rdfs:isDefinedBy", _defined_by(schema, space)),
            ("dcterms:source", literal(record.annotations["source"])),
        ),
    )


def _property(schema: Schema, name: str, found: tuple[Use, ...], space: Space) -> Block:
    first = found[0].field
    users = [space.term_of(use.record) for use in found if use.record.kind != "envelope"]
    return Block(
        subject=name,
        pairs=pairs(
            ("rdf:type", _kind_of_property(schema, found)),
            ("rdfs:label", literal(first.title, "en")),
            ("rdfs:comment", _text(first.description)),
            ("owl:deprecated", _deprecated(first.deprecated)),
            ("skos:altLabel", [literal(alias) for alias in first.aliases]),
            ("rdfs:domain", users[0] if len(users) == 1 else None),
            ("schema:domainIncludes", users if len(users) > 1 else None),
            ("rdfs:range", _range(schema, found, space)),
            ("graphmap:relation", _annotation(first, "relation")),
            ("graphmap:foreignKey", sorted({literal(key) for use in found if (key := _key(use.field))})),
            ("graphmap:onDelete", _annotation(first, "on_delete")),
            ("rdfs:isDefinedBy", _defined_by(schema, space)),
            ("dcterms:source", list(dict.fromkeys(literal(use.field.annotations["source"]) for use in found))),
        ),
    )


def _defined_by(schema: Schema, space: Space) -> str:
    return f"<{space.schemas[schema.name].rstrip('/#')}>" if schema.namespace else f"<{space.base}{schema.name}>"


def _text(text: str) -> str | None:
    return literal(text, "en") if text else None


def _deprecated(reason: str) -> str | None:
    return "true" if reason and reason.lower() != "false" else None


def _kind_of_property(schema: Schema, found: tuple[Use, ...]) -> str:
    links = {schema.is_link(use.field) for use in found}
    if len(links) > 1 or any(schema.is_mixed(use.field) for use in found):
        return "rdf:Property"
    return "owl:ObjectProperty" if links == {True} else "owl:DatatypeProperty"


def _annotation(field: Field, name: str) -> str | None:
    return literal(field.annotations[name]) if name in field.annotations else None


def _key(field: Field) -> str | None:
    return field.annotations.get("foreign_key")


def _range(schema: Schema, found: tuple[Use, ...], space: Space) -> str | None:
    """The range of a property, where all uses have one and the same."""
    ranges: set[str | None] = set()
    for use in found:
        targets = schema.targets(use.field)
        datatype = schema.datatype(use.field)
        if schema.is_link(use.field):
            ranges.add(space.term_of(targets[0]) if len(targets) == 1 else None)
        else:
            ranges.add(space.name(datatype) if datatype else None)
    return ranges.pop() if len(ranges) == 1 else None


def _values(schema: Schema, enum: EnumType, space: Space) -> Iterator[Block]:
    fields = [field for record in schema.classes.values() for field in record.fields if field.range == enum.name]
    if all(record.kind == "envelope" for record in schema.classes.values() if enum.name in _ranges(record)):
        return
    scheme = space.term_of(enum)
    label = f"values of {' and '.join(field.name for field in fields)}" if fields else enum.name
    yield Block(
        subject=scheme,
        pairs=pairs(
            ("rdf:type", "skos:ConceptScheme"),
            ("rdfs:label", literal(label, "en")),
            ("rdfs:comment", _text(enum.description)),
            ("rdfs:isDefinedBy", _defined_by(schema, space)),
            ("dcterms:source", literal(enum.annotations["source"])),
        ),
    )
    for value in enum.values:
        yield Block(
            subject=space.name(space.entity(schema.name, enum.name, iri_local(value.name).replace("/", "%2F"))),
            pairs=pairs(
                ("rdf:type", "skos:Concept"),
                ("skos:inScheme", scheme),
                ("skos:notation", literal(value.name)),
                ("skos:definition", _text(value.description)),
                ("skos:exactMatch", f"<{value.meaning}>" if value.meaning else None),
            ),
        )


def _ranges(record: RecordClass) -> set[str]:
    return {name for field in record.fields for name in field.ranges}
