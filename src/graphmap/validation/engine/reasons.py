"""Reasons of results: what a value is, and what was expected instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graphmap.rdf import RDF, XSD, Token, canonical, iri_of, literal_parts, local_name
from graphmap.validation.shapes import SH, Constraint

__all__ = ["kind_of", "reason_of"]

_PREFIXES = {XSD: "xsd:", RDF: "rdf:", SH: "sh:"}


def reason_of(constraint: Constraint, sentence: str) -> Callable[[Token | None], str]:
    """Compile the reason of a constraint.

    Args:
        constraint: the constraint.
        sentence: what it expects, in words.

    Returns:
        A function from the value, or `None`, to the reason.
    """
    special = _SPECIAL.get(constraint.component)
    if special is None:
        return lambda _value: sentence
    return lambda value: sentence if value is None else special(constraint, value)


def kind_of(value: Token) -> str:
    """The kind of a term in words.

    >>> kind_of('"x"'), kind_of('"x"^^<http://www.w3.org/2001/XMLSchema#integer>'), kind_of("<a:b>")
    ('an xsd:string', 'an ill-formed xsd:integer', 'an IRI')
    """
    if value[0] != '"':
        return "an IRI" if value[0] == "<" else "a blank node"
    parts = literal_parts(value)
    if parts.language is not None:
        return f"a text in language {parts.language}"
    name = _short(parts.datatype)
    if canonical(parts.datatype, parts.lexical) is None and name.startswith("xsd:") and name != "xsd:string":
        return f"an ill-formed {name}"
    return f"an {name}" if name[0] in "aeioux" else f"a {name}"


def _short(iri: str) -> str:
    for namespace, prefix in _PREFIXES.items():
        if iri.startswith(namespace):
            return prefix + iri[len(namespace) :]
    return local_name(iri) or iri


def _expected(constraint: Constraint) -> str:
    return " or ".join(_short(iri_of(term)) for term in constraint.terms)


def _datatype(constraint: Constraint, value: Token) -> str:
    return f"is {kind_of(value)}, expected {_expected(constraint)}"


def _node_kind(constraint: Constraint, value: Token) -> str:
    return f"is {kind_of(value)}, expected {_expected(constraint)}"


def _class(constraint: Constraint, value: Token) -> str:
    what = "" if value[0] != '"' else f"is {kind_of(value)}, and "
    return f"{what}is no instance of {_expected(constraint)}"


_SPECIAL: Mapping[str, Callable[[Constraint, Token], str]] = {
    "DatatypeConstraintComponent": _datatype,
    "NodeKindConstraintComponent": _node_kind,
    "ClassConstraintComponent": _class,
}
