"""Rules -> RML: a mapping file for each class of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphmap.derivation.mappings.documents import DocumentMapping
from graphmap.derivation.mappings.nested import NestedMapping
from graphmap.derivation.mappings.references import reference_blocks
from graphmap.derivation.mappings.tables import table_blocks
from graphmap.derivation.namespaces import Space
from graphmap.errors import RulesError
from graphmap.files import file_part
from graphmap.rdf import Block, document
from graphmap.rules import RecordClass, Schema, embeds

__all__ = ["Reading", "mappings_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Form of the records of a class, where a source says so.

    Args:
        kind: `table` for rows, `documents` for nested ones.
        iterator: JSONPath of the records in a document.
    """

    kind: str
    iterator: str = "$"


def mappings_of(schema: Schema, space: Space, readings: Mapping[str, Reading]) -> Mapping[str, str]:
    """The mapping files of a schema: one for each class of records.

    The only class that says that it is one (`graphmap:kind: record`) has a file named after the schema, where no source
    reads it; any other has `{schema}.{Class}.ttl`. A class gets a file where its things have a key, or things inside
    it have; a class of kind `child` gets none, because nothing is known of a key for its rows.

    Args:
        schema: the rules.
        space: the names.
        readings: how the records of a class come, by its name; a class with objects or lists in it comes as documents,
            any other as rows of a table, where nothing is said.

    Returns:
        Turtle by file name.

    Raises:
        RulesError: where a source reads a class whose records have no key.
    """
    said = [record for record in schema.classes.values() if record.annotations.get("kind") == "record"]
    files: dict[str, str] = {}
    for record in schema.classes.values():
        reading = readings.get(record.name)
        if not reading and (record.kind != "record" or record.abstract):
            continue
        blocks = tuple(_blocks(schema, record, space, reading or Reading(kind=usual_kind(schema, record))))
        if any("rml:TriplesMap" in str(block.pairs[0]) for block in blocks):
            name = schema.name if said == [record] and not reading else f"{schema.name}.{file_part(record.name)}"
            files[f"{name}.ttl"] = document(title=_title(schema), prefixes=space.prefixes, blocks=blocks)
        elif reading:
            what = f"class {record.name} has no key, so that its records cannot be named, and a source reads it"
            hint = "add identifier: true to a slot, or unique_keys to the class"
            raise RulesError(what, where=record.where, hint=hint)
    return files


def _title(schema: Schema) -> str:
    subject = " ".join(schema.title.split())
    return f"How {subject} becomes RDF. Derived from {schema.file} by `graphmap derive`; do not edit."


def _blocks(schema: Schema, record: RecordClass, space: Space, reading: Reading) -> Iterator[Block]:
    if any(each.kind == "envelope" for each in schema.classes.values()):
        documents = DocumentMapping(schema=schema, root=record, space=space)
        yield from documents.blocks()
        yield from reference_blocks(documents)
    elif reading.kind == "documents":
        yield from NestedMapping(schema=schema, root=record, space=space, iterator=reading.iterator).blocks()
    elif schema.keys_of(record) or "template" in record.annotations:
        yield from table_blocks(schema, record, space)


def usual_kind(schema: Schema, record: RecordClass) -> str:
    """Form of the records of a class where no source names it."""
    nested = record.tree_root or any(
        field.maximum_count != 1 or embeds(schema, field) for field in schema.fields_of(record)
    )
    return "documents" if nested and "template" not in record.annotations else "table"
