"""SHACL property paths: their model, how they are read from a shapes graph, and how they are followed.

Source: SHACL, section 2.3.1 (property paths).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from graphmap.errors import ShapesError
from graphmap.rdf import NOTHING, Graph, Token, local_name

__all__ = ["Follow", "Path", "PathKind", "follow", "path_title", "predicate_path", "read_path"]

_SH = "http://www.w3.org/ns/shacl#"
_IRI = re.compile(r"<([^<>]*)>")

Follow = Callable[[Graph, Token], Sequence[Token]]
"""Graph and node to the distinct nodes at the end of a path."""


class PathKind(Enum):
    """The seven kinds of a path; the value is the sign of SPARQL."""

    PREDICATE = ""
    SEQUENCE = "/"
    ALTERNATIVE = "|"
    INVERSE = "^"
    ZERO_OR_MORE = "*"
    ONE_OR_MORE = "+"
    ZERO_OR_ONE = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A property path.

    Args:
        kind: which of the seven.
        predicate: token of the IRI of a predicate path, otherwise empty.
        parts: the inner paths, in order; one for the unary kinds.

    >>> str(Path(kind=PathKind.INVERSE, parts=(predicate_path("<a:p>"),)))
    '^<a:p>'
    """

    kind: PathKind
    predicate: Token = ""
    parts: tuple[Path, ...] = ()

    def __str__(self) -> str:
        """The path as SPARQL writes it."""
        inner = [str(part) if len(part.parts) < 2 else f"({part})" for part in self.parts]
        if self.kind is PathKind.PREDICATE:
            return self.predicate
        if self.kind in (PathKind.SEQUENCE, PathKind.ALTERNATIVE):
            sign: str = self.kind.value
            return sign.join(inner)
        if self.parts[0].parts and len(self.parts[0].parts) < 2:
            inner = [f"({inner[0]})"]
        return f"^{inner[0]}" if self.kind is PathKind.INVERSE else inner[0] + self.kind.value


def predicate_path(predicate: Token) -> Path:
    """The path of one predicate."""
    return Path(kind=PathKind.PREDICATE, predicate=predicate)


_UNARY = {
    f"<{_SH}inversePath>": PathKind.INVERSE,
    f"<{_SH}zeroOrMorePath>": PathKind.ZERO_OR_MORE,
    f"<{_SH}oneOrMorePath>": PathKind.ONE_OR_MORE,
    f"<{_SH}zeroOrOnePath>": PathKind.ZERO_OR_ONE,
}
_ALTERNATIVE = f"<{_SH}alternativePath>"


def read_path(graph: Graph, node: Token, *, within: frozenset[Token] = frozenset()) -> Path:
    """Read a path from a shapes graph.

    Args:
        graph: the shapes graph.
        node: where the path begins.
        within: the nodes that this path is part of.

    Returns:
        The path; a node that is a list and something else too is read as the list.

    Raises:
        ShapesError: where the node is not a path, or contains itself.
    """
    if node[0] == "<":
        return predicate_path(node)
    if node in within or node[0] == '"':
        raise ShapesError(
            f"{node} is not a property path: " + ("a literal" if node[0] == '"' else "it contains itself")
        )
    inside = within | {node}
    members = graph.listed(node)
    if members is not None:
        return _several(graph, node, PathKind.SEQUENCE, members, inside)
    properties = graph.forward.get(node, NOTHING)
    if len(properties) == 1 and len(values := next(iter(properties.values()))) == 1:
        predicate = next(iter(properties))
        if predicate in _UNARY:
            return Path(kind=_UNARY[predicate], parts=(read_path(graph, values[0], within=inside),))
        if predicate == _ALTERNATIVE and (members := graph.listed(values[0])) is not None:
            return _several(graph, node, PathKind.ALTERNATIVE, members, inside)
    raise ShapesError(f"{node} is not a well-formed property path", hint="see SHACL, section 2.3.1")


def _several(graph: Graph, node: Token, kind: PathKind, members: tuple[Token, ...], within: frozenset[Token]) -> Path:
    if len(members) < 2:
        raise ShapesError(f"the {kind.name.lower()} path {node} has fewer than two members")
    return Path(kind=kind, parts=tuple(read_path(graph, member, within=within) for member in members))


def follow(path: Path) -> Follow:
    """Compile a path to a function.

    Args:
        path: any path.

    Returns:
        A function to the distinct nodes that the path leads to from a node, in order of discovery.
    """
    return _COMPILE[path.kind](path)


def _predicate(path: Path) -> Follow:
    predicate = path.predicate
    return lambda graph, node: graph.objects(node, predicate)


def _inverse(path: Path) -> Follow:
    inner = path.parts[0]
    if inner.kind is PathKind.PREDICATE:
        predicate = inner.predicate
        return lambda graph, node: graph.subjects(predicate, node)
    return follow(_turned(inner))


def _turned(path: Path) -> Path:
    """The path that leads back."""
    if path.kind is PathKind.PREDICATE:
        return Path(kind=PathKind.INVERSE, parts=(path,))
    if path.kind is PathKind.INVERSE:
        return path.parts[0]
    parts = [_turned(part) for part in path.parts]
    if path.kind is PathKind.SEQUENCE:
        parts.reverse()
    return Path(kind=path.kind, parts=tuple(parts))


def _sequence(path: Path) -> Follow:
    steps = [follow(part) for part in path.parts]

    def run(graph: Graph, node: Token) -> Sequence[Token]:
        nodes: Iterable[Token] = (node,)
        for step in steps:
            nodes = dict.fromkeys(end for start in nodes for end in step(graph, start))
        return list(nodes)

    return run


def _alternative(path: Path) -> Follow:
    branches = [follow(part) for part in path.parts]
    return lambda graph, node: list(dict.fromkeys(end for branch in branches for end in branch(graph, node)))


def _reach(step: Follow, graph: Graph, node: Token) -> dict[Token, None]:
    """Every node at the end of one or more steps."""
    found: dict[Token, None] = {}
    frontier = [node]
    while frontier:
        for end in step(graph, frontier.pop()):
            if end not in found:
                found[end] = None
                frontier.append(end)
    return found


def _zero_or_more(path: Path) -> Follow:
    step = follow(path.parts[0])
    return lambda graph, node: list({node: None} | _reach(step, graph, node))


def _one_or_more(path: Path) -> Follow:
    step = follow(path.parts[0])
    return lambda graph, node: list(_reach(step, graph, node))


def _zero_or_one(path: Path) -> Follow:
    step = follow(path.parts[0])
    return lambda graph, node: list(dict.fromkeys((node, *step(graph, node))))


_COMPILE: dict[PathKind, Callable[[Path], Follow]] = {
    PathKind.PREDICATE: _predicate,
    PathKind.SEQUENCE: _sequence,
    PathKind.ALTERNATIVE: _alternative,
    PathKind.INVERSE: _inverse,
    PathKind.ZERO_OR_MORE: _zero_or_more,
    PathKind.ONE_OR_MORE: _one_or_more,
    PathKind.ZERO_OR_ONE: _zero_or_one,
}


def path_title(path: Path) -> str:
    """A path with local names in place of IRIs.

    >>> from graphmap.validation.shapes.property_paths import predicate_path
    >>> path_title(predicate_path("<http://example.org/name>"))
    'name'
    """
    return _IRI.sub(lambda match: local_name(match[1]) or match[1], str(path))
