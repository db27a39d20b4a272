"""Rules -> a JSON-LD context, in which the graph reads like the records that it came from.

Source: JSON-LD 1.1, section 4.1 (the context), 4.2.3 (type coercion).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from graphmap.derivation.namespaces import Space
from graphmap.derivation.ontology import Use, uses
from graphmap.rdf import XSD
from graphmap.rules import Schema

__all__ = ["context_of"]

_PREFIXES = ("dcterms", "graphmap", "owl", "rdf", "rdfs", "sh", "skos", "xsd")


def context_of(schemas: Iterable[Schema], space: Space) -> str:
    """The context, as a JSON document.

    The first schema with a name has it plain; a later one that uses the same name for something else has it with its
    prefix.

    Args:
        schemas: in order of preference.
        space: the names.
    """
    given = tuple(schemas)
    context: dict[str, object] = {"@version": 1.1, "id": "@id", "type": "@type", "label": "rdfs:label"}
    prefixes = (*_PREFIXES, *(schema.name for schema in given))
    context |= {name: space.prefixes[name] for name in prefixes if name in space.prefixes}
    for schema in given:
        for name, definition in _terms(schema, space).items():
            context[name if name not in context else f"{schema.name}:{name}"] = definition
    return json.dumps({"@context": context}, indent=2, ensure_ascii=False) + "\n"


def _terms(schema: Schema, space: Space) -> Mapping[str, object]:
    classes = {
        record.name: _compact(space.term_of(record), schema, space)
        for record in schema.classes.values()
        if record.kind != "envelope"
    }
    terms: dict[str, object] = {}
    for iri, found in uses(schema, space).items():
        for use in found:  # one property may have several names
            terms.setdefault(use.field.name, _definition(schema, _compact(iri, schema, space), found))
    return classes | terms


def _compact(name: str, schema: Schema, space: Space) -> str:
    """A name with a prefix that the context has, else the whole IRI."""
    prefix, _, local = name.partition(":")
    known = (*_PREFIXES, schema.name)
    return name.strip("<>") if name.startswith("<") or prefix in known else space.prefixes[prefix] + local


def _definition(schema: Schema, iri: str, found: tuple[Use, ...]) -> object:
    fields = [use.field for use in found]
    if all(schema.is_link(field) for field in fields):
        return {"@id": iri, "@type": "@id"}
    datatypes = {schema.datatype(field) for field in fields}
    datatype = datatypes.pop() if len(datatypes) == 1 else XSD + "string"
    if datatype in (None, XSD + "string"):
        return iri
    return {"@id": iri, "@type": f"xsd:{str(datatype).removeprefix(XSD)}"}
