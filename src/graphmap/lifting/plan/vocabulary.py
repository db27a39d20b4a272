"""The names of RML, and the older names that are read as the same.

Source: RML-Core, backwards compatibility; R2RML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from graphmap.rdf import Token

__all__ = ["RML", "in_new_terms", "rml"]

RML = "http://w3id.org/rml/"
_R2RML = "http://www.w3.org/ns/r2rml#"
_OLD_RML = "http://semweb.mmlab.be/ns/rml#"
_OLD_QUERY = "http://semweb.mmlab.be/ns/ql#"
_OLD_FUNCTIONS = "http://semweb.mmlab.be/ns/fnml#"

_RENAMED: Mapping[str, str] = MappingProxyType(
    {
        _R2RML + "column": "reference",
        _R2RML + "logicalTable": "logicalSource",
        _OLD_RML + "languageMap": "languageMap",
        _OLD_RML + "query": "sqlQuery",
        _OLD_FUNCTIONS + "execution": "functionExecution",
        _OLD_FUNCTIONS + "value": "inputValue",
        _OLD_FUNCTIONS + "valueMap": "inputValueMap",
        _OLD_QUERY + "CSV": "CSV",
        _OLD_QUERY + "JSONPath": "JSONPath",
        _OLD_QUERY + "XPath": "XPath",
    }
)


def rml(name: str) -> Token:
    """The token of an RML term.

    >>> rml("template")
    '<http://w3id.org/rml/template>'
    """
    return f"<{RML}{name}>"


def in_new_terms(triples: Iterable[tuple[Token, Token, Token]]) -> Iterator[tuple[Token, Token, Token]]:
    """The triples of a mapping with the older names replaced by those of RML-Core, in the given order."""
    for triple in triples:
        yield tuple(map(_renamed, triple))  # type: ignore[misc]  # three in, three out


def _renamed(token: Token) -> Token:
    iri = token[1:-1]
    if token[0] != "<":
        return token
    if iri in _RENAMED:
        return rml(_RENAMED[iri])
    for old in (_R2RML, _OLD_RML, _OLD_FUNCTIONS):
        if iri.startswith(old):
            return rml(iri.removeprefix(old))
    return token
