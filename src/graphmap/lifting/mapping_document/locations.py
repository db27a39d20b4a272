"""The text of a mapping: where each node is written, and the line of a fault with a caret under it.

A Turtle parser gives statements without their places. So the text is parsed with a mark in it after each `[` and after
each subject: one more predicate, whose object is the offset.
Source: RDF 1.1 Turtle, section 6.5 (grammar).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphmap.errors import Locator

__all__ = ["MARK", "MappingFile", "marked"]

MARK = "urn:x-graphmap:offset"
"""Predicate of a mark."""

_TOKEN = re.compile(
    r"""\s+ | \#[^\n]*
      | (?P<text> \"{3} (?:\\.|[^\\])*? \"{3} | '{3} (?:\\.|[^\\])*? '{3} | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' )
      | (?P<iri> <[^<>\s]*> )
      | (?P<open> [\[(] ) | (?P<close> [\])] )
      | (?P<word> (?: [^\s<>"'\[\]();,.\#\\] | \\. | \.(?=[^\s<>"'\[\]();,\#]) )+ )
      | (?P<other> . )""",
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVES = {"@prefix": 2, "@base": 1, "prefix": 2, "base": 1}
"""Words that begin no statement, with the number of tokens after them."""
_WIDEST = 120
_BEFORE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFile:
    """The text of a mapping.

    Args:
        name: as the caller gave it.
        text: Turtle.
        base: IRI that relative ones were resolved against.
    """

    name: str
    text: str
    base: str

    def place(self, offset: int | None) -> Locator:
        """Line and column of an offset."""
        if offset is None:
            return Locator(source=self.name)
        column = offset - (self.text.rfind("\n", 0, offset) + 1) + 1
        return Locator(source=self.name, line=self.text.count("\n", 0, offset) + 1, column=column)

    def excerpt(self, offset: int) -> str:
        """The line of an offset, with a caret under it."""
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        line = self.text[start : end if end >= 0 else len(self.text)].rstrip().replace("\t", " ")
        cut = max(0, offset - start - _BEFORE)
        number = str(self.text.count("\n", 0, offset) + 1)
        return f"{number} | {line[cut : cut + _WIDEST]}\n{' ' * len(number)} | {' ' * (offset - start - cut)}^"

    def excerpt_at(self, line: int, column: int) -> str:
        """The text of a line, counted from 1, with a caret under a column."""
        return self.excerpt(sum(len(each) + 1 for each in self.text.split("\n")[: line - 1]) + column - 1)

    def term(self, name: str, start: int) -> int | None:
        """Find a term by its local name from an offset on, or `None`."""
        found = re.compile(rf"(?<=[:/#]){re.escape(name)}(?![\w-])").search(self.text, start)
        if found is None:
            return None
        at = found.start()
        while at > start and not self.text[at - 1].isspace() and self.text[at - 1] not in "[;,(":
            at -= 1
        return at


def marked(text: str) -> str:
    """Turtle with a mark after each `[` and after each subject that has a name.

    >>> marked('<a> <b> [ <c> "d" ] .').replace(MARK, "at")
    '<a> <at> 0 ; <b> [ <at> 8 ; <c> "d" ] .'
    """
    pieces, done = [], 0
    for end, offset in _marks(text):
        pieces += [text[done:end], f" <{MARK}> {offset} ;"]
        done = end
    return "".join((*pieces, text[done:]))


def _marks(text: str) -> Iterator[tuple[int, int]]:
    """Find the marks in a text, and the offsets that they give."""
    fresh, passed = True, 0
    for token, depth in _tokens(text):
        written = token.group()
        if passed:
            passed -= 1
            fresh = not passed
        elif fresh and written.lower() in _DIRECTIVES:
            passed = _DIRECTIVES[written.lower()]
        elif written == "[" or (fresh and token.lastgroup in ("iri", "word")):
            yield token.end(), token.start()
            fresh = False
        elif written != "." or depth == 0:
            fresh = written == "."


def _tokens(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """The tokens, and how many brackets are open around each."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token.lastgroup is not None:
            depth += (token.lastgroup == "open") - (token.lastgroup == "close")
            yield token, depth
