"""References inside documents -> RML: what a reference says of the thing that it points to.

A data reference gives its target a type, a label, identifying fields and external identities. An internal reference
restates fields of an object that the record holds; these become properties of their own, so that shapes can hold them
against the object.
Source: RML-Core; RML-LV, logical views.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphmap.derivation.mappings.documents import DocumentMapping
from graphmap.derivation.mappings.term_maps import (
    expression_field,
    iri_reference,
    iri_template,
    iterable_field,
    joined_template,
    predicate_object,
    value_reference,
    view,
)
from graphmap.derivation.namespaces import Space
from graphmap.rdf import Blank, Block, Pairs, literal, pairs
from graphmap.rules import Field, RecordClass, Schema

__all__ = ["reference_blocks"]


def reference_blocks(documents: DocumentMapping) -> Iterator[Block]:
    """The mapping of all data references, the envelope's `dataId` among them, and of all internal references.

    Args:
        documents: the mapping of the documents that hold them.

    Yields:
        Data references first, then internal references; each with its external identities after it.
    """
    for record in documents.schema.classes.values():
        if record.annotations.get("role") == "reference":
            yield from _data_references(documents, record)
    for record in documents.schema.classes.values():
        if record.annotations.get("role") == "internal-reference":
            yield from _internal_references(documents, record)


def _of_role(schema: Schema, role: str) -> tuple[Field, ...]:
    """The members of the class that plays a part in references; none where the schema has no such class."""
    each = (record for record in schema.classes.values() if record.annotations.get("role") == role)
    return next((record.fields for record in each), ())


def _data_references(documents: DocumentMapping, reference: RecordClass) -> Iterator[Block]:
    schema, space = documents.schema, documents.space
    slug = f"{schema.name}.{reference.name}"
    keys = _of_role(schema, "keys")
    yield documents.source(slug, f"$..[?@['@type'] == '{reference.name}']")
    type_map = Blank(pairs=iri_template(space.base + "{$.schemaName}/{$.shapeName}"))
    yield _triples_map(
        documents,
        slug,
        maps=[
            predicate_object("rdf:type", type_map),
            predicate_object("rdfs:label", space.map(f"{slug}.label")),
            *(predicate_object(space.term_of(key), space.map(f"{slug}.keys.{key.name}")) for key in keys),
        ],
    )
    yield _subject(space, slug, iri_reference("$.iri"), "iri")
    yield Block(subject=space.map(f"{slug}.label"), pairs=value_reference("$.label", None))
    for key in keys:
        yield Block(subject=space.map(f"{slug}.keys.{key.name}"), pairs=value_reference(f"$.keys[*].{key.name}", None))
    yield from _Identities(
        schema=schema,
        space=space,
        slug=slug,
        parent=("iri", "shapeName"),
        subject=iri_reference("iri"),
        class_field="shapeName",
        predicate="externalIdentity",
    ).blocks()


def _internal_references(documents: DocumentMapping, reference: RecordClass) -> Iterator[Block]:
    schema, space = documents.schema, documents.space
    slug = f"{schema.name}.{reference.name}"
    restated = [field for field in reference.fields if "restates" in field.annotations]
    values = [field for field in restated if field.range not in schema.classes]
    target = f"{space.base}{schema.name}/"
    yield documents.source(slug, f"$..[?@['@type'] == '{reference.name}']")
    yield _triples_map(
        documents,
        slug,
        maps=[predicate_object(space.term_of(field), space.map(f"{slug}.{field.name}")) for field in values],
    )
    yield _subject(space, slug, iri_template(target + "{$.className}#{$.id}"), "id")
    for field in values:
        yield Block(subject=space.map(f"{slug}.{field.name}"), pairs=value_reference(_path(field), None))
    yield from _Identities(
        schema=schema,
        space=space,
        slug=slug,
        parent=("className", "id"),
        subject=iri_template(target + "{className}#{id}"),
        class_field="className",
        predicate="restatedExternalIdentity",
    ).blocks()


def _path(field: Field) -> str:
    members, name = field.annotations["path"].split()
    return f"$.{members}[*].{name}"


def _triples_map(documents: DocumentMapping, slug: str, maps: list[Blank]) -> Block:
    space = documents.space
    source = documents.schema.classes[slug.rpartition(".")[2]].annotations["source"]
    return Block(
        subject=space.map(slug),
        pairs=pairs(
            ("rdf:type", "rml:TriplesMap"),
            ("dcterms:source", literal(source)),
            ("rml:logicalSource", space.map(f"{slug}.source")),
            ("rml:subjectMap", space.map(f"{slug}.subject")),
            ("rml:predicateObjectMap", maps),
        ),
    )


def _subject(space: Space, slug: str, term_map: Pairs, field: str) -> Block:
    rule = literal(f"{slug}.{field}.minCount")
    return Block(subject=space.map(f"{slug}.subject"), pairs=(*term_map, *pairs(("graphmap:rule", rule))))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identities:
    """The external identities that a reference carries: a node each, and a link to it from the target."""

    schema: Schema
    space: Space
    slug: str
    parent: tuple[str, ...]
    subject: Pairs
    class_field: str
    predicate: str

    def blocks(self) -> Iterator[Block]:
        space, name = self.space, f"{self.slug}.externalIdentities"
        identity = _of_role(self.schema, "identity")
        if not identity:
            return
        parts = (self.class_field, *(f"item.{field.name}" for field in identity))
        node = joined_template(space.entity(self.schema.name, "ExternalID", ""), parts)
        yield view(
            space.map(f"{name}.view"),
            space.map(f"{self.slug}.source"),
            (
                *(expression_field(field, f"$.{field}") for field in self.parent),
                iterable_field("item", "$.externalIdentities[*]", tuple(field.name for field in identity)),
            ),
        )
        yield Block(
            subject=space.map(f"{name}.identity"),
            pairs=pairs(
                ("rdf:type", "rml:TriplesMap"),
                ("rml:logicalSource", space.map(f"{name}.view")),
                ("rml:subjectMap", Blank(pairs=(*node, *pairs(("rml:class", self._term("ExternalID")))))),
                ("rml:predicateObjectMap", list(self._properties())),
            ),
        )
        yield Block(
            subject=space.map(name),
            pairs=pairs(
                ("rdf:type", "rml:TriplesMap"),
                ("rml:logicalSource", space.map(f"{name}.view")),
                ("rml:subjectMap", Blank(pairs=self.subject)),
                ("rml:predicateObjectMap", predicate_object(self._term(self.predicate), Blank(pairs=node))),
            ),
        )

    def _properties(self) -> Iterator[Blank]:
        references = {"internalType": self.class_field} | {
            field.annotations.get("property", field.name): f"item.{field.name}"
            for field in _of_role(self.schema, "identity")
        }
        for name, reference in references.items():
            yield predicate_object(self._term(name), Blank(pairs=value_reference(reference, None)))

    def _term(self, name: str) -> str:
        return self.space.term(self.schema.name, name)
