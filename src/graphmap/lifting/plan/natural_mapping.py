"""From a value in a record to an RDF term: natural datatypes, value forms of a source, IRIs, blank nodes.

Source: RML-Core, natural mapping of datatypes and generation of RDF terms; RML-IO, null values.
"""

from __future__ import annotations

import re
from typing import Any

from graphmap.errors import TermError
from graphmap.rdf import RDF, XSD, Token, canonical, iri_safe, literal_token
from graphmap.records import Typed, ValueForms
from graphmap.records.readers import Element, Number

__all__ = ["RDF_JSON", "Scalar", "blank_token", "in_graph", "is_natural", "language_tag", "scalar", "typed_text"]

RDF_JSON = RDF + "JSON"
_LANGUAGE = re.compile(
    r"""(?:[a-z]{2,3}(?:-[a-z]{3}){0,3} | [a-z]{4,8})      # language
        (?:-[a-z]{4})? (?:-(?:[a-z]{2} | [0-9]{3}))?       # script, region
        (?:-(?:[a-z0-9]{5,8} | [0-9][a-z0-9]{3}))*         # variants
        (?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*                # extensions
        (?:-x(?:-[a-z0-9]{1,8})+)?                         # private use
      | x(?:-[a-z0-9]{1,8})+
      | i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)
      | en-gb-oed | sgn-be-fr | sgn-be-nl | sgn-ch-de""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
).fullmatch
_LABEL = re.compile(r"[A-Za-z0-9]+").fullmatch

Scalar = tuple[str, str | None]
"""Text of a value and the IRI of its natural datatype; `None` stands for a plain string."""


def is_natural(text: str, datatype: str | None) -> bool:
    """Tell whether the text of a scalar is one of its natural datatype; a database's infinity is no date."""
    return datatype is None or canonical(datatype, text) is not None


def scalar(value: Any) -> Scalar | None:
    """Text and natural datatype of a scalar; `None` for an object or an array.

    >>> scalar(True), scalar("x")
    (('true', 'http://www.w3.org/2001/XMLSchema#boolean'), ('x', None))
    """
    if isinstance(value, Number):
        return canonical(XSD + "double", value) or str(value), XSD + "double"
    if isinstance(value, Typed):
        return canonical(value.datatype, value) or str(value), value.datatype
    if isinstance(value, str):
        return value, None
    if isinstance(value, bool):
        return ("true" if value else "false"), XSD + "boolean"
    if isinstance(value, int):
        return str(value), XSD + "integer"
    if isinstance(value, Element):
        return value.text, None
    return None


def typed_text(text: str, datatype: str, forms: ValueForms) -> tuple[Token, bool]:
    """The literal of a datatype, and whether it is well-typed; an ill-typed value keeps its text as it came."""
    form = forms.read(datatype, text)
    return literal_token(text if form is None else form, datatype=datatype), form is not None


def language_tag(text: str) -> str:
    """A well-formed language tag, in lower case.

    Source: RFC 5646, section 2.1.

    Raises:
        TermError: where the text is none.

    >>> language_tag("de-CH")
    'de-ch'
    """
    if not _LANGUAGE(text):
        raise TermError(f"{text!r} is not a language tag", hint="use a tag of BCP 47 such as en or de-CH")
    return text.lower()


def blank_token(text: str) -> Token:
    """The blank node of a generated text: equal texts give the same node, other texts another."""
    if _LABEL(text):
        return f"_:b{text}"
    return "_:x" + iri_safe(text).encode("utf-8").hex()


def in_graph(token: Token, graph: Token | None) -> Token:
    """A generated term as it stands in a graph: a blank node is one of its own in each named graph.

    Source: RML-Core, graph maps, scope of blank nodes; R2RML, section 9.

    >>> in_graph("_:b7", "<urn:g>"), in_graph("_:b7", None), in_graph('"7"', "<urn:g>")
    ('_:g3c75726e3a673e.b7', '_:b7', '"7"')
    """
    return f"_:g{graph.encode().hex()}.{token[2:]}" if graph is not None and token.startswith("_:") else token
