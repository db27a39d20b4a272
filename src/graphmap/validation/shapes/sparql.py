"""Queries of a shapes graph: constraints, components, targets, functions.

Source: SHACL, sections 5 (SPARQL-based constraints), 6 (constraint components) and appendix A (pre-binding);
SHACL Advanced Features, sections 3 (targets) and 5 (functions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graphmap.errors import QueryError, ShapesError
from graphmap.rdf import RDF_TYPE, RDFS, XSD, Graph, Token, iri_of, literal_parts, local_name
from graphmap.validation.shapes.model import Constraint, Rule, SparqlFunction, SparqlQuery
from graphmap.validation.shapes.property_paths import Path
from graphmap.validation.shapes.vocabulary import SH, sh

__all__ = ["Component", "components", "constraints_of", "functions", "read_query", "rules_of", "target_queries"]

_TRUE = f'"true"^^<{XSD}boolean>'
_IMPORTS = "<http://www.w3.org/2002/07/owl#imports>"
_SUBCLASS = f"<{RDFS}subClassOf>"
_FORBIDDEN = {
    "MINUS": "MINUS cannot be pre-bound",
    "VALUES": "VALUES cannot be pre-bound",
    "SERVICE": "its query would ask another server (SERVICE)",
    "FROM": "a constraint chooses no dataset (FROM)",
}
_PRE_BOUND = frozenset({"this", "shapesGraph", "currentShape"})


class Component(NamedTuple):
    """A constraint component that the shapes graph declares; each parameter with whether it is optional."""

    node: Token
    parameters: tuple[tuple[Token, bool], ...]


def instances(graph: Graph, top: Token) -> Iterator[Token]:
    """The nodes whose type is a class or one below it."""
    classes = [top]
    for each in classes:
        classes.extend(lower for lower in graph.subjects(_SUBCLASS, each) if lower not in classes)
    yield from dict.fromkeys(node for each in classes for node in graph.subjects(RDF_TYPE, each))


def components(graph: Graph) -> list[Component]:
    """The constraint components of a shapes graph, those of the standard left out."""
    found = []
    for node in instances(graph, sh("ConstraintComponent")):
        parameters = tuple(
            (path, _TRUE in graph.objects(each, sh("optional")))
            for each in graph.objects(node, sh("parameter"))
            for path in graph.objects(each, sh("path"))
        )
        if not node.startswith(f"<{SH}") and any(not optional for _, optional in parameters):
            found.append(Component(node, parameters))
    return found


def constraints_of(graph: Graph, node: Token, path: Path | None, known: Iterable[Component]) -> Iterator[Constraint]:
    """The SPARQL-based constraints of a shape.

    Args:
        graph: the shapes graph.
        node: the shape.
        path: its path.
        known: the components that the shapes graph declares.

    Raises:
        ShapesError: where a query is missing, does not parse, or cannot be pre-bound.
    """
    for source in graph.objects(node, sh("sparql")):
        if _TRUE not in graph.objects(source, sh("deactivated")):
            query = read_query(graph, source, node=node, path=path, forms=("select",))
            yield Constraint(component="SPARQLConstraintComponent", query=query)
    for component in known:
        for bindings in _bindings(graph, node, component):
            validator = _validator(graph, component.node, path)
            query = read_query(graph, validator, node=node, path=path, bindings=bindings, also=component.node)
            yield Constraint(component=iri_of(component.node), query=query)


def _bindings(graph: Graph, node: Token, component: Component) -> Iterator[tuple[tuple[str, Token], ...]]:
    """The values of a component's parameters at a shape, once for each of the value of a single parameter."""
    given = [(path, graph.objects(node, path), optional) for path, optional in component.parameters]
    if any(not values and not optional for _, values, optional in given):
        return
    if len(given) == 1:
        path, values, _ = given[0]
        yield from (((local_name(iri_of(path)), value),) for value in values)
        return
    for path, values, _ in given:
        if len(values) > 1:
            raise ShapesError(f"{path} has {len(values)} values, at most one is allowed")
    yield tuple((local_name(iri_of(path)), values[0]) for path, values, _ in given if values)


