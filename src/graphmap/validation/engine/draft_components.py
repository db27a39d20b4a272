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

_NIL = f"<{RDF}nil>"
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


DRAFT_COMPONENTS: Mapping[str, Compile] = {
    "SingleLineConstraintComponent": _single_line,
    "RootClassConstraintComponent": _root_class,
    "SubsetOfConstraintComponent": _subset_of,
    "SomeValueConstraintComponent": _some_value,
    "MemberShapeConstraintComponent": _member_shape,
    "MinListLengthConstraintComponent": _min_list_length,
    "MaxListLengthConstraintComponent": _max_list_length,
    "UniqueMembersConstraintComponent": _unique_members,
}
"""Component by local name."""
