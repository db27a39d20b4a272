"""Writes an RML mapping of tables out in the older vocabulary, for engines that read no other.

Only what a mapping of CSV columns uses is known: templates, references, constants, classes, datatypes, term types.
Functions and views have no older form; a mapping that uses them is refused.
Source: RML-Core and RML-IO, backwards compatibility; R2RML (`rr:`), the first RML (`rml:`, `ql:`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["OlderError", "older_vocabulary"]

_RML = "<http://w3id.org/rml/"
_R2RML = "http://www.w3.org/ns/r2rml#"
_FIRST_RML = "http://semweb.mmlab.be/ns/rml#"
_QUERY_LANGUAGE = "http://semweb.mmlab.be/ns/ql#"
_SOURCE = f"{_RML}source>"
_PATH = ox.NamedNode(f"{_RML[1:]}path")
_OF_FIRST_RML = frozenset({"logicalSource", "source", "referenceFormulation", "reference", "iterator"})
_OF_QUERY_LANGUAGE = frozenset({"CSV", "JSONPath"})
_OF_R2RML = frozenset(
    {
        "TriplesMap", "SubjectMap", "PredicateObjectMap", "ObjectMap", "PredicateMap", "subjectMap", "subject",
        "predicateObjectMap", "predicate", "predicateMap", "object", "objectMap", "template", "constant", "class",
        "datatype", "language", "termType", "IRI", "Literal", "BlankNode",
    }
)  # fmt: skip
_OF_NEITHER = frozenset(f"{_RML}{name}>" for name in ("LogicalSource", "ExpressionMap", "TermMap"))


class OlderError(Exception):
    """A mapping uses what the older vocabulary cannot say; the text names it."""


def older_vocabulary(mapping: Path) -> str:
    """The mapping in the older vocabulary, as N-Triples, which every reader of Turtle takes.

    Args:
        mapping: file in Turtle, in the vocabulary of `http://w3id.org/rml/`.

    Raises:
        OlderError: where a term has no older form.
    """
    quads = list(ox.parse(path=str(mapping), format=ox.RdfFormat.TURTLE))
    paths = {str(quad.subject): str(quad.object) for quad in quads if quad.predicate == _PATH}
    return "".join(_older_lines(quads, paths))


def _older_lines(quads: Sequence[ox.Quad], paths: Mapping[str, str]) -> Iterator[str]:
    for quad in quads:
        subject, predicate, value = str(quad.subject), str(quad.predicate), str(quad.object)
        if subject in paths or not (predicate.startswith(_RML) or value.startswith(_RML)):
            continue  # a source's own description, or what other vocabularies say of a map
        if value in _OF_NEITHER:
            continue
        value = paths.get(value, value) if predicate == _SOURCE else value
        yield f"{subject} {_older(predicate)} {_older(value)} .\n"


def _older(term: str) -> str:
    """The older form of a term in N-Triples form; a term of another vocabulary is its own."""
    if not term.startswith(_RML):
        return term
    name = term.removeprefix(_RML).removesuffix(">")
    for names, namespace in ((_OF_FIRST_RML, _FIRST_RML), (_OF_QUERY_LANGUAGE, _QUERY_LANGUAGE), (_OF_R2RML, _R2RML)):
        if name in names:
            return f"<{namespace}{name}>"
    message = f"rml:{name} has no form in the older vocabulary"
    raise OlderError(message)
