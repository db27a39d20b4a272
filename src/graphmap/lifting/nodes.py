"""The statements of a mapping by subject and predicate, and the faults found in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphmap.errors import Locator, MappingError
from graphmap.terms import Token, iri_of, literal_parts, local_name

__all__ = ["MappingFile", "Nodes"]

_PREFIX = re.compile(r"@?prefix\s+([^\s:]*):\s*<([^>]*)>", re.IGNORECASE)
_DEEPEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFile:
    """The text of a mapping, to say where something stands.

    Args:
        name: as the caller gave it.
        text: Turtle.
        base: IRI that relative ones were resolved against.
    """

    name: str
    text: str
    base: str

    def offset(self, iri: str) -> int | None:
        """Where an IRI begins a statement, or `None`."""
        written = [f"<{iri}>", f"<{iri.removeprefix(self.base)}>"]
        for prefix, namespace in _PREFIX.findall(self.text):
            if namespace and iri.startswith(namespace):
                written.append(f"{prefix}:{iri.removeprefix(namespace)}")
        found = (re.search(rf"^\s*({re.escape(form)})(?=\s)", self.text, re.MULTILINE) for form in written)
        return min((match.start(1) for match in found if match is not None), default=None)

    def place(self, offset: int | None) -> Locator:
        """The line of an offset."""
        if offset is None:
            return Locator(source=self.name)
        return Locator(source=self.name, line=self.text.count("\n", 0, offset) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Look-ups over the triples of a mapping.

    Args:
        index: subject to predicate to objects, in the order of the files.
        files: the texts.
        origin: subject to the number of the file that it stands in first.
    """

    index: Mapping[Token, Mapping[Token, Sequence[Token]]]
    files: Sequence[MappingFile]
    origin: Mapping[Token, int]

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
            raise self.fault(subject, f"{_short(predicate)} is given {len(found)} times", "keep one")
        return found[0] if found else None

    def one(self, subject: Token, predicate: Token) -> Token:
        """The only object.

        Raises:
            MappingError: where there is none, or several.
        """
        found = self.maybe(subject, predicate)
        if found is None:
            raise self.fault(subject, f"{_short(predicate)} is missing", "add it")
        return found

    def text(self, subject: Token, predicate: Token) -> str | None:
        """The text of the only object.

        Raises:
            MappingError: where it is no literal, or there are several.
        """
        found = self.maybe(subject, predicate)
        if found is None:
            return None
        if found[0] != '"':
            raise self.fault(subject, f"{_short(predicate)} must be a literal, not {found}", "put it in quotes")
        return literal_parts(found).lexical

    def fault(self, subject: Token, what: str, hint: str) -> MappingError:
        """An error about one statement."""
        file, named = self._file(subject), self._named(subject)
        where = file.place(file.offset(iri_of(named)) if named else None)
        return MappingError(f"{self._way(subject)}: {what}", where=where, hint=hint)

    def fault_in_text(self, subject: Token, what: str, hint: str, *, text: str, at: int) -> MappingError:
        """An error about a place in a reference or a template, with a caret under it.

        Args:
            subject: the node that has the text.
            what: what is wrong.
            hint: what to do.
            text: as it stands in the mapping, unescaped.
            at: character of the text, counted from 0.
        """
        file, named = self._file(subject), self._named(subject)
        start = (file.offset(iri_of(named)) if named else None) or 0
        written = text.replace("\\", "\\\\").replace('"', '\\"')
        found = max(file.text.find(written, start), file.text.find(text, start))
        message = f"{self._way(subject)}: {what}\n  {text}\n  {' ' * at}^\n"
        return MappingError(message, where=file.place(found if found >= 0 else start), hint=hint)

    def _file(self, subject: Token) -> MappingFile:
        return self.files[self.origin.get(subject, 0)]

    def _parent(self, subject: Token) -> tuple[Token, Token] | None:
        pairs = ((parent, predicate) for parent, each in self.index.items() for predicate in each)
        return next(((parent, at) for parent, at in pairs if subject in self.index[parent][at]), None)

    def _named(self, subject: Token) -> Token | None:
        """The nearest node with a name, from a node up."""
        for _ in range(_DEEPEST):
            if subject[0] == "<":
                return subject
            parent = self._parent(subject)
            if parent is None:
                return None
            subject = parent[0]
        return None

    def _way(self, subject: Token) -> str:
        """A blank node by the way to it from something that has a name."""
        steps: list[str] = []
        while subject[0] != "<" and len(steps) < _DEEPEST and (parent := self._parent(subject)) is not None:
            steps.append(local_name(iri_of(parent[1])))
            subject = parent[0]
        return " ".join((subject if subject[0] == "<" else "a node", *reversed(steps)))


def _short(predicate: Token) -> str:
    return f"rml:{local_name(iri_of(predicate))}"
