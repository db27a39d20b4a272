"""Reads function values of the older vocabulary, where a function is told by predicate-object maps.

Source: the FNML vocabulary and the Function Ontology, before RML-FNML.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphmap.lifting.mapping_document import Nodes
from graphmap.lifting.plan import rml
from graphmap.rdf import Token, iri_of, literal_parts

__all__ = ["legacy_function"]

_EXECUTES = ("https://w3id.org/function/ontology#executes", "http://w3id.org/function/ontology#executes")


def legacy_function(nodes: Nodes, node: Token) -> tuple[str, list[tuple[Token, str, Token]]]:
    """The function that a function value executes, and its parameters.

    Returns:
        The IRI of the function; and for each parameter its predicate-object map, its IRI, and the object or object map
        that gives its value.

    Raises:
        MappingError: where no function is told, or several.
    """
    pairs = list(_pairs(nodes, node))
    told = [(pair, value) for pair, predicate, value in pairs if predicate in _EXECUTES]
    if len(told) != 1:
        what = f"the function value executes {len(told)} functions"
        raise nodes.fault(node, what, "give it one predicate-object map with fno:executes")
    pair, value = told[0]
    function = value if nodes.all(pair, rml("object")) else nodes.one(value, rml("constant"))
    # a text, too, names a function in older mappings
    iri = literal_parts(function).lexical if function[0] == '"' else iri_of(function)
    return iri, [each for each in pairs if each[1] not in _EXECUTES]


def _pairs(nodes: Nodes, node: Token) -> Iterator[tuple[Token, str, Token]]:
    for pair in nodes.all(node, rml("predicateObjectMap")):
        predicate = nodes.maybe(pair, rml("predicate"))
        if predicate is None:
            predicate = nodes.one(nodes.one(pair, rml("predicateMap")), rml("constant"))
        value = nodes.maybe(pair, rml("object"))
        yield pair, iri_of(predicate), nodes.one(pair, rml("objectMap")) if value is None else value