def _validator(graph: Graph, component: Token, path: Path | None) -> Token:
    for name in ("nodeValidator" if path is None else "propertyValidator", "validator"):
        for validator in graph.objects(component, sh(name)):
            return validator
    raise ShapesError(f"the constraint component {component} has no validator for it")


def read_query(
    graph: Graph,
    source: Token,
    *,
    node: Token,
    path: Path | None = None,
    bindings: tuple[tuple[str, Token], ...] = (),
    forms: tuple[str, ...] = ("select", "ask"),
    also: Token | None = None,
) -> SparqlQuery:
    """Read the query that a node of a shapes graph holds.

    Args:
        graph: the shapes graph.
        source: the node.
        node: the shape that it belongs to.
        path: what `$PATH` stands for.
        bindings: pre-bound variables beside `this` and `value`.
        forms: local names of the properties that may hold it.
        also: where messages are looked for too.

    Raises:
        ShapesError: where there is no query or more than one, it does not parse, or it cannot be pre-bound.
    """
    texts = [(form, text) for form in forms for text in graph.objects(source, sh(form))]
    wanted = " or ".join(f"sh:{form}" for form in forms)
    if len(texts) != 1 or texts[0][1][0] != '"':
        raise ShapesError(f"{source} must have exactly one {wanted}, a text")
    form, text = texts[0]
    messages = graph.objects(source, sh("message")) or (graph.objects(also, sh("message")) if also else ())
    fixed = _PRE_BOUND.union(dict(bindings), ("value",) if form == "ask" else ())
    bound = (*bindings, ("shapesGraph", f"<{_SHAPES_GRAPH}>"), ("currentShape", node))
    return SparqlQuery(
        source=source,
        text=_prefixes(graph, source, also)
        + _checked(
            literal_parts(text).lexical,
            path,
            fixed,
        ),
        asks=form == "ask",
        messages=tuple(message for message in messages if message[0] == '"'),
        bindings=bound,
    )


_SHAPES_GRAPH = "urn:graphmap:shapes"


def _checked(text: str, path: Path | None, bound: frozenset[str]) -> str:
    """The query with its path put in; Appendix A forbids what would lose a pre-bound variable."""
    from graphmap.store.sparql import parse_query, tokenize  # noqa: PLC0415  # only shapes with queries need it

    parts, before = [], ""
    try:
        for token in tokenize(text):
            word = token.text.upper() if token.kind == "word" else ""
            if word in _FORBIDDEN:
                raise ShapesError(_FORBIDDEN[word])
            if token.kind == "variable" and before == "AS" and token.text[1:] in bound:
                raise ShapesError(f"AS {token.text} would bind a pre-bound variable anew")
            is_path = token.kind == "variable" and token.text[1:] == "PATH" and path is not None
            parts.append(f" ({path}) " if is_path else token.text)
            before = word if token.kind not in ("space", "comment") else before
        parse_query(text)
    except QueryError as error:
        raise ShapesError(f"the query does not parse: {error.what}", hint=error.hint) from error
    return "".join(parts)


def _prefixes(graph: Graph, source: Token, also: Token | None) -> str:
    """The PREFIX lines that `sh:prefixes`, and what it imports, declare."""
    nodes = [*graph.objects(source, sh("prefixes")), *(graph.objects(also, sh("prefixes")) if also else ())]
    for node in nodes:
        nodes.extend(each for each in graph.objects(node, _IMPORTS) if each not in nodes)
    declared: dict[str, str] = {}
    for node in nodes:
        for each in graph.objects(node, sh("declare")):
            names, spaces = graph.objects(each, sh("prefix")), graph.objects(each, sh("namespace"))
            if len(names) != 1 or len(spaces) != 1 or names[0][0] != '"':
                raise ShapesError(f"a prefix that {node} declares lacks sh:prefix or sh:namespace")
            name = literal_parts(names[0]).lexical
            space = literal_parts(spaces[0]).lexical if spaces[0][0] == '"' else iri_of(spaces[0])
            if declared.setdefault(name, space) != space:
                raise ShapesError(f"the prefix {name} is declared for {declared[name]} and for {space}")
    return "".join(f"PREFIX {name}: <{space}>\n" for name, space in declared.items())


