"""The statements of a mapping by subject and predicate, and the faults found in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphmap.errors import Locator, MappingError
from graphmap.lifting.mapping_document.locations import MappingFile
from graphmap.rdf import RDF, Token, iri_of, literal_parts, local_name

__all__ = ["Nodes"]

_DEEPEST = 8
_FIRST, _REST, _NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Look-ups over the triples of a mapping.

    Args:
        index: subject to predicate to objects, in the order of the files.
        files: the texts.
        origin: subject to the number of the file that it stands in first.
        offsets: subject to where it begins in that file, as far as that is known.
    """

    index: Mapping[Token, Mapping[Token, Sequence[Token]]]
    files: Sequence[MappingFile]
    origin: Mapping[Token, int]
    offsets: Mapping[Token, int] = field(default_factory=dict)

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
            raise self.fault(
                subject, f"{_short(predicate)} is given {len(found)} times", "keep one", at=_local(predicate)
            )
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
            raise self.fault(
                subject, f"{_short(predicate)} must be a literal, not {found}", "put it in quotes", at=_local(predicate)
            )
        return literal_parts(found).lexical

    def listed(self, subject: Token, predicate: Token) -> list[Token]:
        """The items of the list that is the only object.

        Raises:
            MappingError: where it is no list, or an empty one.
        """
        cell, items = self.one(subject, predicate), list[Token]()
        while cell != _NIL and len(items) <= len(self.index):
            items.append(self.one(cell, _FIRST))
            cell = self.one(cell, _REST)
        if not items:
            what = f"{_short(predicate)} is an empty list"
            raise self.fault(subject, what, "give it an item at least", at=_local(predicate))
        return items

    def place(self, subject: Token) -> Locator:
        """Find the place of a node in its file, or of the nearest node around it."""
        return self._file(subject).place(self._offset(subject))

    def fault(self, subject: Token, what: str, hint: str, *, at: str | None = None) -> MappingError:
        """An error about one statement, with a caret under it.

        Args:
            subject: the node.
            what: what is wrong.
            hint: what to do.
            at: local name of the predicate or object that the caret belongs under; without it, under the node.
        """
        file, start = self._file(subject), self._offset(subject)
        found = None if start is None or at is None else file.term(at, start)
        return self._error(subject, what, hint, found if found is not None else start)

    def fault_in_text(self, subject: Token, what: str, hint: str, *, text: str, at: int) -> MappingError:
        """An error about a place in a reference or a template, with a caret under it.

        Args:
            subject: the node that has the text.
            what: what is wrong.
            hint: what to do.
            text: as it stands in the mapping, unescaped.
            at: character of the text, counted from 0.
        """
        file, start = self._file(subject), self._offset(subject) or 0
        found = file.text.find(_written(text), start)
        offset = start if found < 0 else found + len(_written(text[:at]))
        return self._error(subject, what, hint, offset)

    def _error(self, subject: Token, what: str, hint: str, offset: int | None) -> MappingError:
        file = self._file(subject)
        excerpt = None if offset is None else file.excerpt(offset)
        return MappingError(f"{self._way(subject)}: {what}", where=file.place(offset), hint=hint, excerpt=excerpt)

    def _offset(self, subject: Token) -> int | None:
        for _ in range(_DEEPEST):
            if subject in self.offsets:
                return self.offsets[subject]
            parent = self._parent(subject)
            if parent is None:
                return None
            subject = parent[0]
        return None

    def _file(self, subject: Token) -> MappingFile:
        return self.files[self.origin.get(subject, 0)]

    def _parent(self, subject: Token) -> tuple[Token, Token] | None:
        pairs = ((parent, predicate) for parent, each in self.index.items() for predicate in each)
        return next(((parent, at) for parent, at in pairs if subject in self.index[parent][at]), None)

    def _way(self, subject: Token) -> str:
        """A blank node by the way to it from something that has a name."""
        steps: list[str] = []
        while subject[0] != "<" and len(steps) < _DEEPEST and (parent := self._parent(subject)) is not None:
            steps.append(local_name(iri_of(parent[1])))
            subject = parent[0]
        return " ".join((subject if subject[0] == "<" else "a node", *reversed(steps)))


def _short(predicate: Token) -> str:
    return f"rml:{_local(predicate)}"


def _local(predicate: Token) -> str:
    return local_name(iri_of(predicate))


def _written(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
