"""What a reference means where a triples map reads: columns, paths, or the fields of a logical view.

Source: RML-IO, logical sources; RML-LV, logical views, fields and their natural order (a field of a field is named
`parent.child`; an iterable field that finds nothing leaves its fields without value and keeps the record).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from graphmap.errors import MappingError
from graphmap.lifting.functions import GRAPHMAP, SAME
from graphmap.lifting.nodes import Nodes
from graphmap.lifting.path_text import PathError, parse_path
from graphmap.lifting.paths import Route, column_path
from graphmap.lifting.plan import Call, Formulation, Iteration, LogicalSource, Reference, Step, TermMap
from graphmap.lifting.source_reading import logical_source
from graphmap.lifting.vocabulary import rml
from graphmap.terms import Token

__all__ = ["Scope", "scope_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """An iteration and what can be referred to in it; `fields` is `None` outside a view."""

    nodes: Nodes
    iteration: Iteration
    fields: Mapping[str, Reference | Call] | None = None

    def reference(self, text: str, node: Token) -> Reference | Call:
        """What a reference in a term map means.

        Raises:
            MappingError: where the view has no such field, or the text is no path.
        """
        if self.fields is None:
            return Reference(text=text, level=len(self.iteration.steps), path=self.path(text, node))
        if text not in self.fields:
            raise self.nodes.fault(node, f"the view has no field {text!r}", f"its fields: {', '.join(self.fields)}")
        return self.fields[text]

    def path(self, text: str, node: Token) -> Route:
        """Parse a reference or an iterator in the formulation of the source."""
        return _path(self.nodes, node, text, self.iteration.source)


ReadTexts = Callable[[Token, Scope], TermMap]
"""Reads the expression of a field."""


def _path(nodes: Nodes, node: Token, text: str, source: LogicalSource) -> Route:
    if source.formulation.tabular:
        return column_path(text)
    try:
        if source.formulation is Formulation.XPATH:
            from graphmap.lifting.xpaths import parse_xpath  # noqa: PLC0415  # a large library, for XML alone

            return parse_xpath(text, source.namespaces)
        return parse_path(text, lax=source.formulation is Formulation.LAX_JSON_PATH)
    except PathError as error:
        what = f"{text!r} is no path: {error}"
        raise nodes.fault_in_text(node, what, "mend the path", text=text, at=error.offset) from error


def scope_of(nodes: Nodes, node: Token, read: ReadTexts) -> Scope:
    """The scope of a logical source or a logical view.

    Args:
        nodes: the statements of the mapping.
        node: the source or view.
        read: reads a field that is no plain reference.

    Raises:
        MappingError: where it cannot be read.
    """
    if nodes.all(node, rml("viewOn")):
        return _scope_of_view(nodes, node, read)
    return _scope_of_source(nodes, node)


def _scope_of_source(nodes: Nodes, node: Token) -> Scope:
    """The scope of a logical source: its iterator makes the one step.

    Raises:
        MappingError: where the source, its formulation or its iterator cannot be read.
    """
    source = logical_source(nodes, node)
    iterator = nodes.text(node, rml("iterator"))
    steps: tuple[Step, ...] = ()
    if iterator is not None and not source.formulation.tabular and iterator.strip() not in ("$", ""):
        steps = (Step(below=0, path=_path(nodes, node, iterator, source)),)
    return Scope(nodes=nodes, iteration=Iteration(source=source, steps=steps))


def _scope_of_view(nodes: Nodes, node: Token, read: ReadTexts, seen: tuple[Token, ...] = ()) -> Scope:
    """The scope of a logical view: the steps of what it is on, then one an iterable field.

    Raises:
        MappingError: where the view is on itself, joins, or a field is neither iterable nor an expression.
    """
    if node in seen:
        raise nodes.fault(node, "the view is on itself", "let one of the views be on a logical source")
    for join in ("leftJoin", "innerJoin"):
        if nodes.all(node, rml(join)):
            raise nodes.fault(node, f"rml:{join} is not read", "lift the sources apart")
    on = nodes.one(node, rml("viewOn"))
    is_view = bool(nodes.all(on, rml("viewOn")))
    below = _scope_of_view(nodes, on, read, (*seen, node)) if is_view else _scope_of_source(nodes, on)
    builder = _Fields(nodes, below, read)
    builder.add(node, len(below.iteration.steps), "")
    return Scope(
        nodes=nodes,
        iteration=replace(below.iteration, steps=(*below.iteration.steps, *builder.steps)),
        fields={**(below.fields or {}), **builder.fields},
    )


_EXPRESSIONS = ("reference", "template", "constant", "functionExecution")


class _Fields:
    """Walks the nested fields of one view."""

    def __init__(self, nodes: Nodes, below: Scope, read: ReadTexts) -> None:
        self._nodes = nodes
        self._below = below
        self._read = read
        self.steps: list[Step] = []
        self.fields: dict[str, Reference | Call] = {}

    def add(self, parent: Token, level: int, prefix: str) -> None:
        for node in self._nodes.all(parent, rml("field")):
            name = self._nodes.text(node, rml("fieldName"))
            if not name:
                raise self._nodes.fault(node, "the field has no name", "add rml:fieldName")
            iterator = self._nodes.text(node, rml("iterator"))
            if iterator is not None:
                self.steps.append(Step(below=level, path=self._below.path(iterator, node), outer=True))
                self.add(node, len(self._below.iteration.steps) + len(self.steps), f"{prefix}{name}.")
            else:
                self._expression(node, prefix + name, level)

    def _expression(self, node: Token, name: str, level: int) -> None:
        if not any(self._nodes.all(node, rml(each)) for each in _EXPRESSIONS):
            raise self._fault(node, name)
        if name in self.fields:
            raise self._nodes.fault(node, f"the field {name!r} is defined twice", "give it another name")
        self.fields[name] = self._value(node, self._scope_at(level))

    def _scope_at(self, level: int) -> Scope:
        """Where a field reads: the fields of the view below, or paths from the node of an iterable field."""
        outer = self._below.iteration
        steps = (*outer.steps, *self.steps)[:level]
        fields = self._below.fields if level == len(outer.steps) else None
        return Scope(nodes=self._nodes, iteration=replace(outer, steps=steps), fields=fields)

    def _value(self, node: Token, scope: Scope) -> Reference | Call:
        made = self._read(node, scope)
        if isinstance(made.expression, Reference | Call):
            return made.expression
        # a function hides the expression, so that its text is encoded as a whole where a template takes it
        return Call(function=GRAPHMAP + "same", definition=SAME, arguments=(made,))

    def _fault(self, node: Token, name: str) -> MappingError:
        return self._nodes.fault(node, f"the field {name!r} has no reference and no iterator", "add rml:reference")
