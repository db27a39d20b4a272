"""Rules of a nested document -> RML: the record in its envelope, and every object embedded in it.

A member may come as one value or as an array, and as embedded object, data reference or internal reference. Each member
that holds objects therefore gets a view of its own, which keeps the key of the parent beside the items, and three
object maps: an item has the fields of one of them, and the others give nothing.
Source: RML-Core; RML-LV, logical views; RFC 9535 for references, read laxly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphmap.derivation.mappings.term_maps import (
    expression_field,
    iri_reference,
    iri_template,
    iterable_field,
    key_expression,
    predicate_object,
    value_reference,
    view,
)
from graphmap.derivation.namespaces import Space
from graphmap.rdf import Blank, Block, Pairs, literal, pairs
from graphmap.rules import Field, RecordClass, Schema

__all__ = ["DocumentMapping", "kebab", "key_choices"]

LAX = "graphmap:LaxJSONPath"


def kebab(name: str) -> str:
    """A class name as sources are named.

    >>> kebab("OrderLine")
    'order-line'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def key_choices(record: RecordClass) -> tuple[tuple[str, ...], ...]:
    """The keys of a class in the order of preference, each the fields that make it."""
    if "template" in record.annotations:
        return (tuple(record.annotations["template"].split()),)
    return tuple(tuple(key.split(":")) for key in record.annotations["key"].split())


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMapping:
    """Writes the mapping of one record class and of the classes embedded in it.

    Args:
        schema: the schema of the documents.
        root: the class of the record.
        space: the names.
    """

    schema: Schema
    root: RecordClass
    space: Space

    def blocks(self) -> Iterator[Block]:
        """The file as source of all, then class by class in the order of the rules."""
        yield Block(
            subject=self.file,
            pairs=pairs(
                ("rdf:type", "rml:RelativePathSource"),
                ("rml:root", "rml:MappingDirectory"),
                ("rml:path", literal(f"{kebab(self.root.name)}.json")),
            ),
        )
        for record in self.schema.classes.values():
            if record.kind == "record":
                yield from self._class(record, iterator="$", member="$.data.")
            elif record.kind == "embedded":
                yield from self._class(record, iterator=f"$.data..[?@['@type'] == '{record.name}']", member="$.")

    @property
    def file(self) -> str:
        """The source that is bound to the real file at run time."""
        return self.space.map(kebab(self.root.name))

    def source(self, slug: str, iterator: str) -> Block:
        """A logical source over the documents."""
        return Block(
            subject=self.space.map(f"{slug}.source"),
            pairs=pairs(
                ("rdf:type", "rml:LogicalSource"),
                ("rml:source", self.file),
                ("rml:referenceFormulation", LAX),
                ("rml:iterator", literal(iterator)),
            ),
        )

    def _class(self, record: RecordClass, *, iterator: str, member: str) -> Iterator[Block]:
        slug = f"{self.schema.name}.{record.name}"
        fields = tuple(self.schema.fields_of(record))
        scalars = [field for field in fields if field.range not in self.schema.classes]
        yield self.source(slug, iterator)
        yield Block(
            subject=self.space.map(slug),
            pairs=pairs(
                ("rdf:type", "rml:TriplesMap"),
                ("dcterms:source", literal(record.annotations["source"])),
                ("rml:logicalSource", self.space.map(f"{slug}.source")),
                ("rml:subjectMap", self.space.map(f"{slug}.subject")),
                ("rml:predicateObjectMap", [self._types(record), *(self._scalar(slug, field) for field in scalars)]),
            ),
        )
        yield self._subject(record)
        for field in scalars:
            yield from self._term_maps(slug, field, member)
        for field in fields:
            if field.range in self.schema.classes:
                yield from self._links(record, field, member)

    def _types(self, record: RecordClass) -> Blank:
        if record.kind != "record":
            return predicate_object(
                "rdf:type", Blank(pairs=iri_template(f"{self.space.base}{self.schema.name}/{{$['@type']}}"))
            )
        templates = ("{$.schemaName}/{$.shapeName}", f"{self.schema.name}/{{$.data['@type']}}")
        return predicate_object(
            "rdf:type", *(Blank(pairs=iri_template(f"{self.space.base}{template}")) for template in templates)
        )

    def _scalar(self, slug: str, field: Field) -> Blank:
        return predicate_object(
            self.space.term_of(field),
            *(self.space.map(_map_slug(slug, field, name)) for name in (field.name, *field.aliases)),
        )

    def _term_maps(self, slug: str, field: Field, member: str) -> Iterator[Block]:
        datatype = self.space.name(self.schema.datatype(field) or "")
        for name in (field.name, *field.aliases):
            yield Block(
                subject=self.space.map(_map_slug(slug, field, name)),
                pairs=(
                    *value_reference(f"{member}{name}[*]", datatype),
                    *pairs(("dcterms:source", literal(field.annotations["source"]))),
                ),
            )

    def _subject(self, record: RecordClass) -> Block:
        slug = f"{self.schema.name}.{record.name}"
        rule = f"{self.schema.name}.Envelope.dataId.minCount" if record.kind == "record" else f"{slug}.key"
        return Block(
            subject=self.space.map(f"{slug}.subject"),
            pairs=(*self._subject_map(record, "$."), *pairs(("graphmap:rule", literal(rule)))),
        )

    def _subject_map(self, record: RecordClass, prefix: str) -> Pairs:
        if record.kind == "record":
            return iri_reference("$.dataId.iri" if prefix else "iri")
        return key_expression(self._entity(record.name), key_choices(record), prefix)

    def _entity(self, class_name: str) -> str:
        return self.space.entity(self.schema.name, class_name, "")

    def _links(self, record: RecordClass, field: Field, member: str) -> Iterator[Block]:
        slug = f"{self.schema.name}.{record.name}.{field.name}"
        target = self.schema.classes[field.range]
        choices = key_choices(target)
        keys = tuple(dict.fromkeys(name for choice in choices for name in choice))
        items = (iterable_field("item", f"{member}{field.name}[*]", ("iri", "className", "id", *keys)),)
        yield view(
            self.space.map(f"{slug}.view"),
            self.space.map(f"{self.schema.name}.{record.name}.source"),
            (*self._parent_fields(record), *items),
        )
        variants = {
            "reference": iri_reference("item.iri"),
            "internal": iri_template(f"{self.space.base}{self.schema.name}/{{item.className}}#{{item.id}}"),
            "embedded": key_expression(self._entity(target.name), choices, "item."),
        }
        yield Block(
            subject=self.space.map(slug),
            pairs=pairs(
                ("rdf:type", "rml:TriplesMap"),
                ("dcterms:source", literal(field.annotations["source"])),
                ("rml:logicalSource", self.space.map(f"{slug}.view")),
                ("rml:subjectMap", Blank(pairs=self._subject_map(record, ""))),
                (
                    "rml:predicateObjectMap",
                    predicate_object(
                        self.space.term_of(field),
                        *(self.space.map(f"{slug}.{variant}") for variant in variants),
                    ),
                ),
            ),
        )
        for variant, term_map in variants.items():
            yield Block(subject=self.space.map(f"{slug}.{variant}"), pairs=term_map)

    def _parent_fields(self, record: RecordClass) -> Iterator[Blank]:
        if record.kind == "record":
            yield expression_field("iri", "$.dataId.iri")
            return
        for name in dict.fromkeys(name for choice in key_choices(record) for name in choice):
            yield expression_field(name, f"$.{name}")


def _map_slug(slug: str, field: Field, name: str) -> str:
    return f"{slug}.{field.name}" if name == field.name else f"{slug}.{field.name}.{name}"
