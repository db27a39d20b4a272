"""The statements of a mapping by subject and predicate, and the faults found in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphmap.errors import Locator, MappingError
from graphmap.terms import Token, literal_parts

__all__ = ["Nodes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Look-ups over the triples of a mapping; `source` names its files for messages."""

    index: Mapping[Token, Mapping[Token, Sequence[Token]]]
    source: str

    def subjects(self, predicate: Token) -> list[Token]:
        """All subjects of a predicate."""
        return [subject for subject, pairs in self.index.items() if predicate in pairs]

    def all(self, subject: Token, predicate: Token) -> Sequence[Token]:
        """All objects, in the order of the file."""
        return self.index.get(subject, {}).get(predicate, ())

    def maybe(self, subject: Token, predicate: Token) -> Token | None:
        """The only object, or `None`.

        Raises:
            MappingError: where there are several.
        """
        found = self.all(subject, predicate)
        if len(found) > 1:
            raise self.fault(subject, f"{predicate} is given {len(found)} times", "keep one")
        return found[0] if found else None

    def one(self, subject: Token, predicate: Token) -> Token:
        """The only object.

        Raises:
            MappingError: where there is none, or several.
        """
        found = self.maybe(subject, predicate)
        if found is None:
            raise self.fault(subject, f"{predicate} is missing", "add it")
        return found

    def text(self, subject: Token, predicate: Token) -> str | None:
        """The text of the only object, which must be a literal."""
        found = self.maybe(subject, predicate)
        if found is None:
            return None
        if found[0] != '"':
            raise self.fault(subject, f"{predicate} must be a literal, not {found}", "put it in quotes")
        return literal_parts(found).lexical

    def fault(self, subject: Token, what: str, hint: str) -> MappingError:
        """An error about one statement."""
        return MappingError(f"{self._path(subject)}: {what}", where=Locator(source=self.source), hint=hint)

    def _path(self, subject: Token, depth: int = 0) -> str:
        """A blank node by the way to it from something that has a name."""
        if subject[0] == "<" or depth > 8:
            return subject
        for parent, pairs in self.index.items():
            for predicate, objects in pairs.items():
                if subject in objects:
                    name = predicate[1:-1].rsplit("/", 1)[-1].rsplit("#", 1)[-1]
                    return f"{self._path(parent, depth + 1)} {name}"
        return subject
