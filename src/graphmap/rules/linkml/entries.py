"""Entries of a YAML mapping as the values that the model takes; what cannot be read is noted, and read as away."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from graphmap.errors import RulesError, ShapesError
from graphmap.rdf import compile_pattern
from graphmap.rules.linkml.documents import Document, Notes
from graphmap.rules.linkml.metamodel import ELEMENTS
from graphmap.rules.linkml.yaml_positions import Marked
from graphmap.rules.model import Annotations

__all__ = ["PREFIX", "Entries", "entries_of", "is_pattern"]

PREFIX = "graphmap:"
T = TypeVar("T")


def is_pattern(text: str) -> bool:
    """Return whether a regular expression is one that shapes can have.

    Args:
        text: the expression.
    """
    try:
        compile_pattern(text)
    except ShapesError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """The entries of one element.

    Args:
        subject: what the element is called in messages and in the ledger.
        node: the element.
        given: its entries.
        document: the file that it stands in.
        notes: takes in problems and losses.
    """

    subject: str
    node: Marked
    given: Mapping[str, Marked]
    document: Document
    notes: Notes

    def text(self, key: str) -> str:
        """The text under a key; empty where there is none."""
        return self._read(key, Marked.text, "")

    def flag(self, key: str) -> bool:
        """The truth value under a key; false where there is none."""
        return self._read(key, Marked.flag, False)  # noqa: FBT003  # the value, no switch

    def count(self, key: str) -> int | None:
        """The number under a key."""
        return self._read(key, Marked.count, None)

    def items(self, key: str) -> tuple[Marked, ...]:
        """The items of the list under a key."""
        return self._read(key, Marked.items, ())

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of the list under a key."""
        return self._read(key, lambda node: tuple(item.text() for item in node.items()), ())

    def named(self, key: str) -> Mapping[str, Marked]:
        """The named elements under a key."""
        return self._read(key, Marked.entries, {})

    def number(self, key: str) -> str | None:
        """A bound as written; `None` where there is none."""
        return self.text(key) or None

    def iri(self, key: str) -> str | None:
        """The IRI under a key; a prefix that is not declared is a problem."""
        curie = self.text(key)
        if not curie:
            return None
        iri = self.document.iri(curie)
        if iri is None and "default_curi_maps" in self.document.top:
            why = f"the prefix {curie.partition(':')[0]!r} stands in a map elsewhere; declare it under prefixes"
            self.notes.loss(self.document, self.subject, f"{key} {curie}", why, self.given[key].where)
        elif iri is None:
            hint = f"declare the prefix {curie.partition(':')[0]!r} under prefixes, or write an absolute IRI"
            self.notes.problem(
                f"{self.subject} has the {key} {curie!r}, which is not an IRI", self.given[key].where, hint
            )
        return iri

    def pattern(self) -> str | None:
        """The regular expression: `pattern`, or `structured_pattern` with the settings put in.

        Source: LinkML metamodel 1.8, PatternExpression.
        """
        plain = self.text("pattern")
        if plain or "structured_pattern" not in self.given:
            return self._checked(plain, "pattern") if plain else None
        inner = self.below(self.given["structured_pattern"], "a pattern", self.subject)
        syntax = inner.text("syntax")
        if inner.flag("interpolated"):
            syntax = self._interpolated(syntax, inner.node)
        whole = syntax if inner.flag("partial_match") or not syntax else f"^(?:{syntax})$"
        return self._checked(whole, "structured_pattern")

    def _checked(self, pattern: str, key: str) -> str | None:
        """A pattern that shapes can have; one of another dialect is a loss, one of none a problem."""
        if is_pattern(pattern):
            return pattern
        where = self.given[key].where
        try:
            with warnings.catch_warnings(action="ignore"):
                re.compile(pattern)
        except (re.error, OverflowError) as error:
            hint = "write a regular expression; a sign that stands for itself has a backslash before it"
            self.notes.problem(f"{self.subject} has a pattern that is not valid: {error}", where, hint)
        else:
            why = "it is no regular expression of XPath, which sh:pattern takes"
            self.notes.loss(self.document, self.subject, f"{key} {pattern}", why, where)
        return None

    def _interpolated(self, syntax: str, node: Marked) -> str:
        settings = self.document.top["settings"].entries() if "settings" in self.document.top else {}

        def value(match: re.Match[str]) -> str:
            setting = settings.get(match[1])
            if setting is None:
                hint = "add it to settings of the schema"
                self.notes.problem(f"the pattern of {self.subject} needs the setting {match[1]!r}", node.where, hint)
                return ""
            inner = setting.entries().get("setting_value") if setting.is_mapping else setting
            return inner.text() if inner is not None else ""

        return re.sub(r"\{([A-Za-z_]\w*)\}", value, syntax)

    def annotations(self) -> Annotations:
        """The annotations with the prefix `graphmap:`, without it; `source` is file and line where it is left out."""
        found = {
            name.removeprefix(PREFIX): self._value(node)
            for name, node in self.named("annotations").items()
            if name.startswith(PREFIX)
        }
        line = self.node.where.line
        found.setdefault("source", self.document.file + (f", line {line}" if line else ""))
        return MappingProxyType(found)

    def below(self, node: Marked, kind: str, subject: str) -> Entries:
        """The entries of an element below this one, with its keys looked over."""
        return entries_of(node, kind, subject, self.document, self.notes)

    def _value(self, node: Marked) -> str:
        try:
            inner = node.entries().get("value") if node.is_mapping else node
            return inner.text() if inner is not None else ""
        except RulesError as error:
            self.notes.error(error)
            return ""

    def _read(self, key: str, read: Callable[[Marked], T], default: T) -> T:
        if key not in self.given:
            return default
        try:
            return read(self.given[key])
        except RulesError as error:
            self.notes.error(error)
            return default


def entries_of(
    node: Marked, kind: str, subject: str, document: Document, notes: Notes, given: Mapping[str, Marked] | None = None
) -> Entries:
    """The entries of an element; a key that LinkML does not know is a problem, one without a place a loss.

    Args:
        node: the element.
        kind: one of `ELEMENTS`.
        subject: what messages and the ledger call it.
        document: its file.
        notes: takes in problems and losses.
        given: its entries, where they come from more than one place.
    """
    keys = ELEMENTS[kind]
    try:
        own = node.entries()
    except RulesError as error:
        notes.error(error)
        own = {}
    found = own if given is None else given
    entries = Entries(subject=subject, node=node, given=found, document=document, notes=notes)
    for key, hint in node.unknown(keys.known):
        notes.problem(f"unknown key {str(key.node.value)!r} in {kind.partition(' ')[2]} {subject}", key.where, hint)
    for lost, why in keys.lost.items():
        if lost in found:
            notes.loss(document, subject, lost, why, found[lost].where)
    return entries
