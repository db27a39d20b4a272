"""Keys in mappings: the IRI of a thing from its key, and the rules that a key answers to.

Values that are joined are kept apart by `,`, which IRI-safe encoding always escapes inside a value, so that two keys
never meet.
Source: RML-Core, section on templates (IRI-safe encoding); RFC 3987, section 2.2 (iunreserved).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphmap.derivation.mappings.term_maps import iri_template, predicate_object
from graphmap.derivation.namespaces import Space
from graphmap.rdf import Blank
from graphmap.rules import Checked, RecordClass, Rule, Schema, rules_of

__all__ = ["column_keys", "entity_template", "joined_keys", "key_rules", "placeholder"]


def placeholder(reference: str) -> str:
    """A reference inside a template."""
    escaped = reference.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
    return f"{{{escaped}}}"


def entity_template(schema: Schema, record: RecordClass, space: Space, references: Sequence[str]) -> str:
    """The template of the IRIs of a class's things.

    Args:
        schema: a schema that knows the class.
        record: the class.
        space: the names.
        references: to the values of its key, in the order of its fields.
    """
    named = schema.named_after(record)
    return space.entity(named.home, named.name, ",".join(map(placeholder, references)))


def column_keys(predicate: str, references: Sequence[str], space: Space) -> Blank:
    """A key of several fields as one value; one that lacks a field has none, and meets no other."""
    template = f"{space.base}key#{','.join(map(placeholder, references))}"
    return predicate_object(space.name(predicate), Blank(pairs=iri_template(template)))


def joined_keys(schema: Schema, record: RecordClass) -> Iterator[tuple[str, Rule]]:
    """The keys of several fields of a class and of those above it, each after the name of the schema that has it.

    Args:
        schema: a schema that knows the class.
        record: the class.
    """
    for owner in (record, *schema.ancestors(record)):
        if any(len(key.fields) > 1 for key in owner.unique_keys):
            rules = (rule for rule in rules_of(schema, owner) if rule.checked is Checked.SHAPE)
            yield from ((owner.home, rule) for rule in rules if rule.aspect == "unique" and len(rule.values) > 1)


def key_rules(schema: Schema, record: RecordClass) -> tuple[str | None, str | None]:
    """Slugs of the rules that a key is there, and that no other record has it.

    Args:
        schema: a schema that knows the class.
        record: the class; not abstract.
    """
    slug = f"{record.home}.{record.name}"
    names = next(iter(schema.keys_of(record)), ())
    if record.identifier is not None:
        return f"{slug}.{names[0]}.minCount", f"{slug}.{names[0]}.unique"
    line = (record, *schema.ancestors(record))
    keys = (f"{each.home}.{each.name}.{key.name}" for each in line for key in each.unique_keys if key.fields == names)
    unique = next(keys, None)
    missing = f"{slug}.key" if names else None
    return missing, f"{unique}.unique" if unique and record.kind != "embedded" else None