def target_queries(graph: Graph, node: Token) -> Iterator[SparqlQuery]:
    """The SPARQL-based targets of a shape.

    Source: SHACL Advanced Features, section 3.

    Raises:
        ShapesError: where a target is none that is known.
    """
    for target in graph.objects(node, sh("target")):
        if graph.objects(target, sh("select")):
            yield read_query(graph, target, node=node, forms=("select",))
            continue
        kinds = [kind for kind in graph.objects(target, RDF_TYPE) if graph.objects(kind, sh("select"))]
        if not kinds:
            raise ShapesError(f"sh:target: {target} has no sh:select, and no type that has one")
        for kind in kinds:
            yield read_query(graph, kind, node=node, bindings=_arguments(graph, target, kind), forms=("select",))


def _arguments(graph: Graph, node: Token, kind: Token) -> tuple[tuple[str, Token], ...]:
    """The values of a parameterised target."""
    paths = [path for each in graph.objects(kind, sh("parameter")) for path in graph.objects(each, sh("path"))]
    return tuple((local_name(iri_of(path)), value) for path in paths for value in graph.objects(node, path)[:1])


def functions(graph: Graph) -> Iterator[SparqlFunction]:
    """The SPARQL-based functions of a shapes graph.

    Source: SHACL Advanced Features, section 5.

    Raises:
        ShapesError: where a function has no query.
    """
    for node in instances(graph, sh("SPARQLFunction")):
        parameters = sorted(graph.objects(node, sh("parameter")), key=lambda each: _order(graph, each))
        names = [
            (local_name(iri_of(path)), _TRUE in graph.objects(each, sh("optional")))
            for each in parameters
            for path in graph.objects(each, sh("path"))
        ]
        yield SparqlFunction(
            query=read_query(graph, node, node=node),
            parameters=tuple(name for name, _ in names),
            required=sum(not optional for _, optional in names),
        )


def rules_of(graph: Graph, node: Token) -> Iterator[Rule]:
    """The rules of a shape, those that are deactivated left out.

    Source: SHACL Advanced Features, section 8.

    Raises:
        ShapesError: where a rule is neither a triple rule nor a SPARQL rule.
    """
    for rule in graph.objects(node, sh("rule")):
        if _TRUE in graph.objects(rule, sh("deactivated")):
            continue
        terms = [graph.objects(rule, sh(name)) for name in ("subject", "predicate", "object")]
        queried = bool(graph.objects(rule, sh("construct")))
        if not queried and any(len(values) != 1 for values in terms):
            raise ShapesError(f"the rule {rule} has neither sh:construct nor sh:subject, sh:predicate and sh:object")
        yield Rule(
            shape=node,
            node=rule,
            order=_order(graph, rule)[0],
            conditions=tuple(graph.objects(rule, sh("condition"))),
            query=read_query(graph, rule, node=node, forms=("construct",)) if queried else None,
            terms=() if queried else tuple(values[0] for values in terms),
        )


def _order(graph: Graph, parameter: Token) -> tuple[float, str]:
    """Place of a parameter among the arguments: by `sh:order`, then by local name."""
    orders = [float(literal_parts(each).lexical) for each in graph.objects(parameter, sh("order")) if each[0] == '"']
    paths = graph.objects(parameter, sh("path"))
    return (orders[0] if orders else 0.0), local_name(iri_of(paths[0])) if paths else ""
