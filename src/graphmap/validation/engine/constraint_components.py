"""The constraint components of SHACL Core, as rows of a table.

A row compiles one constraint to a function from a focus node's values to the values that offend.
Source: SHACL, section 4 (core constraint components).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from graphmap.rdf import CANONICAL, NOTHING, RDF, RDF_TYPE, XSD, Graph, Token, compare, compile_pattern, iri_of, ordered
from graphmap.validation.engine.draft_components import DRAFT_COMPONENTS
from graphmap.validation.engine.offences import FAILED, Compile, Conforms, Offence, Offending, Surroundings
from graphmap.validation.engine.regex_cost import bounded_search
from graphmap.validation.report import text_of
from graphmap.validation.shapes import NODE_KINDS, Constraint

__all__ = ["COMPONENTS", "Conforms", "Offence", "Offending", "Surroundings", "queried"]

_FAILED = FAILED
_PATIENCE = 3
"""Number of values that a pattern may be too slow for before its constraint is not evaluated any more."""


def _each(accepts: Callable[[Token], bool]) -> Offending:
    """Offending are the values that are not accepted."""

    def offending(_graph: Graph, _focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        for value in values:
            if not accepts(value):
                return [value for value in values if not accepts(value)]
        return ()

    return offending


def _each_node(accepts: Conforms) -> Offending:
    def offending(graph: Graph, _focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        return [value for value in values if not accepts(graph, value)]

    return offending


def _class(constraint: Constraint, around: Surroundings) -> Offending:
    accepted = frozenset[Token]().union(*map(around.subclasses, constraint.terms))

    def is_instance(graph: Graph, node: Token) -> bool:
        return not accepted.isdisjoint(graph.forward.get(node, NOTHING).get(RDF_TYPE, ()))

    return _each_node(is_instance)


def _datatype(constraint: Constraint, around: Surroundings) -> Offending:
    if len(constraint.terms) > 1:
        each = [_datatype(Constraint(component=constraint.component, terms=(t,)), around) for t in constraint.terms]
        return lambda graph, focus, values: [v for v in values if all(one(graph, focus, (v,)) for one in each)]
    datatype = iri_of(constraint.terms[0])
    if datatype == XSD + "string":
        return _each(lambda value: value[-1] == '"')
    if datatype == RDF + "langString":
        return _each(lambda value: value[0] == '"' and value[-1] not in '">')
    tail, well_formed = f'"^^<{datatype}>', CANONICAL.get(datatype)
    if well_formed is None:
        return _each(lambda value: value[0] == '"' and value.endswith(tail))
    end, form = -len(tail), well_formed

    def accepts(value: Token) -> bool:
        return value[0] == '"' and value.endswith(tail) and form(value[1:end]) is not None

    return _each(accepts)


def _node_kind(constraint: Constraint, _around: Surroundings) -> Offending:
    firsts = "".join(NODE_KINDS[term] for term in constraint.terms)
    return _each(lambda value: value[0] in firsts)


def _min_count(constraint: Constraint, _around: Surroundings) -> Offending:
    least = constraint.count
    return lambda _graph, _focus, values: _FAILED if len(values) < least else ()


def _max_count(constraint: Constraint, _around: Surroundings) -> Offending:
    most = constraint.count
    return lambda _graph, _focus, values: _FAILED if len(values) > most else ()


def _range(holds: Callable[[int], bool]) -> Compile:
    def compile_range(constraint: Constraint, _around: Surroundings) -> Offending:
        limit = ordered(constraint.terms[0])

        def accepts(value: Token) -> bool:
            sign = compare(ordered(value), limit)
            return sign is not None and holds(sign)

        return _each(accepts)

    return compile_range


def _length(holds: Callable[[int, int], bool]) -> Compile:
    def compile_length(constraint: Constraint, _around: Surroundings) -> Offending:
        limit = constraint.count

        def accepts(value: Token) -> bool:
            if value[-1] == '"' and "\\" not in value:  # the common case: a plain string
                return holds(len(value) - 2, limit)
            text = text_of(value)
            return text is not None and holds(len(text), limit)

        return _each(accepts)

    return compile_length


def _pattern(constraint: Constraint, around: Surroundings) -> Offending:
    search = bounded_search(compile_pattern(constraint.pattern, constraint.flags))
    reason = f"the pattern {constraint.pattern!r} takes too long on some values"
    late: list[Token] = []

    def accepts(value: Token) -> bool:
        text = text_of(value)
        if text is None:
            return False
        found = search(text) if len(late) < _PATIENCE else None
        if found is None:
            late[_PATIENCE - 1 :] = [value]
            return around.give_up(reason)
        return found

    return _each(accepts)


def _language(token: Token) -> str | None:
    return token[token.rindex("@") + 1 :].lower() if token[0] == '"' and token[-1] not in '">' else None


def _language_in(constraint: Constraint, _around: Surroundings) -> Offending:
    ranges = [text.lower() for term in constraint.terms if (text := text_of(term)) is not None]

    def accepts(value: Token) -> bool:
        tag = _language(value)
        return tag is not None and any(r in ("*", tag) or tag.startswith(f"{r}-") for r in ranges)

    return _each(accepts)


def _unique_lang(_constraint: Constraint, _around: Surroundings) -> Offending:
    def offending(_graph: Graph, _focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        tags = Counter(tag for value in values if (tag := _language(value)) is not None)
        return [None for count in tags.values() if count > 1]

    return offending


def _equals(constraint: Constraint, _around: Surroundings) -> Offending:
    predicate = constraint.terms[0]

    def offending(graph: Graph, focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        others = graph.objects(focus, predicate)
        return [v for v in values if v not in others] + [o for o in others if o not in values]

    return offending


def _disjoint(constraint: Constraint, _around: Surroundings) -> Offending:
    predicate = constraint.terms[0]

    def offending(graph: Graph, focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        others = graph.objects(focus, predicate)
        return [value for value in values if value in others]

    return offending


def _less_than(holds: Callable[[int], bool]) -> Compile:
    def compile_less_than(constraint: Constraint, _around: Surroundings) -> Offending:
        predicate = constraint.terms[0]

        def offending(graph: Graph, focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
            others = [ordered(other) for other in graph.objects(focus, predicate)]
            signs = ((value, compare(ordered(value), other)) for value in values for other in others)
            return [value for value, sign in signs if sign is None or not holds(sign)]

        return offending

    return compile_less_than


def _not(constraint: Constraint, around: Surroundings) -> Offending:
    inner = around.conforms(constraint.shapes[0])
    return _each_node(lambda graph, node: not inner(graph, node))


def _node(constraint: Constraint, around: Surroundings) -> Offending:
    return _each_node(around.conforms(constraint.shapes[0]))


def _counted(holds: Callable[[int, int], bool]) -> Compile:
    """`sh:and`, `sh:or`, `sh:xone`: how many of how many members hold."""

    def compile_counted(constraint: Constraint, around: Surroundings) -> Offending:
        members = [around.conforms(shape) for shape in constraint.shapes]
        size = len(members)
        return _each_node(lambda graph, node: holds(sum(member(graph, node) for member in members), size))

    return compile_counted


def _or(constraint: Constraint, around: Surroundings) -> Offending:
    members = [around.conforms(shape) for shape in constraint.shapes]
    return _each_node(lambda graph, node: any(member(graph, node) for member in members))


def _qualified(holds: Callable[[int, int], bool]) -> Compile:
    def compile_qualified(constraint: Constraint, around: Surroundings) -> Offending:
        inner = around.conforms(constraint.shapes[0])
        siblings = [around.conforms(shape) for shape in constraint.siblings]
        limit = constraint.count

        def counts(graph: Graph, value: Token) -> bool:
            return inner(graph, value) and not any(sibling(graph, value) for sibling in siblings)

        def offending(graph: Graph, _focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
            return () if holds(sum(counts(graph, value) for value in values), limit) else _FAILED

        return offending

    return compile_qualified


def _closed(constraint: Constraint, _around: Surroundings) -> Offending:
    allowed = frozenset(constraint.terms)

    def offending(graph: Graph, _focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        nodes = (graph.forward.get(value, NOTHING) for value in values)
        return [(p, o) for properties in nodes for p in properties if p not in allowed for o in properties[p]]

    return offending


def _has_value(constraint: Constraint, _around: Surroundings) -> Offending:
    wanted = constraint.terms[0]
    return lambda _graph, _focus, values: () if wanted in values else _FAILED


def _in(constraint: Constraint, _around: Surroundings) -> Offending:
    return _each(frozenset(constraint.terms).__contains__)


def queried(constraint: Constraint, around: Surroundings) -> Offending:
    """Compile a SPARQL-based constraint: what offends was found for all focus nodes at once."""
    query = constraint.query
    assert query is not None  # noqa: S101  # the caller looked

    def offending(_graph: Graph, focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        found = around.answers().get(query, {})
        if isinstance(found, frozenset):
            return [value for value in values if (focus, value) not in found]
        return found.get(focus, ())

    return offending


COMPONENTS: Mapping[str, Compile] = {
    "ClassConstraintComponent": _class,
    "DatatypeConstraintComponent": _datatype,
    "NodeKindConstraintComponent": _node_kind,
    "MinCountConstraintComponent": _min_count,
    "MaxCountConstraintComponent": _max_count,
    "MinExclusiveConstraintComponent": _range(lambda sign: sign > 0),
    "MinInclusiveConstraintComponent": _range(lambda sign: sign >= 0),
    "MaxExclusiveConstraintComponent": _range(lambda sign: sign < 0),
    "MaxInclusiveConstraintComponent": _range(lambda sign: sign <= 0),
    "MinLengthConstraintComponent": _length(lambda length, limit: length >= limit),
    "MaxLengthConstraintComponent": _length(lambda length, limit: length <= limit),
    "PatternConstraintComponent": _pattern,
    "LanguageInConstraintComponent": _language_in,
    "UniqueLangConstraintComponent": _unique_lang,
    "EqualsConstraintComponent": _equals,
    "DisjointConstraintComponent": _disjoint,
    "LessThanConstraintComponent": _less_than(lambda sign: sign < 0),
    "LessThanOrEqualsConstraintComponent": _less_than(lambda sign: sign <= 0),
    "NotConstraintComponent": _not,
    "AndConstraintComponent": _counted(lambda holding, size: holding == size),
    "OrConstraintComponent": _or,
    "XoneConstraintComponent": _counted(lambda holding, _size: holding == 1),
    "NodeConstraintComponent": _node,
    "QualifiedMinCountConstraintComponent": _qualified(lambda number, limit: number >= limit),
    "QualifiedMaxCountConstraintComponent": _qualified(lambda number, limit: number <= limit),
    "ClosedConstraintComponent": _closed,
    "HasValueConstraintComponent": _has_value,
    "InConstraintComponent": _in,
    **DRAFT_COMPONENTS,
}
"""Component by local name; `PropertyShapeComponent` is the engine's own, for it passes results on."""
