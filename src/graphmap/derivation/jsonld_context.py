"""Rules -> a JSON-LD context, in which the graph reads like the records that it came from.

Source: JSON-LD 1.1, section 4.1 (the context), 4.2.3 (type coercion).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from graphmap.derivation.namespaces import Space
from graphmap.derivation.ontology import Use, uses
from graphmap.rdf import XSD
from graphmap.rules import Schema

__all__ = ["context_of"]

_ALIASES = {"id": "@id", "type": "@type", "label": "rdfs:label"}
_ENDS_A_PREFIX = re.compile(r".*[]:/?#[@]").fullmatch
_TERM = re.compile(r"[^@:/][^:/]*").fullmatch
"""A term that reads neither as a keyword nor as an IRI, which would have to be its own (section 4.1)."""
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
    prefixes = (*_PREFIXES, *(schema.name for schema in given if schema.name not in _ALIASES))
    known = {name: space.prefixes[name] for name in prefixes if name in space.prefixes}
    context: dict[str, object] = {"@version": 1.1, **_ALIASES}
    context |= {name: iri if _ENDS_A_PREFIX(iri) else {"@id": iri, "@prefix": True} for name, iri in known.items()}
    for schema in given:
        for name, definition in _terms(schema, space, known).items():
            for term in (name, f"{schema.name}:{name}"):
                if term not in context and (_TERM(term) or term == _iri(definition)):
                    context[term] = definition
                    break
    return json.dumps({"@context": context}, indent=2, ensure_ascii=False) + "\n"


def _iri(definition: object) -> object:
    return definition["@id"] if isinstance(definition, dict) else definition


def _terms(schema: Schema, space: Space, known: Mapping[str, str]) -> Mapping[str, object]:
    classes = {
        record.name: _compact(space.term_of(record), space, known)
        for record in schema.classes.values()
        if record.kind != "envelope"
    }
    terms: dict[str, object] = {}
    for iri, found in uses(schema, space).items():
        for use in found:  # one property may have several names
            terms.setdefault(use.field.name, _definition(schema, _compact(iri, space, known), found))
    return classes | terms


def _compact(name: str, space: Space, known: Mapping[str, str]) -> str:
    """A name with a prefix that the context has, else the whole IRI."""
    prefix, _, local = name.partition(":")
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
