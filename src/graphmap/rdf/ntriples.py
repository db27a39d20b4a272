"""N-Triples, read fast where they are written as most programs write them.

One statement a line, single spaces, no escapes: such lines are taken apart by `split`, and their terms are looked up
among those that were seen before, so that a term that comes often is one object in memory. A line of any other form, or
with a term that the expressions below do not vouch for, is read by the parser of the store, and so is a fault told.
Source: RDF 1.1 N-Triples, section 7 (grammar); RFC 3987, section 2.2 (IRIs).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO, TypeAlias

from graphmap.errors import DataError
from graphmap.rdf.terms import Token

__all__ = ["Plain", "read_statements"]

Plain: TypeAlias = tuple[Token, Token, Token]
"""Subject, predicate, object: millions of these the garbage collector lets alone, unlike named tuples."""

Parse: TypeAlias = Callable[[bytes, int], Sequence[Plain]]
"""Parses statements of any form, given their text and the number of lines before it; raises a `DataError`."""

_END = b" .\n"
_PORTION = 1 << 22
_MOST_KNOWN = 50_000
_TERMS = 3
_PATH = rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*"
_IRI = re.compile(rb"<https?://[a-z0-9.-]+/" + _PATH + rb"(?:#" + _PATH + rb")?>")
_BLANK = re.compile(rb"_:[A-Za-z][A-Za-z0-9]{0,15}")
_LITERAL = re.compile(
    r'"[^"\\\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\uffff]*"'
    r"(?:@[a-z]{1,8}(?:-[a-z0-9]{1,8})?|\^\^<http://www\.w3\.org/2001/XMLSchema#(?!string>)[A-Za-z]+>)?"
)


def read_statements(stream: BinaryIO, parse: Parse) -> Iterator[Sequence[Plain]]:
    """Read N-Triples.

    Args:
        stream: the document.
        parse: reads what is written in an unusual form.

    Yields:
        The statements in order, a portion of the document at a time; one that comes twice in a portion comes once.

    Raises:
        DataError: where it is no N-Triples.
    """
    known = _Known()
    lines = 0
    for portion in _portions(stream):
        yield _statements(portion, lines, known, parse)
        lines += portion.count(b"\n")


def _portions(stream: BinaryIO) -> Iterator[bytes]:
    """Pieces of about four megabytes that end with a line."""
    begun: list[bytes] = []
    while read := stream.read(_PORTION):
        end = read.rfind(b"\n") + 1
        if not end:
            begun.append(read)
            continue
        yield b"".join((*begun, read[:end]))
        begun = [read[end:]]
    if any(begun):
        yield b"".join(begun)


def _statements(portion: bytes, lines: int, known: _Known, parse: Parse) -> Sequence[Plain]:
    # bytes are split and compared much faster than text that is not all ASCII
    pieces = portion.split(_END)
    last = pieces.pop()

    def parsed(piece: bytes) -> Sequence[Plain]:
        try:
            return parse(piece + _END, lines)
        except DataError:
            # from there on as it stands, so that the fault is told as for the whole document
            start = sum(len(earlier) + len(_END) for earlier in pieces[: pieces.index(piece)])
            return parse(portion[start:], lines + portion.count(b"\n", 0, start))

    found = known.statements(dict.fromkeys(pieces), parsed)
    if last:
        found.extend(parse(last, lines + portion.count(b"\n", 0, len(portion) - len(last))))
    return found


class _Known:
    """The terms that were seen, as they were written to their tokens; forgotten where they become too many."""

    __slots__ = ("_nodes", "_predicates", "_values")

    def __init__(self) -> None:
        self._nodes: dict[bytes, Token] = {}
        self._predicates: dict[bytes, Token] = {}
        self._values: dict[bytes, Token] = {}

    def statements(self, pieces: Iterable[bytes], parse: Callable[[bytes], Sequence[Plain]]) -> list[Plain]:
        """Statements without their ends, taken apart; those of an unusual form, or with an unusual term, are parsed."""
        nodes, predicates, values = self._nodes, self._predicates, self._values
        found: list[Plain] = []
        for piece in pieces:
            parts = piece.split(b" ", 2)
            if len(parts) == _TERMS:
                written_subject, written_predicate, written_value = parts
                subject = nodes.get(written_subject) or self._node(written_subject)
                predicate = predicates.get(written_predicate) or self._predicate(written_predicate)
                value = values.get(written_value) or self._value(written_value)
                if subject and predicate and value:
                    found.append((subject, predicate, value))
                    continue
            parsed = parse(piece)
            self._learn(parsed)
            found.extend(parsed)
        return found

    def _learn(self, triples: Sequence[Plain]) -> None:
        """Vouch for the terms that the parser gave: written like this again, they mean themselves."""
        for subject, predicate, value in triples:
            _kept(self._nodes, subject.encode(), subject)
            _kept(self._predicates, predicate.encode(), predicate)
            _kept(self._values, value.encode(), value)

    def _node(self, written: bytes) -> Token | None:
        if _IRI.fullmatch(written) or _BLANK.fullmatch(written):
            return _kept(self._nodes, written, written.decode())
        return None

    def _predicate(self, written: bytes) -> Token | None:
        return _kept(self._predicates, written, written.decode()) if _IRI.fullmatch(written) else None

    def _value(self, written: bytes) -> Token | None:
        if not written.startswith(b'"'):
            node = self._nodes.get(written) or self._node(written)
            return None if node is None else _kept(self._values, written, node)
        try:
            token = written.decode()
        except UnicodeDecodeError:
            return None
        return _kept(self._values, written, token) if _LITERAL.fullmatch(token) else None


def _kept(terms: dict[bytes, Token], written: bytes, token: Token) -> Token:
    if len(terms) > _MOST_KNOWN:
        terms.clear()
    return terms.setdefault(written, token)
