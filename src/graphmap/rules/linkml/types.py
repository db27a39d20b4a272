"""Types of values: those of LinkML, and those that a schema makes of them.

Source: LinkML metamodel 1.8, linkml:types, TypeDefinition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from graphmap.rdf import XSD
from graphmap.rules.linkml.documents import Element, Notes, joined_name
from graphmap.rules.linkml.entries import Entries, entries_of
from graphmap.rules.linkml.expressions import equals_of
from graphmap.rules.model import ValueType

__all__ = ["standard_types", "types_of"]

_DAY = r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}"
_STANDARD = {
    "string": "string",
    "integer": "integer",
    "boolean": "boolean",
    "float": "float",
    "double": "double",
    "decimal": "decimal",
    "time": "time",
    "date": "date",
    "datetime": "dateTime",
    "uri": "anyURI",
    "uriorcurie": "anyURI",
    "curie": "string",
    "ncname": "string",
    "objectidentifier": "anyURI",
    "nodeidentifier": "anyURI",
    "jsonpointer": "string",
    "jsonpath": "string",
    "sparqlpath": "string",
    "date_or_datetime": "string",
}
_PATTERNS = {
    "date_or_datetime": rf"^{_DAY}(T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})?)?$",
    "curie": r"^[^\s:]*:[^\s]*$",
    "ncname": r"^[\i-[:]][\c-[:]]*$",
    "jsonpointer": r"^(/[^/]*)*$",
}
_IS_DATATYPE = re.compile(
    "string|integer|boolean|float|double|decimal|time|date|dateTime|anyURI|int|long|short|byte|nonNegativeInteger"
    "|positiveInteger|nonPositiveInteger|negativeInteger|unsignedInt|unsignedLong|unsignedShort|unsignedByte|gYear"
    "|gYearMonth|gMonth|gDay|gMonthDay|duration|dayTimeDuration|yearMonthDuration|dateTimeStamp|hexBinary|base64Binary"
    "|normalizedString|token|language|Name|NCName|NMTOKEN"
).fullmatch


def standard_types() -> dict[str, ValueType]:
    """The types of `linkml:types`, by name."""
    return {
        name: ValueType(name=name, iri=XSD + local, description="", pattern=_PATTERNS.get(name))
        for name, local in _STANDARD.items()
    }


def types_of(elements: Mapping[str, Element], notes: Notes) -> dict[str, ValueType]:
    """The types of a schema beside the standard ones.

    Args:
        elements: those that it can refer to, by name.
        notes: takes in problems and losses.
    """
    known = standard_types()
    entries = {
        joined_name(name): entries_of(each.node, "a type", name, each.document, notes)
        for name, each in elements.items()
    }
    for name in entries:
        known[name] = _type(name, entries, known, seen=())
    return known


def _type(
    name: str, entries: Mapping[str, Entries], known: Mapping[str, ValueType], seen: tuple[str, ...]
) -> ValueType:
    own = entries[name]
    above = joined_name(own.text("typeof"))
    if above in seen or above == name:
        own.notes.problem(f"type {name} is made of itself", own.given["typeof"].where, "name a standard type")
        above = "string"
    if above and above not in known and above not in entries:
        hint = f"name one of {', '.join(_STANDARD)}, or a type of the schema"
        own.notes.problem(f"type {name} is made of {above}, which is no type", own.given["typeof"].where, hint)
        above = "string"
    if above in entries:
        parent = _type(above, entries, known, (*seen, name))
    else:
        parent = standard_types().get(above or (name if name in _STANDARD else "string"), known["string"])
    return ValueType(
        name=name,
        iri=_datatype(own, parent),
        description=own.text("description"),
        minimum=own.number("minimum_value") or parent.minimum,
        maximum=own.number("maximum_value") or parent.maximum,
        pattern=own.pattern() or parent.pattern,
        equals=equals_of(own) or parent.equals,
    )


def _datatype(own: Entries, parent: ValueType) -> str:
    key = "uri" if "uri" in own.given else "type_uri"
    iri = own.iri(key)
    if iri is None:
        return parent.iri
    if iri.startswith(XSD) and _IS_DATATYPE(iri.removeprefix(XSD)):
        return iri
    why = f"it is no datatype that values are checked by; they are {parent.iri.removeprefix(XSD)}"
    own.notes.loss(own.document, own.subject, f"{key} {own.text(key)}", why, own.given[key].where)
    return parent.iri
