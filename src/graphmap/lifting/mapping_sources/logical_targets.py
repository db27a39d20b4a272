"""Reads how a mapping describes where statements go: path, root, syntax, encoding and packing.

Source: RML-IO, logical targets.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from graphmap.lifting.mapping_document import Nodes
from graphmap.lifting.plan import Target, rml
from graphmap.rdf import Token, iri_of, local_name

__all__ = ["targets_of"]

_SYNTAXES = {
    "N-Quads": "nq",
    "N-Triples": "nt",
    "Turtle": "ttl",
    "TriG": "trig",
    "N3": "n3",
    "JSON-LD": "jsonld",
    "RDF_XML": "rdf",
}
_PACKINGS = ("none", "gzip", "zip", "targz", "tarxz")


def targets_of(nodes: Nodes, maps: Iterable[Token]) -> tuple[Target, ...]:
    """The targets that some term maps name, each once, sorted by path.

    Raises:
        MappingError: where one is no file that can be written.
    """
    found = {_target(nodes, each) for node in maps for each in nodes.all(node, rml("logicalTarget"))}
    return tuple(sorted(found, key=lambda target: target.path))


def _target(nodes: Nodes, node: Token) -> Target:
    file = nodes.one(node, rml("target"))
    path = nodes.text(file, rml("path"))
    if not path:
        raise nodes.fault(file, "the target names no file", "add rml:path")
    encoding = nodes.maybe(node, rml("encoding"))
    return Target(
        path=path,
        from_working_directory=nodes.maybe(file, rml("root")) != rml("MappingDirectory"),
        syntax=_SYNTAXES[_word(nodes, node, "serialization", tuple(_SYNTAXES))],
        packing=_word(nodes, node, "compression", _PACKINGS),
        encoding="utf-8" if encoding is None else _codec(nodes, node, local_name(iri_of(encoding))),
    )


def _word(nodes: Nodes, node: Token, name: str, known: tuple[str, ...]) -> str:
    """One of the known words, the first where none is given."""
    given = nodes.maybe(node, rml(name))
    word = known[0] if given is None else local_name(iri_of(given))
    if word not in known:
        raise nodes.fault(node, f"rml:{name} {word} is not written here", f"known: {', '.join(known)}")
    return word


def _codec(nodes: Nodes, node: Token, encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise nodes.fault(node, f"{encoding} is not a known encoding", "use rml:UTF-8 or rml:UTF-16") from error
