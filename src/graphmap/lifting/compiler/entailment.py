"""Entailment as the compiler needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Protocol

from graphmap.rdf import Token

__all__ = ["Entailment"]


class Entailment(Protocol):
    """Table of what one asserted triple entails.

    `classes` maps a class to its super-classes, `properties` a property to what it entails: another property and
    whether subject and object change places.
    """

    @property
    def classes(self) -> Mapping[Token, tuple[Token, ...]]:
        """Class to its super-classes."""

    @property
    def properties(self) -> Mapping[Token, tuple[tuple[Token, bool], ...]]:
        """Property to what it entails."""

    def entailed(self, triples: Iterable[tuple[Token, Token, Token]]) -> AbstractSet[tuple[Token, Token, Token]]:
        """Triples that are entailed and not asserted."""
