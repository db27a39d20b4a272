"""A shapes graph in, frozen shapes out: the syntax rules of SHACL, and what a shape says.

Source: SHACL, sections 2.1 to 2.3 and appendix B (syntax rules).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from graphmap.errors import ShapesError
from graphmap.rdf import RDF, RDF_TYPE, RDFS, XSD, Graph, Token, canonical, literal_parts
from graphmap.validation.shapes.model import Constraint, Shape, Shapes, Target
from graphmap.validation.shapes.property_paths import Path, read_path
from graphmap.validation.shapes.unsupported import refuse_recursion, unevaluable
from graphmap.validation.shapes.vocabulary import (
    GRAPHMAP,
    NODE_KINDS,
    PARAMETERS,
    TARGETS,
    Accepts,
    Parameter,
    TargetKind,
    sh,
)

__all__ = ["read_shapes"]

_TRUE = f'"true"^^<{XSD}boolean>'
_FALSE = f'"false"^^<{XSD}boolean>'
_SUBCLASS = f"<{RDFS}subClassOf>"
_CLASS = f"<{RDFS}Class>"
_TOLD = 20
_NOT_A_CONSTRAINT_ALONE = ("qualifiedValueShape",)
_PARAMETER_TOKENS = frozenset(sh(name) for name in PARAMETERS)


def read_shapes(graph: Graph) -> Shapes:
    """Read every shape of a shapes graph.

    Args:
        graph: the shapes graph; what is no shape in it is left alone.

    Returns:
        The shapes by node.

    Raises:
        ShapesError: where shapes are ill-formed, or refer to themselves; it names each shape with its fault.
    """
    by_node: dict[Token, Shape] = {}
    faults: list[ShapesError] = []
    for node in _shape_nodes(graph):
        try:
            by_node[node] = _shape(graph, node)
        except ShapesError as fault:
            faults.append(fault)
    if faults:
        raise _together(faults)
    refuse_recursion(by_node)
    beyond = tuple(unevaluable(graph, by_node))
    kept = tuple(graph.triples()) if any(each.by_reference for each in beyond) else ()
    return Shapes(by_node=by_node, unevaluable=beyond, triples=kept)


def _together(faults: list[ShapesError]) -> ShapesError:
    """All faults in one error; each is told once, though two shapes may share it."""
    said = list(dict.fromkeys(fault.what for fault in faults))
    more = f"; and {len(said) - _TOLD} more faults" if len(said) > _TOLD else ""
    return ShapesError("; ".join(said[:_TOLD]) + more, hint=faults[0].hint)


def _shape_nodes(graph: Graph) -> Iterable[Token]:
    """The nodes that are shapes, in order of appearance."""
    types = _subclasses(graph, sh("NodeShape")) | _subclasses(graph, sh("PropertyShape"))
    marks = TARGETS.keys() | _PARAMETER_TOKENS | {sh("target"), sh("sparql"), sh("js"), sh("expression")}
    found: dict[Token, None] = {}
    for subject, properties in graph.forward.items():
        if not marks.isdisjoint(properties) or not types.isdisjoint(properties.get(RDF_TYPE, ())):
            found[subject] = None
    for subject in list(found):
        found.update(dict.fromkeys(_referenced(graph, subject)))
    return found


def _subclasses(graph: Graph, top: Token) -> frozenset[Token]:
    found, frontier = {top}, [top]
    while frontier:
        for lower in graph.subjects(_SUBCLASS, frontier.pop()):
            if lower not in found:
                found.add(lower)
                frontier.append(lower)
    return frozenset(found)


def _referenced(graph: Graph, node: Token) -> Iterator[Token]:
    for name, parameter in PARAMETERS.items():
        if parameter.accepts is Accepts.SHAPE:
            yield from (value for value in graph.objects(node, sh(name)) if value[0] != '"')
        elif parameter.accepts is Accepts.SHAPES:
            for head in graph.objects(node, sh(name)):
                yield from (member for member in graph.listed(head) or () if member[0] != '"')


def _shape(graph: Graph, node: Token) -> Shape:
    path = _path(graph, node)
    return Shape(
        node=node,
        path=path,
        targets=tuple(_targets(graph, node)),
        constraints=tuple(_constraints(graph, node, path)),
        severity=_severity(graph, node),
        messages=tuple(_messages(graph, node)),
        deactivated=_deactivated(graph, node),
        rule=_text(graph, node, f"<{GRAPHMAP}rule>"),
        name=_text(graph, node, sh("name")),
        description=_text(graph, node, sh("description")),
        source=_text(graph, node, "<http://purl.org/dc/terms/source>"),
    )


def _fault(graph: Graph, node: Token, what: str, hint: str | None = None) -> ShapesError:
    paths = graph.objects(node, sh("path"))
    parents = graph.subjects(sh("property"), node)
    name = node
    if node[0] == "_":  # its label says nothing to the reader of the file
        name = f"the blank shape for path {paths[0]}" if paths else f"the blank shape {node}"
        name += f" of {parents[0]}" if parents else ""
    return ShapesError(f"{name}: {what}", hint=hint or "see SHACL, appendix B")


def _single(graph: Graph, node: Token, name: str) -> Token | None:
    values = graph.objects(node, sh(name))
    if len(values) > 1:
        raise _fault(graph, node, f"sh:{name} has {len(values)} values, at most one is allowed")
    return values[0] if values else None


def _path(graph: Graph, node: Token) -> Path | None:
    value = _single(graph, node, "path")
    types = graph.objects(node, RDF_TYPE)
    if value is None:
        if sh("PropertyShape") in types or graph.subjects(sh("property"), node):
            raise _fault(graph, node, "a property shape without sh:path")
        return None
    if sh("NodeShape") in types or graph.subjects(sh("node"), node):
        raise _fault(graph, node, "a node shape with sh:path")
    try:
        return read_path(graph, value)
    except ShapesError as error:
        raise _fault(graph, node, error.what, error.hint) from error


def _targets(graph: Graph, node: Token) -> Iterator[Target]:
    for predicate, kind in TARGETS.items():
        for term in graph.objects(node, predicate):
            if term[0] == "_" or (term[0] == '"' and kind is not TargetKind.NODE):
                raise _fault(graph, node, f"sh:{kind.value} must be an IRI, not {term}")
            yield Target(kind=kind, term=term)
    if not _subclasses(graph, _CLASS).isdisjoint(graph.objects(node, RDF_TYPE)):
        if node[0] == "_":
            raise _fault(graph, node, "a shape that is a class too must be an IRI")
        yield Target(kind=TargetKind.CLASS, term=node)


def _severity(graph: Graph, node: Token) -> Token:
    value = _single(graph, node, "severity")
    if value is not None and value[0] != "<":
        raise _fault(graph, node, f"sh:severity must be an IRI, not {value}")
    return value or sh("Violation")


def _messages(graph: Graph, node: Token) -> Iterator[Token]:
    for value in graph.objects(node, sh("message")):
        if value[0] != '"' or literal_parts(value).datatype not in (XSD + "string", RDF + "langString"):
            raise _fault(graph, node, f"sh:message must be a text, not {value}")
        yield value


def _deactivated(graph: Graph, node: Token) -> bool:
    value = _single(graph, node, "deactivated")
    if value not in (None, _TRUE, _FALSE):
        raise _fault(graph, node, f"sh:deactivated must be true or false, not {value}")
    return value == _TRUE


def _text(graph: Graph, node: Token, predicate: Token) -> str | None:
    values = graph.objects(node, predicate)
    if not values:
        return None
    return literal_parts(values[0]).lexical if values[0][0] == '"' else values[0].strip("<>")


def _constraints(graph: Graph, node: Token, path: Path | None) -> Iterator[Constraint]:
    for name, parameter in PARAMETERS.items():
        values = graph.objects(node, sh(name))
        if not values:
            continue
        if path is None and parameter.on_property_shapes_only:
            raise _fault(graph, node, f"sh:{name} on a node shape", "give it to a property shape")
        if parameter.single:
            _single(graph, node, name)
        if name not in _NOT_A_CONSTRAINT_ALONE:
            for value in values:
                _check_value(graph, node, name, parameter, value)
                yield from _READ.get(name, _plain)(graph, node, parameter, value)


def _check_value(graph: Graph, node: Token, name: str, parameter: Parameter, value: Token) -> None:
    if not _ACCEPTS[parameter.accepts](graph, value):
        raise _fault(graph, node, f"sh:{name} must be {parameter.accepts.value}, not {value}")


def _is_literal_of(*datatypes: str) -> Callable[[Graph, Token], bool]:
    def check(_graph: Graph, value: Token) -> bool:
        return value[0] == '"' and literal_parts(value).datatype in datatypes

    return check


def _is_count(_graph: Graph, value: Token) -> bool:
    if value[0] != '"' or not (parts := literal_parts(value)).datatype.startswith(XSD):
        return False
    number = canonical(XSD + "nonNegativeInteger", parts.lexical)
    return number is not None and canonical(parts.datatype, parts.lexical) == number


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
    Accepts.NODE_KIND: lambda _graph, value: value in NODE_KINDS,
    Accepts.TERMS: _is_list_of(lambda member: member[0] != "_"),
    Accepts.STRINGS: _is_list_of(lambda member: member[-1] == '"'),
    Accepts.SHAPE: lambda _graph, value: value[0] != '"',
    Accepts.SHAPES: _is_list_of(lambda member: member[0] != '"'),
}

_Read = Callable[[Graph, Token, Parameter, Token], Iterator[Constraint]]


def _plain(graph: Graph, _node: Token, parameter: Parameter, value: Token) -> Iterator[Constraint]:
    if parameter.accepts is Accepts.COUNT:
        count = int(literal_parts(value).lexical)
        yield Constraint(component=parameter.component, terms=(value,), count=count)
    elif parameter.accepts is Accepts.SHAPE:
        yield Constraint(component=parameter.component, shapes=(value,))
    elif parameter.accepts is Accepts.SHAPES:
        yield Constraint(component=parameter.component, shapes=graph.listed(value) or ())
    elif parameter.accepts in (Accepts.TERMS, Accepts.STRINGS):
        yield Constraint(component=parameter.component, terms=graph.listed(value) or ())
    else:
        yield Constraint(component=parameter.component, terms=(value,))


def _pattern(graph: Graph, node: Token, parameter: Parameter, value: Token) -> Iterator[Constraint]:
    flags = _single(graph, node, "flags")
    if flags is not None and not _ACCEPTS[Accepts.STRING](graph, flags):
        raise _fault(graph, node, f"sh:flags must be a string literal, not {flags}")
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
    head = _single(graph, node, "ignoredProperties")
    ignored = () if head is None else graph.listed(head)
    if ignored is None or any(member[0] != "<" for member in ignored):
        raise _fault(graph, node, "sh:ignoredProperties must be a list of IRIs")
    paths = [p for shape in graph.objects(node, sh("property")) for p in graph.objects(shape, sh("path"))]
    allowed = dict.fromkeys([*(path for path in paths if path[0] == "<"), *ignored])
    yield Constraint(component=parameter.component, terms=tuple(allowed))


def _qualified(graph: Graph, node: Token, parameter: Parameter, value: Token) -> Iterator[Constraint]:
    shape = _single(graph, node, "qualifiedValueShape")
    if shape is None:  # a count without a shape declares no constraint
        return
    if shape[0] == '"':
        raise _fault(graph, node, f"sh:qualifiedValueShape must be a shape, not {shape}")
    yield Constraint(
        component=parameter.component,
        terms=(value,),
        count=int(literal_parts(value).lexical),
        shapes=(shape,),
        siblings=tuple(_siblings(graph, node, shape)),
    )


def _siblings(graph: Graph, node: Token, shape: Token) -> Iterable[Token]:
    if _single(graph, node, "qualifiedValueShapesDisjoint") != _TRUE:
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
    "closed": _closed,
    "qualifiedMinCount": _qualified,
    "qualifiedMaxCount": _qualified,
}
