"""Reads how a mapping describes a source: path, root, encoding, nulls, the dialect of a table.

Source: RML-IO, sources; CSVW, table dialects.
"""

from __future__ import annotations

import codecs

from graphmap.lifting.nodes import Nodes
from graphmap.lifting.plan import Formulation, LogicalSource
from graphmap.lifting.vocabulary import rml
from graphmap.terms import Token, iri_of, literal_parts

__all__ = ["described_source"]

_CSVW = "http://www.w3.org/ns/csvw#"


def described_source(nodes: Nodes, node: Token, formulation: Formulation) -> LogicalSource:
    """The source that a node describes.

    Raises:
        MappingError: where the description contradicts itself, or its encoding is unknown.
    """
    path = nodes.text(node, rml("path")) or nodes.text(node, _csvw("url"))
    dialect = nodes.maybe(node, _csvw("dialect")) or node
    encoding = _encoding(nodes, node) or nodes.text(dialect, _csvw("encoding"))
    return LogicalSource(
        name=iri_of(node) if node[0] == "<" else path or node,
        path=path,
        formulation=formulation,
        nulls=tuple(sorted(_texts(nodes, node, rml("null")) | _texts(nodes, node, _csvw("null")))),
        encoding=_codec(nodes, node, encoding) if encoding is not None else None,
        delimiter=nodes.text(dialect, _csvw("delimiter")),
        from_working_directory=nodes.maybe(node, rml("root")) == rml("CurrentWorkingDirectory"),
    )


def _csvw(name: str) -> Token:
    return f"<{_CSVW}{name}>"


def _texts(nodes: Nodes, node: Token, predicate: Token) -> frozenset[str]:
    return frozenset(literal_parts(each).lexical for each in nodes.all(node, predicate))


def _encoding(nodes: Nodes, node: Token) -> str | None:
    given = nodes.maybe(node, rml("encoding"))
    return None if given is None else iri_of(given).removeprefix(rml("")[1:-1])


def _codec(nodes: Nodes, node: Token, encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise nodes.fault(node, f"{encoding} is no encoding known here", "use rml:UTF-8 or rml:UTF-16") from error
