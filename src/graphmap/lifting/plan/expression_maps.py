"""Expression maps and the levels that they read: parts of a plan, frozen and comparable.

Source: RML-Core, expression maps and term maps; RML-LV; RML-CC; RML-FNML.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from graphmap.errors import Locator
from graphmap.lifting.paths import Route
from graphmap.lifting.plan.functions import Function
from graphmap.lifting.plan.logical_sources import Formulation, LogicalSource, Target
from graphmap.rdf import Token

__all__ = [
    "Call",
    "Constant",
    "Embedded",
    "Expression",
    "Fresh",
    "Gather",
    "Iteration",
    "Join",
    "Position",
    "Reference",
    "Step",
    "Template",
    "TermMap",
    "TermType",
    "ViewJoin",
    "references",
    "step_references",
    "within",
]


class TermType(enum.Enum):
    """Term type of a term map."""

    IRI = "IRI"
    URI = "URI"
    UNSAFE_IRI = "UnsafeIRI"
    UNSAFE_URI = "UnsafeURI"
    BLANK_NODE = "BlankNode"
    LITERAL = "Literal"

    @property
    def encodes(self) -> bool:
        """Return whether values in a template are percent-encoded."""
        return self in (TermType.IRI, TermType.URI)

    @property
    def names(self) -> bool:
        """Return whether the term is an IRI of any kind."""
        return self not in (TermType.BLANK_NODE, TermType.LITERAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """Always the same term."""

    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The values at a path below a level of the iteration; however it is written, the same values are equal."""

    text: str = field(compare=False)
    level: int
    path: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The position of a level's node among its siblings, counted from 0; at level 0, of the record in its source."""

    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Text with references in it; gives nothing while one of them gives nothing."""

    parts: tuple[str | Reference | Position | Call, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function over the values of other term maps.

    Args:
        function: its IRI.
        definition: what it does.
        arguments: in the function's own order of parameters.
    """

    function: str
    definition: Function = field(compare=False, repr=False)
    arguments: tuple[TermMap | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A blank node of its own for each iteration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather:
    """A list or container of terms; the term is its head.

    Args:
        kind: `rdf:List`, `rdf:Seq`, `rdf:Bag` or `rdf:Alt`.
        members: give the terms in it.
        product: whether each combination of their terms is one of its own, rather than all terms in one.
        may_be_empty: whether it is made where there are no terms.
        head: names it, where it has a name; what has the same name is one.
    """

    kind: Token
    members: tuple[TermMap, ...]
    product: bool = False
    may_be_empty: bool = False
    head: TermMap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """The subjects of another triples map, where the values of each condition meet.

    Args:
        parent: iteration of the other triples map.
        subject: its subject map.
        base: its base IRI.
        conditions: child and parent term maps; all must meet.
    """

    parent: Iteration
    subject: TermMap
    base: str | None
    conditions: tuple[tuple[TermMap, TermMap], ...]


Expression = Constant | Reference | Position | Template | Call | Fresh | Join | Gather


@dataclass(frozen=True, slots=True, kw_only=True)
class TermMap:
    """Expression map of a term.

    Args:
        name: IRI or blank node label of the term map in the mapping, for messages.
        datatype: IRI without brackets; `None` asks for the natural datatype.
        language: a language tag that stands in the mapping.
        datatype_map: gives the datatype, where it comes from the data.
        language_map: gives the language tag, where it comes from the data.
        rule: slug of the rule that a missing term breaks, where the mapping names one.
        unique_rule: slug of the rule that says that no other record has the term, where the mapping names one.
        targets: where statements with the term go.
        written: where the term map stands in the mapping.
    """

    expression: Expression
    term_type: TermType
    name: str = field(compare=False)
    datatype: str | None = None
    language: str | None = None
    datatype_map: TermMap | None = None
    language_map: TermMap | None = None
    rule: str | None = None
    unique_rule: str | None = None
    targets: tuple[Target, ...] = field(default=(), compare=False)
    written: Locator = field(default=Locator(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewJoin:
    """Iterations of another view, where the values of each condition meet.

    Args:
        parent: iteration of the other view.
        fields: what is taken from it, by name.
        conditions: child and parent term maps; all must meet.
        unmatched: whether it gives an empty node where nothing meets, and none where something does.
    """

    parent: Iteration
    fields: tuple[tuple[str, TermMap], ...]
    conditions: tuple[tuple[TermMap, TermMap], ...]
    unmatched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """The iterations over a text that is a document of its own.

    Args:
        formulation: how the text is read.
        path: the iterator.
        nulls: texts that stand for no value.
    """

    formulation: Formulation
    path: Route
    nulls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One more level: the nodes at a path below an earlier one; an outer step that finds none gives one empty node.

    Args:
        below: the earlier level.
        path: from its node.
        maker: gives the nodes in place of the path: the values of a term map, what a join finds, or what is written in
            a text at the path.
        name: of the field in the mapping, for messages.
        written: where the field stands in the mapping.
    """

    below: int
    path: Route
    outer: bool = False
    maker: TermMap | ViewJoin | Embedded | None = None
    name: str = field(default="", compare=False)
    written: Locator = field(default=Locator(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration:
    """The chain of levels over a source."""

    source: LogicalSource
    steps: tuple[Step, ...] = ()


def step_references(step: Step) -> Iterator[Reference]:
    """The references that a step reads to make its nodes."""
    if isinstance(step.maker, TermMap):
        yield from references(step.maker)
    elif isinstance(step.maker, ViewJoin):
        for child, _ in step.maker.conditions:
            yield from references(child)


def within(term_map: TermMap) -> Iterator[Expression]:
    """The expression of a term map and all expressions in it, the parent's side of joins aside."""
    yield from _below(term_map.expression)
    for inner in (term_map.datatype_map, term_map.language_map):
        if inner is not None:
            yield from within(inner)


def _below(expression: Expression) -> Iterator[Expression]:
    yield expression
    if isinstance(expression, Template):
        for part in expression.parts:
            yield from () if isinstance(part, str) else _below(part)
    else:
        for inner in _inner_maps(expression):
            yield from within(inner)


def _inner_maps(expression: Expression) -> Iterator[TermMap]:
    if isinstance(expression, Call):
        yield from (argument for argument in expression.arguments if argument is not None)
    elif isinstance(expression, Join):
        yield from (child for child, _ in expression.conditions)
    elif isinstance(expression, Gather):
        yield from expression.members
        if expression.head is not None:
            yield expression.head


def references(term_map: TermMap) -> Iterator[Reference]:
    """Every reference that a term map reads."""
    yield from (expression for expression in within(term_map) if isinstance(expression, Reference))
