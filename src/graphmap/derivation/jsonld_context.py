"""Rules -> a JSON-LD context, in which the graph reads like the records that it came from.

Source: JSON-LD 1.1, section 4.1 (the context), 4.2.3 (type coercion).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from graphmap.derivation.namespaces import Space
from graphmap.derivation.ontology import uses
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
    context |= {name: space.prefixes[name] for name in (*_PREFIXES, *(schema.name for schema in given))}
    for schema in given:
        for name, definition in _terms(schema).items():
            context[name if name not in context else f"{schema.name}:{name}"] = definition
    return json.dumps({"@context": context}, indent=2, ensure_ascii=False) + "\n"


def _terms(schema: Schema) -> Mapping[str, object]:
    classes = {
        record.name: f"{schema.name}:{record.name}" for record in schema.classes.values() if record.kind != "envelope"
    }
    return classes | {name: _definition(schema, name) for name in uses(schema)}


def _definition(schema: Schema, name: str) -> object:
    iri = f"{schema.name}:{name}"
    datatypes = {schema.datatype(use.field) for use in uses(schema)[name]}
    datatype = datatypes.pop() if len(datatypes) == 1 else XSD + "string"
    if datatype is None:
        return {"@id": iri, "@type": "@id"}
    if datatype == XSD + "string":
        return iri
    return {"@id": iri, "@type": f"xsd:{datatype.removeprefix(XSD)}"}
