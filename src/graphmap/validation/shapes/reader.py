"""A shapes graph in, frozen shapes out: the syntax rules of SHACL, and what a shape says.

Source: SHACL, sections 2.1 to 2.3 and appendix B (syntax rules).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from graphmap.errors import ShapesError
from graphmap.rdf import GRAPHMAP, NOTHING, RDF, RDF_TYPE, RDFS, XSD, Graph, Token, literal_parts, local_name
from graphmap.validation.shapes.imports import follow_imports
from graphmap.validation.shapes.model import (
    Note,
    Rule,
    Shape,
    Shapes,
    SparqlFunction,
    Target,
    Unevaluable,
)
from graphmap.validation.shapes.parameters import constraints, fault, single
from graphmap.validation.shapes.property_paths import Path, path_title, read_path
from graphmap.validation.shapes.sparql import Component, components, constraints_of, functions, rules_of, target_queries
from graphmap.validation.shapes.spelling import misspelt
from graphmap.validation.shapes.unsupported import notes, reached, recursive, unevaluable
from graphmap.validation.shapes.vocabulary import (
    PARAMETERS,
    SPARQL_PREDICATES,
    TARGETS,
    Accepts,
    TargetKind,
    sh,
)

__all__ = ["read_shapes"]

_TRUE = f'"true"^^<{XSD}boolean>'
_FALSE = f'"false"^^<{XSD}boolean>'
_SUBCLASS = f"<{RDFS}subClassOf>"
_CLASSES = (f"<{RDFS}Class>", "<http://www.w3.org/2002/07/owl#Class>", sh("ShapeClass"))
"""Classes whose instances are classes; by the letter of 2.1.3.3 only the first, in practice all."""
_TOLD = 20
_DEEPEST = 20
_PARAMETER_TOKENS = frozenset(sh(name) for name in PARAMETERS)


def read_shapes(graph: Graph, *, strict: bool = True, missing: Iterable[Unevaluable] | None = None) -> Shapes:
    """Read every shape of a shapes graph.

    Args:
        graph: the shapes graph; what is no shape in it is left alone.
        strict: refuse ill-formed shapes; otherwise they are told among the unevaluable, and the others are read.
        missing: imports that were not found; `None` where they are not looked for in files.

    Returns:
        The shapes by node.

    Raises:
        ShapesError: where shapes are ill-formed or refer to themselves, and `strict`; it names each with its fault.
    """
    if missing is None:
        missing = follow_imports(list(graph.triples()))
    reading = _Reading(graph=graph, known=components(graph))
    for node in _shape_nodes(graph):
        reading.read(node)
    for cycle in recursive(reading.by_node):
        reading.refuse(cycle.what.split(": ")[0], cycle)
    if strict and reading.faults:
        raise _together(list(reading.faults.values()))
    ill_formed = [Unevaluable(shape=node, reason=_reason(node, error)) for node, error in reading.faults.items()]
    misspellings = list(misspelt(graph))
    seen = reached(reading.by_node)
    beyond = (
        *missing,
        *ill_formed,
        *(each for each in misspellings if isinstance(each, Unevaluable) and each.shape in reading.by_node),
        *(each for each in reading.queries if each.shape in seen or graph.objects(each.shape, sh("target"))),
        *unevaluable(graph, reading.by_node),
    )
    queried = bool(reading.queries or reading.rules) or any(
        c.query for s in reading.by_node.values() for c in s.constraints
    )
    kept = tuple(graph.triples()) if queried or any(s.target_queries for s in reading.by_node.values()) else ()
    return Shapes(
        by_node=reading.by_node,
        unevaluable=tuple(dict.fromkeys(beyond)),
        notes=(*_lesser(misspellings, reading.by_node), *notes(graph, reading.by_node)),
        functions=tuple(reading.functions()) if kept else (),
        rules=tuple(reading.rules),
        triples=kept,
    )


def _lesser(found: Iterable[Unevaluable | Note], by_node: Mapping[Token, Shape]) -> Iterator[Note]:
    """The notes; a misspelt term of SHACL at a node that is no shape is one too."""
    for each in found:
        if isinstance(each, Note):
            yield each
        elif each.shape not in by_node:
            yield Note(shape=each.shape, text=each.reason)


def _reason(node: Token, error: ShapesError) -> str:
    return error.what.removeprefix(f"{node}: ")


@dataclass(kw_only=True, slots=True)
class _Reading:
    """The shapes read so far, and their faults."""

    graph: Graph
    known: list[Component]
    by_node: dict[Token, Shape] = field(default_factory=dict)
    faults: dict[Token, ShapesError] = field(default_factory=dict)
    queries: list[Unevaluable] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def read(self, node: Token) -> None:
        """Read one shape."""
        try:
            shape = _shape(self.graph, node)
        except ShapesError as error:
            self.refuse(node, error)
            return
        try:
            queried = tuple(constraints_of(self.graph, node, shape.path, self.known))
            targets = tuple(target_queries(self.graph, node))
            if not shape.deactivated:
                self.rules.extend(rules_of(self.graph, node))
        except ShapesError as error:
            self.queries.append(Unevaluable(shape=node, reason=error.what))
        else:
            if queried or targets:
                shape = replace(shape, constraints=(*shape.constraints, *queried), target_queries=targets)
        self.by_node[node] = shape

    def refuse(self, node: Token, error: ShapesError) -> None:
        """Put a shape that checks nothing in the place of one that is ill-formed."""
        self.faults[node] = error
        self.by_node[node] = Shape(node=node, severity=sh("Violation"), deactivated=True)

    def functions(self) -> Iterator[SparqlFunction]:
        """The functions; one that is ill-formed is told."""
        try:
            yield from functions(self.graph)
        except ShapesError as error:
            self.queries.append(Unevaluable(shape="_:functions", reason=error.what))


def _together(faults: list[ShapesError]) -> ShapesError:
    """All faults in one error; each is told once, though two shapes may share it."""
    said = list(dict.fromkeys(error.what for error in faults))
    more = f"; and {len(said) - _TOLD} more faults" if len(said) > _TOLD else ""
    return ShapesError("; ".join(said[:_TOLD]) + more, hint=faults[0].hint)


def _shape_nodes(graph: Graph) -> Iterable[Token]:
    """The nodes that are shapes, in order of appearance."""
    types = frozenset().union(*(_subclasses(graph, sh(name)) for name in ("NodeShape", "PropertyShape", "ShapeClass")))
    marks = TARGETS.keys() | _PARAMETER_TOKENS | SPARQL_PREDICATES | {sh("js"), sh("expression")}
    found: dict[Token, None] = {}
    for subject, properties in graph.forward.items():
        if not marks.isdisjoint(properties) or not types.isdisjoint(properties.get(RDF_TYPE, ())):
            found[subject] = None
    found.update(dict.fromkeys(graph.inverse(sh("condition"))))
    found.update(dict.fromkeys(graph.inverse(sh("filterShape"))))
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
    name = _text(graph, node, sh("name"))
    return Shape(
        node=node,
        path=path,
        targets=tuple(_targets(graph, node)),
        constraints=tuple(constraints(graph, node, path)),
        severity=_severity(graph, node),
        messages=tuple(_messages(graph, node)),
        deactivated=_deactivated(graph, node),
        rule=_text(graph, node, f"<{GRAPHMAP}rule>"),
        name=name,
        key=_content_key(graph, node) if node[0] == "_" else "",
        title=_title_of(graph, node, path, name),
        description=_text(graph, node, sh("description")),
        source=_text(graph, node, "<http://purl.org/dc/terms/source>"),
    )


def _path(graph: Graph, node: Token) -> Path | None:
    value = single(graph, node, "path")
    types = graph.objects(node, RDF_TYPE)
    if value is None:
        if sh("PropertyShape") in types or graph.subjects(sh("property"), node):
            raise fault(graph, node, "a property shape without sh:path")
        return None
    if sh("NodeShape") in types or graph.subjects(sh("node"), node):
        raise fault(graph, node, "a node shape with sh:path")
    try:
        return read_path(graph, value)
    except ShapesError as error:
        raise fault(graph, node, error.what, error.hint) from error


def _targets(graph: Graph, node: Token) -> Iterator[Target]:
    for predicate, kind in TARGETS.items():
        for term in graph.objects(node, predicate):
            if term[0] == "_" or (term[0] == '"' and kind is not TargetKind.NODE):
                raise fault(graph, node, f"sh:{kind.value} must be an IRI, not {term}")
            yield Target(kind=kind, term=term)
    types = graph.objects(node, RDF_TYPE)
    if types and not frozenset().union(*(_subclasses(graph, each) for each in _CLASSES)).isdisjoint(types):
        if node[0] == "_":
            raise fault(graph, node, "a shape that is a class too must be an IRI")
        yield Target(kind=TargetKind.CLASS, term=node)


def _severity(graph: Graph, node: Token) -> Token:
    value = single(graph, node, "severity")
    if value is not None and value[0] != "<":
        raise fault(graph, node, f"sh:severity must be an IRI, not {value}")
    return value or sh("Violation")


def _messages(graph: Graph, node: Token) -> Iterator[Token]:
    for value in graph.objects(node, sh("message")):
        if value[0] != '"' or literal_parts(value).datatype not in (XSD + "string", RDF + "langString"):
            raise fault(graph, node, f"sh:message must be a text, not {value}")
        yield value


def _deactivated(graph: Graph, node: Token) -> bool:
    value = single(graph, node, "deactivated")
    if value not in (None, _TRUE, _FALSE):
        raise fault(graph, node, f"sh:deactivated must be true or false, not {value}")
    return value == _TRUE


def _text(graph: Graph, node: Token, predicate: Token) -> str | None:
    values = graph.objects(node, predicate)
    if not values:
        return None
    return literal_parts(values[0]).lexical if values[0][0] == '"' else values[0].strip("<>")


def _title_of(graph: Graph, node: Token, path: Path | None, name: str | None) -> str:
    """The name of a shape for people: its `sh:name`, else the end of its path; a parent stands behind a bare path."""
    if name or path is None:
        return name or (local_name(node[1:-1]) if node[0] == "<" else "a shape without a name")
    parents = [parent for parent in graph.subjects(sh("property"), node) if parent[0] == "<"]
    return path_title(path) + (f" of {local_name(parents[0][1:-1])}" if parents else "")


def _content_key(graph: Graph, node: Token) -> str:
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
