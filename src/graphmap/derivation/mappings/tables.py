"""Rules of a table -> RML: one triples map for its rows, one term map for each column.

Source: RML-Core, section on triples maps; RML-IO, logical sources.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphmap.derivation.mappings.term_maps import iri_template, predicate_object, value_reference
from graphmap.derivation.namespaces import Space
from graphmap.rdf import Block, literal, pairs
from graphmap.rules import RecordClass, Schema

__all__ = ["table_blocks"]


def table_blocks(schema: Schema, record: RecordClass, space: Space) -> Iterator[Block]:
    """The mapping of a table's rows.

    Args:
        schema: the schema of the table.
        record: its class, whose annotation `template` makes the subject.
        space: the names.

    Yields:
        Source, triples map, subject map, then the term maps in the order of the columns.
    """
    slug = f"{schema.name}.{record.name}"
    yield Block(
        subject=space.map(record.name),
        pairs=pairs(
            ("rdf:type", "rml:RelativePathSource"),
            ("rml:root", "rml:MappingDirectory"),
            ("rml:path", literal(f"{record.name}.csv")),
        ),
    )
    yield Block(
        subject=space.map(f"{slug}.source"),
        pairs=pairs(
            ("rdf:type", "rml:LogicalSource"),
            ("rml:source", space.map(record.name)),
            ("rml:referenceFormulation", "rml:CSV"),
        ),
    )
    fields = tuple(schema.fields_of(record))
    yield Block(
        subject=space.map(slug),
        pairs=pairs(
            ("rdf:type", "rml:TriplesMap"),
            ("dcterms:source", literal(record.annotations["source"])),
            ("rml:logicalSource", space.map(f"{slug}.source")),
            ("rml:subjectMap", space.map(f"{slug}.subject")),
            (
                "rml:predicateObjectMap",
                [
                    predicate_object(space.term(schema.name, field.name), space.map(f"{slug}.{field.name}"))
                    for field in fields
                ],
            ),
        ),
    )
    yield _subject(schema, record, space)
    for field in fields:
        yield Block(
            subject=space.map(f"{slug}.{field.name}"),
            pairs=(
                *value_reference(field.name, space.name(schema.datatype(field) or "")),
                *pairs(("dcterms:source", literal(field.annotations["source"]))),
            ),
        )


def _subject(schema: Schema, record: RecordClass, space: Space) -> Block:
    identifier = next((field.name for field in schema.fields_of(record) if field.identifier), None)
    slug = f"{schema.name}.{record.name}.{identifier}"
    return Block(
        subject=space.map(f"{schema.name}.{record.name}.subject"),
        pairs=(
            *iri_template(space.base + record.annotations["template"]),
            *pairs(
                ("rml:class", space.term(schema.name, record.name)),
                ("graphmap:rule", literal(f"{slug}.minCount") if identifier else None),
                ("graphmap:uniqueRule", literal(f"{slug}.unique") if identifier else None),
            ),
        ),
    )
