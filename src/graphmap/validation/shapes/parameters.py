"""Parameters of the constraint components of SHACL Core, read from a shape.

Source: SHACL, section 4 (core constraint components) and appendix B (syntax rules).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from graphmap.errors import ShapesError
from graphmap.rdf import XSD, Graph, Token, canonical, literal_parts
from graphmap.validation.shapes.model import Constraint
from graphmap.validation.shapes.property_paths import Path
from graphmap.validation.shapes.vocabulary import NODE_KINDS, PARAMETERS, Accepts, Parameter, sh

__all__ = ["constraints", "fault", "single"]

_TRUE = f'"true"^^<{XSD}boolean>'
_NOT_A_CONSTRAINT_ALONE = ("qualifiedValueShape",)


def fault(graph: Graph, node: Token, what: str, hint: str | None = None) -> ShapesError:
    """The error of an ill-formed shape; a blank one is named by its path and its parent."""
    paths = graph.objects(node, sh("path"))
    parents = graph.subjects(sh("property"), node)
    name = node
    if node[0] == "_":  # its label says nothing to the reader of the file
        name = f"the blank shape for path {paths[0]}" if paths else f"the blank shape {node}"
        name += f" of {parents[0]}" if parents else ""
    return ShapesError(f"{name}: {what}", hint=hint or "see SHACL, appendix B")


def single(graph: Graph, node: Token, name: str) -> Token | None:
    """The value of a property of SHACL that a shape may have once.

    Raises:
        ShapesError: where it has more.
    """
    values = graph.objects(node, sh(name))
    if len(values) > 1:
        raise fault(graph, node, f"sh:{name} has {len(values)} values, at most one is allowed")
    return values[0] if values else None


def constraints(graph: Graph, node: Token, path: Path | None) -> Iterator[Constraint]:
    """The constraints of SHACL Core at a shape, in the order of the table of parameters.

    Raises:
        ShapesError: where a parameter is ill-formed.
    """
    for name, parameter in PARAMETERS.items():
        values = graph.objects(node, sh(name))
        if not values:
            continue
        if path is None and parameter.on_property_shapes_only:
            raise fault(graph, node, f"sh:{name} on a node shape", "give it to a property shape")
        if parameter.single:
            single(graph, node, name)
        if name not in _NOT_A_CONSTRAINT_ALONE:
            for value in values:
                _check_value(graph, node, name, parameter, value)
                yield from _READ.get(name, _plain)(graph, node, parameter, value)


def _check_value(graph: Graph, node: Token, name: str, parameter: Parameter, value: Token) -> None:
    if not _ACCEPTS[parameter.accepts](graph, value):
        raise fault(graph, node, f"sh:{name} must be {parameter.accepts.value}, not {value}")


def _is_literal_of(*datatypes: str) -> Callable[[Graph, Token], bool]:
    def check(_graph: Graph, value: Token) -> bool:
        return value[0] == '"' and literal_parts(value).datatype in datatypes

    return check


def _is_count(_graph: Graph, value: Token) -> bool:
    if value[0] != '"' or not (parts := literal_parts(value)).datatype.startswith(XSD):
        return False
    number = canonical(XSD + "nonNegativeInteger", parts.lexical)
    return number is not None and canonical(parts.datatype, parts.lexical) == number


def _several(graph: Graph, value: Token) -> tuple[Token, ...]:
    """The members of a list, or a value alone; SHACL 1.2 lets a list stand for any of its members."""
    return (graph.listed(value) if value[0] == "_" else None) or (value,)


def _is_list_of(accepted: Callable[[Token], bool]) -> Callable[[Graph, Token], bool]:
    def check(graph: Graph, head: Token) -> bool:
        members = graph.listed(head)
        return members is not None and all(accepted(member) for member in members)

    return check


_ACCEPTS: Mapping[Accepts, Callable[[Graph, Token], bool]] = {
    Accepts.IRI: lambda _graph, value: value[0] == "<",
    Accepts.TERM: lambda _graph, value: value[0] != "_",
    Accepts.LITERAL: lambda _graph, value: value[0] == '"',
    Accepts.COUNT: _is_count,
    Accepts.STRING: _is_literal_of(XSD + "string"),
    Accepts.BOOLEAN: _is_literal_of(XSD + "boolean"),
    Accepts.IRIS: lambda graph, value: all(each[0] == "<" for each in _several(graph, value)),
    Accepts.NODE_KINDS: lambda graph, value: all(each in NODE_KINDS for each in _several(graph, value)),
    Accepts.TERMS: _is_list_of(lambda _member: True),
    Accepts.STRINGS: _is_list_of(lambda member: member[-1] == '"'),
    Accepts.SHAPE: lambda _graph, value: value[0] != '"',
    Accepts.SHAPES: _is_list_of(lambda member: member[0] != '"'),
}

_Read = Callable[[Graph, Token, Parameter, Token], Iterator[Constraint]]


def _plain(graph: Graph, _node: Token, parameter: Parameter, value: Token) -> Iterator[Constraint]:
    if parameter.accepts is Accepts.COUNT:
        count = int(literal_parts(value).lexical)
        yield Constraint(component=parameter.component, terms=(value,), count=count)
    elif parameter.accepts in (Accepts.IRIS, Accepts.NODE_KINDS):
        yield Constraint(component=parameter.component, terms=_several(graph, value))
    elif parameter.accepts is Accepts.SHAPE:
        yield Constraint(component=parameter.component, shapes=(value,))
    elif parameter.accepts is Accepts.SHAPES:
        yield Constraint(component=parameter.component, shapes=graph.listed(value) or ())
    elif parameter.accepts in (Accepts.TERMS, Accepts.STRINGS):
        yield Constraint(component=parameter.component, terms=graph.listed(value) or ())
    else:
        yield Constraint(component=parameter.component, terms=(value,))


def _pattern(graph: Graph, node: Token, parameter: Parameter, value: Token) -> Iterator[Constraint]:
    flags = single(graph, node, "flags")
    if flags is not None and not _ACCEPTS[Accepts.STRING](graph, flags):
        raise fault(graph, node, f"sh:flags must be a string literal, not {flags}")
    yield Constraint(
        component=parameter.component,
        terms=(value,),
        pattern=literal_parts(value).lexical,
        flags=literal_parts(flags).lexical if flags else "",
    )


def _only_true(_graph: Graph, _node: Token, parameter: Parameter, value: Token) -> Iterator[Constraint]:
    if value == _TRUE:  # the standard says "true", so "1" has no effect
        yield Constraint(component=parameter.component)


def _closed(graph: Graph, node: Token, parameter: Parameter, value: Token) -> Iterator[Constraint]:
    if value != _TRUE:
        return
    head = single(graph, node, "ignoredProperties")
    ignored = () if head is None else graph.listed(head)
    if ignored is None or any(member[0] != "<" for member in ignored):
        raise fault(graph, node, "sh:ignoredProperties must be a list of IRIs")
    paths = [p for shape in graph.objects(node, sh("property")) for p in graph.objects(shape, sh("path"))]
    allowed = dict.fromkeys([*(path for path in paths if path[0] == "<"), *ignored])
    yield Constraint(component=parameter.component, terms=tuple(allowed))


def _qualified(graph: Graph, node: Token, parameter: Parameter, value: Token) -> Iterator[Constraint]:
    shape = single(graph, node, "qualifiedValueShape")
    if shape is None:  # a count without a shape declares no constraint
        return
    if shape[0] == '"':
        raise fault(graph, node, f"sh:qualifiedValueShape must be a shape, not {shape}")
    yield Constraint(
        component=parameter.component,
        terms=(value,),
        count=int(literal_parts(value).lexical),
        shapes=(shape,),
        siblings=tuple(_siblings(graph, node, shape)),
    )


def _siblings(graph: Graph, node: Token, shape: Token) -> Iterable[Token]:
    if single(graph, node, "qualifiedValueShapesDisjoint") != _TRUE:
        return ()
    found: dict[Token, None] = {}
    for parent in graph.subjects(sh("property"), node):
        for neighbour in graph.objects(parent, sh("property")):
            found.update(dict.fromkeys(graph.objects(neighbour, sh("qualifiedValueShape"))))
    found.pop(shape, None)
    return found


_READ: Mapping[str, _Read] = {
    "pattern": _pattern,
    "uniqueLang": _only_true,
    "singleLine": _only_true,
    "uniqueMembers": _only_true,
    "closed": _closed,
    "qualifiedMinCount": _qualified,
    "qualifiedMaxCount": _qualified,
}
