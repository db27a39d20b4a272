"""Names of shapes: for people, and such as stay when other shapes of the file change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from graphmap.rdf import NOTHING, Graph, Token, local_name
from graphmap.validation.shapes.property_paths import Path
from graphmap.validation.shapes.vocabulary import sh

__all__ = ["content_key", "path_title", "title_of"]

_IRI = re.compile(r"<([^<>]*)>")
_DEEPEST = 20


def title_of(graph: Graph, node: Token, path: Path | None, name: str | None) -> str:
    """The name of a shape for people: its `sh:name`, else the end of its path; a parent stands behind a bare path."""
    if name or path is None:
        return name or (local_name(node[1:-1]) if node[0] == "<" else "a shape without a name")
    parents = [parent for parent in graph.subjects(sh("property"), node) if parent[0] == "<"]
    return path_title(path) + (f" of {local_name(parents[0][1:-1])}" if parents else "")


def path_title(path: Path) -> str:
    """A path with local names in place of IRIs.

    >>> from graphmap.validation.shapes.property_paths import predicate_path
    >>> path_title(predicate_path("<http://example.org/name>"))
    'name'
    """
    return _IRI.sub(lambda match: local_name(match[1]) or match[1], str(path))


def content_key(graph: Graph, node: Token) -> str:
    """A name for a blank shape, from its content and from the shapes that lead to it.

    Two blank shapes of one content below one parent share a name, for nothing tells them apart.
    """
    text = "\n".join(sorted({*_content(graph, node, _DEEPEST), *_above(graph, node, _DEEPEST)}))
    return f"s{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"


def _content(graph: Graph, node: Token, deepest: int) -> Iterator[str]:
    for predicate, values in graph.forward.get(node, NOTHING).items():
        for value in values:
            if value[0] != "_":
                yield f"{predicate} {value}"
            elif deepest:
                inner = sorted(_content(graph, value, deepest - 1))
                yield f"{predicate} [{' ; '.join(inner)}]"


def _above(graph: Graph, node: Token, deepest: int) -> Iterator[str]:
    """The named shapes that lead to a blank one, by the predicates on the way."""
    for name in ("property", "node", "not", "qualifiedValueShape"):
        for parent in graph.subjects(sh(name), node):
            if parent[0] == "<":
                yield f"{parent} {name}"
            elif deepest:
                yield from (f"{each}/{name}" for each in _above(graph, parent, deepest - 1))
