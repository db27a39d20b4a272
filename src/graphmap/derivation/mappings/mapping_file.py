"""Rules -> RML: one mapping file for each schema that has records."""

from __future__ import annotations

from collections.abc import Iterator

from graphmap.derivation.mappings.documents import DocumentMapping
from graphmap.derivation.mappings.references import reference_blocks
from graphmap.derivation.mappings.tables import table_blocks
from graphmap.derivation.namespaces import Space
from graphmap.rdf import Block, document
from graphmap.rules import Schema

__all__ = ["mapping_of"]


def mapping_of(schema: Schema, space: Space) -> str:
    """The mapping of a schema, in Turtle.

    A schema that has a class `Envelope` describes documents, any other the rows of tables. A class of kind `child` gets
    no triples map, because nothing is known of a key for its rows.

    Args:
        schema: the rules.
        space: the names.
    """
    title = f"How {schema.title} becomes RDF. Derived from rules/{schema.name}.yaml by `graphmap derive`; do not edit."
    return document(title=title, prefixes=space.prefixes, blocks=_blocks(schema, space))


def _blocks(schema: Schema, space: Space) -> Iterator[Block]:
    for record in schema.classes.values():
        if record.kind != "record":
            continue
        if "Envelope" in schema.classes:
            documents = DocumentMapping(schema=schema, root=record, space=space)
            yield from documents.blocks()
            yield from reference_blocks(documents)
        else:
            yield from table_blocks(schema, record, space)
