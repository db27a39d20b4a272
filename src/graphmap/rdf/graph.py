"""An index over the triples of one small graph, in tokens.

Dictionaries of tuples, nothing else: a record holds 30 to 200 triples, and building the index must cost less than
reading it. What looks from objects to subjects is built when it is first asked for, one predicate at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphmap.rdf.terms import RDF, Token, Triple

__all__ = ["NOTHING", "Graph"]

NOTHING: Mapping[Token, Sequence[Token]] = {}
"""Triples of a node without any."""

_WIDE = 8
"""From how many values on a set tells whether one is there already."""

_FIRST = f"<{RDF}first>"
_REST = f"<{RDF}rest>"
_NIL = f"<{RDF}nil>"


class Graph:
    """A set of triples, indexed by subject and predicate.

    Args:
        triples: 3-tuples of tokens; one that comes twice counts once.

    >>> Graph([("<a:s>", "<a:p>", '"x"')]).objects("<a:s>", "<a:p>")
    ('"x"',)
    """

    __slots__ = ("_inverse", "forward")

    def __init__(self, triples: Iterable[tuple[Token, Token, Token]] = ()) -> None:
        self.forward: dict[Token, dict[Token, tuple[Token, ...]]] = {}
        self._inverse: dict[Token, dict[Token, list[Token]]] = {}
        forward = self.forward
        wide: dict[tuple[Token, Token], dict[Token, None]] = {}
        for subject, predicate, value in triples:
            properties = forward.get(subject)
            if properties is None:
                forward[subject] = {predicate: (value,)}
                continue
            values = properties.get(predicate)
            if values is None:
                properties[predicate] = (value,)
            elif len(values) == _WIDE:
                wide.setdefault((subject, predicate), dict.fromkeys(values))[value] = None
            elif value not in values:
                properties[predicate] = (*values, value)
        for (subject, predicate), many in wide.items():
            forward[subject][predicate] = tuple(many)

    @classmethod
    def of_lines(cls, text: str, *, tail: str = " .") -> Graph:
        """Read N-Triples of our own making: one statement a line, single spaces, no comments.

        Args:
            text: the lines; the last may or may not end with a line feed.
            tail: how each line ends; ` <graph> .` for N-Quads of one named graph.

        Returns:
            The graph of the lines.
        """
        # str.splitlines would also split inside literals that hold U+2028 and its like
        lines = dict.fromkeys(text.removesuffix("\n").removesuffix(tail).split(f"{tail}\n"))
        return cls([line.split(" ", 2) for line in lines if line])  # type: ignore[misc]  # a line has three terms

    def objects(self, subject: Token, predicate: Token) -> Sequence[Token]:
        """The objects of a subject and predicate, in order of arrival."""
        return self.forward.get(subject, NOTHING).get(predicate, ())

    def subjects(self, predicate: Token, value: Token) -> Sequence[Token]:
        """The subjects of a predicate and object, in order of arrival."""
        return self.inverse(predicate).get(value, ())

    def inverse(self, predicate: Token) -> Mapping[Token, list[Token]]:
        """Object to subjects of one predicate."""
        index = self._inverse.get(predicate)
        if index is None:
            index = self._inverse[predicate] = {}
            for subject, properties in self.forward.items():
                for value in properties.get(predicate, ()):
                    index.setdefault(value, []).append(subject)
        return index

    def triples(self) -> Iterator[Triple]:
        """All triples, by subject and predicate in order of arrival."""
        for subject, properties in self.forward.items():
            for predicate, values in properties.items():
                for value in values:
                    yield Triple(subject, predicate, value)

    def listed(self, head: Token) -> tuple[Token, ...] | None:
        """The members of an RDF list.

        Returns:
            The members, or `None` where the node is no well-formed list.
        """
        members: list[Token] = []
        seen = set[Token]()
        while head != _NIL:
            first, rest = self.objects(head, _FIRST), self.objects(head, _REST)
            if head in seen or len(first) != 1 or len(rest) != 1:
                return None
            seen.add(head)
            members.append(first[0])
            head = rest[0]
        return tuple(members)
