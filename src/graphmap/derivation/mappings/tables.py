"""Rules of a table -> RML: one triples map for its rows, one term map for each column.

Source: RML-Core, section on triples maps; RML-IO, logical sources.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphmap.derivation.mappings.keys import column_keys, entity_template, joined_keys, key_rules
from graphmap.derivation.mappings.term_maps import iri_template, predicate_object, segment, value_reference
from graphmap.derivation.namespaces import Space, key_property
from graphmap.files import file_part
from graphmap.rdf import Blank, Block, Pairs, literal, pairs
from graphmap.rules import Field, RecordClass, Schema, embeds, is_unread

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
            ("rml:path", literal(f"{file_part(record.name)}.csv")),
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
    maps = [
        predicate_object(space.term_of(field), space.map(f"{slug}.{segment(field.name)}"))
        for field in fields
        if not (embeds(schema, field) or is_unread(schema, field))
    ]
    yield Block(
        subject=space.map(slug),
        pairs=pairs(
            ("rdf:type", "rml:TriplesMap"),
            ("dcterms:source", literal(record.annotations["source"])),
            ("rml:logicalSource", space.map(f"{slug}.source")),
            ("rml:subjectMap", space.map(f"{slug}.subject")),
            ("rml:predicateObjectMap", [*maps, *_joined_keys(schema, record, space)]),
        ),
    )
    yield _subject(schema, record, space)
    for field in fields:
        if not (embeds(schema, field) or is_unread(schema, field)):
            yield Block(
                subject=space.map(f"{slug}.{segment(field.name)}"),
                pairs=(*_value(schema, field, space), *pairs(("dcterms:source", literal(field.annotations["source"])))),
            )


def _value(schema: Schema, field: Field, space: Space) -> Pairs:
    """A column as a value, or as a link to the thing whose key it holds; `columns` names those of a longer key."""
    if schema.is_link(field):
        columns = field.annotations.get("columns", field.name).split()
        return iri_template(entity_template(schema, schema.targets(field)[0], space, columns))
    datatype = schema.datatype(field)
    return value_reference(field.name, space.name(datatype) if datatype else None)


def _joined_keys(schema: Schema, record: RecordClass, space: Space) -> Iterator[Blank]:
    for home, rule in joined_keys(schema, record):
        yield column_keys(key_property(home, rule, space), rule.values, space)


def _subject(schema: Schema, record: RecordClass, space: Space) -> Block:
    missing, unique = key_rules(schema, record)
    template = record.annotations.get("template")
    names = next(iter(schema.keys_of(record)), ())
    return Block(
        subject=space.map(f"{schema.name}.{record.name}.subject"),
        pairs=(
            *iri_template(space.base + template if template else entity_template(schema, record, space, names)),
            *pairs(
                ("rml:class", space.term_of(record)),
                ("graphmap:rule", literal(missing) if missing else None),
                ("graphmap:uniqueRule", literal(unique) if unique else None),
            ),
        ),
    )
