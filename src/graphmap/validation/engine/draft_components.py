"""Constraint components of the SHACL 1.2 drafts, as rows of a table.

Source: SHACL 1.2 Core, working draft, section 4 (core constraint components).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from graphmap.rdf import RDF, Graph, Token
from graphmap.validation.engine.offences import FAILED, Compile, Offence, Offending, Surroundings
from graphmap.validation.report import text_of
from graphmap.validation.shapes import Constraint

__all__ = ["DRAFT_COMPONENTS"]

_Values = tuple[frozenset[Token], ...]
"""The values of a node, by property."""

_NIL = f"<{RDF}nil>"
_ENOUGH = 2
"""Of two holders of the same values, one is another node than any that is compared with them."""
_LINE_ENDS = ("\n", "\r", "\f", "\v")


def _single_line(_constraint: Constraint, _around: Surroundings) -> Offending:
    def offending(_graph: Graph, _focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        return [v for v in values if v[0] == '"' and any(end in (text_of(v) or "") for end in _LINE_ENDS)]

    return offending


def _root_class(constraint: Constraint, around: Surroundings) -> Offending:
    below = around.subclasses(constraint.terms[0])
    return lambda _graph, _focus, values: [value for value in values if value not in below]


def _subset_of(constraint: Constraint, _around: Surroundings) -> Offending:
    predicate = constraint.terms[0]

    def offending(graph: Graph, focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        whole = graph.objects(focus, predicate)
        return [value for value in values if value not in whole]

    return offending


def _some_value(constraint: Constraint, around: Surroundings) -> Offending:
    inner = around.conforms(constraint.shapes[0])
    return lambda graph, _focus, values: () if any(inner(graph, value) for value in values) else FAILED


def _of_members(accepts: Callable[[Graph, tuple[Token, ...]], bool]) -> Offending:
    """Offending are the values that are no well-formed list, and the lists that are not accepted."""

    def offending(graph: Graph, _focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        lists = [(value, () if value == _NIL else graph.listed(value)) for value in values]
        return [value for value, members in lists if members is None or not accepts(graph, members)]

    return offending


def _member_shape(constraint: Constraint, around: Surroundings) -> Offending:
    inner = around.conforms(constraint.shapes[0])
    return _of_members(lambda graph, members: all(inner(graph, member) for member in members))


def _min_list_length(constraint: Constraint, _around: Surroundings) -> Offending:
    return _of_members(lambda _graph, members: len(members) >= constraint.count)


def _max_list_length(constraint: Constraint, _around: Surroundings) -> Offending:
    return _of_members(lambda _graph, members: len(members) <= constraint.count)


def _unique_members(_constraint: Constraint, _around: Surroundings) -> Offending:
    return _of_members(lambda _graph, members: len(set(members)) == len(members))


def _unique_values_for(constraint: Constraint, around: Surroundings) -> Offending:
    """Offending are values that share all their values of the properties with another target; two of each are kept."""
    indexed: tuple[Sequence[Token], dict[_Values, list[Token]]] = ((), {})

    def values_of(graph: Graph, node: Token) -> _Values:
        return tuple(frozenset(graph.objects(node, predicate)) for predicate in constraint.terms)

    def holders(graph: Graph) -> dict[_Values, list[Token]]:
        nonlocal indexed
        targets = around.targets()
        if targets is not indexed[0]:
            found: dict[_Values, list[Token]] = {}
            for node in targets:
                if any(values := values_of(graph, node)) and len(nodes := found.setdefault(values, [])) < _ENOUGH:
                    nodes.append(node)
            indexed = (targets, found)
        return indexed[1]

    def offending(graph: Graph, _focus: Token, values: Sequence[Token]) -> Sequence[Offence]:
        known = holders(graph)
        shared = (known.get(values_of(graph, value), ()) for value in values)
        return FAILED * sum(any(node != value for node in nodes) for value, nodes in zip(values, shared, strict=True))

    return offending


DRAFT_COMPONENTS: Mapping[str, Compile] = {
    "SingleLineConstraintComponent": _single_line,
    "RootClassConstraintComponent": _root_class,
    "SubsetOfConstraintComponent": _subset_of,
    "SomeValueConstraintComponent": _some_value,
    "MemberShapeConstraintComponent": _member_shape,
    "MinListLengthConstraintComponent": _min_list_length,
    "MaxListLengthConstraintComponent": _max_list_length,
    "UniqueMembersConstraintComponent": _unique_members,
    "UniqueValuesForConstraintComponent": _unique_values_for,
}
"""Component by local name."""
