"""Scope of references in a triples map: columns, paths, or fields of a logical view.

Source: RML-IO, logical sources; RML-LV, logical view expressions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from graphmap.lifting.mapping_document import Nodes
from graphmap.lifting.paths import PathError, Route, column_path, parse_full_path, parse_path
from graphmap.lifting.plan import Call, Formulation, Iteration, Position, Reference, TermMap
from graphmap.rdf import Token

__all__ = ["Field", "Language", "Reads", "Scope"]

Field = Reference | Position | Call
"""Meaning of a field of a view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Reference formulation of references and iterators.

    Args:
        formulation: its name.
        namespaces: prefixes that paths into XML use, with their namespaces.
    """

    formulation: Formulation
    namespaces: tuple[tuple[str, str], ...] = ()

    def path(self, text: str, nodes: Nodes, node: Token) -> Route:
        """Parse a reference or an iterator.

        Args:
            text: of it.
            nodes: the statements of the mapping.
            node: that has the text.

        Raises:
            MappingError: where it is none.
        """
        if self.formulation.tabular:
            return column_path(text)
        try:
            if self.formulation is Formulation.XPATH:
                from graphmap.lifting.paths import parse_xpath  # noqa: PLC0415  # a large library, for XML alone

                return parse_xpath(text, self.namespaces)
            return _json_path(text, lax=self.formulation is Formulation.LAX_JSON_PATH)
        except PathError as error:
            what = f"{text!r} is not a path: {error}"
            raise nodes.fault_in_text(node, what, "correct the path", text=text, at=error.offset) from error


def _json_path(text: str, *, lax: bool) -> Route:
    """A path of the common kind, compiled to plain access, or any other of RFC 9535."""
    try:
        return parse_path(text, lax=lax)
    except PathError:
        if lax or not text.startswith("$"):
            raise
        return parse_full_path(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """An iteration and what can be referred to in it.

    Args:
        nodes: the statements of the mapping.
        iteration: the chain of levels.
        language: of references, outside a view.
        fields: what the names of a view stand for; `None` outside a view.
        records: names of a view that stand for records, which cannot be referred to.
        rests: of a view with full joins, the same names over the iterations of joined views that meet nothing.
    """

    nodes: Nodes
    iteration: Iteration
    language: Language
    fields: Mapping[str, Field] | None = None
    records: frozenset[str] = field(default=frozenset())
    rests: tuple[Scope, ...] = ()

    def reference(self, text: str, node: Token) -> Field:
        """Resolve a reference in a term map.

        Raises:
            MappingError: where the view has no such field, or the text is not a path.
        """
        if self.fields is None:
            path = self.language.path(text, self.nodes, node)
            return Reference(text=text, level=len(self.iteration.steps), path=path)
        if text in self.fields:
            return self.fields[text]
        known = f"its fields: {', '.join(self.fields)}"
        if text in self.records:
            raise self.nodes.fault(node, f"{text!r} stands for records, which cannot be referred to", known, at=text)
        raise self.nodes.fault(node, f"the view has no field {text!r}", known, at=text)


class Reads(Protocol):
    """Reads expressions in a scope."""

    def text_map(self, node: Token, scope: Scope) -> TermMap:
        """The expression of a field."""

    def side(self, node: Token, name: str, scope: Scope) -> TermMap:
        """The `child` or the `parent` of a join condition."""
