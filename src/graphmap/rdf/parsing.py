"""RDF files in, triples of tokens and frozen shapes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import pyoxigraph

from graphmap.errors import DataError, LimitError, Locator, ShapesError
from graphmap.files import open_bytes, reading
from graphmap.rdf.ntriples import Plain, read_statements
from graphmap.rdf.terms import Token, Triple

__all__ = ["MAX_TRIPLES", "SYNTAXES", "parse_rdf", "parse_triples", "read_rdf", "syntax_of"]

SYNTAXES: Mapping[str, pyoxigraph.RdfFormat] = MappingProxyType(
    {
        ".ttl": pyoxigraph.RdfFormat.TURTLE,
        ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
        ".nq": pyoxigraph.RdfFormat.N_QUADS,
        ".trig": pyoxigraph.RdfFormat.TRIG,
        ".rdf": pyoxigraph.RdfFormat.RDF_XML,
        ".owl": pyoxigraph.RdfFormat.RDF_XML,
        ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
        ".n3": pyoxigraph.RdfFormat.N3,
    }
)
"""Suffix of a file to its syntax."""

MAX_TRIPLES = 5_000_000
"""Most triples that are validated as one graph; each takes about a quarter of a kilobyte of memory."""

_MOST_KNOWN = 50_000

_WITH_TRAPS = (pyoxigraph.RdfFormat.RDF_XML, pyoxigraph.RdfFormat.JSON_LD)
_NAMELESS = re.compile(r"_:[0-9a-f]{20,32}")
_DEEPEST = 100
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"')
_BRACKETS = re.compile(rb"[\[{]|[\]}]")


def read_rdf(path: Path, *, max_triples: int = MAX_TRIPLES) -> Iterator[Plain]:
    """Read an RDF file of any syntax, plain, gzip or Zstandard; named graphs are merged into one.

    Args:
        path: the file; its suffix tells the syntax, Turtle if none does.
        max_triples: how many it may hold.

    Yields:
        The triples in order, as the file is read.

    Raises:
        SourceError: where it cannot be read.
        DataError: where it does not parse; says line and column.
        LimitError: where it holds too many triples.
    """
    name = str(path)
    syntax = syntax_of(name) or pyoxigraph.RdfFormat.TURTLE
    with open_bytes(name) as stream, reading(name):
        if syntax == pyoxigraph.RdfFormat.N_TRIPLES:
            portions = read_statements(stream, _parser_of_lines(name))
            yield from chain.from_iterable(_limited(portions, max_triples, Locator(source=name)))
            return
        given: BinaryIO | bytes = stream
        if syntax in _WITH_TRAPS:
            given = stream.read()
            _refuse_traps(given, syntax, Locator(source=name))
        quads = pyoxigraph.parse(given, syntax, base_iri=path.resolve().as_uri())
        triples = ((triple,) for triple in _in_tokens(quads, _Names(), syntax, name))
        yield from chain.from_iterable(_limited(triples, max_triples, Locator(source=name)))


def _parser_of_lines(source: str) -> Callable[[bytes, int], Sequence[Plain]]:
    """The parser for what stands in the lines of one N-Triples file; all its nameless nodes are numbered together."""
    names, syntax = _Names(), pyoxigraph.RdfFormat.N_TRIPLES

    def parse(text: bytes, lines: int) -> Sequence[Plain]:
        try:
            return list(_in_tokens(pyoxigraph.parse(text, syntax), names, syntax, source))
        except DataError:
            # empty lines before the text let the parser itself tell the place
            return list(_in_tokens(pyoxigraph.parse(b"\n" * lines + text, syntax), names, syntax, source))

    return parse


def syntax_of(name: str) -> pyoxigraph.RdfFormat | None:
    """The syntax that a file's suffix tells, whether it is packed or not; `None` where it is none of RDF.

    >>> syntax_of("data.nt.gz") == pyoxigraph.RdfFormat.N_TRIPLES, syntax_of("rows.csv") is None
    (True, True)
    """
    plain = name.removesuffix(".gz").removesuffix(".zst")
    return SYNTAXES.get(Path(plain).suffix)


def parse_rdf(text: bytes, syntax: pyoxigraph.RdfFormat, *, source: str, base: str | None = None) -> Iterator[Plain]:
    """Parse RDF into tokens.

    Args:
        text: the document.
        syntax: how it is written.
        source: its name, for errors.
        base: base IRI.

    Yields:
        The triples in order; what comes before a fault is yielded.

    Raises:
        DataError: where it does not parse, or is built to break a parser; says line and column.
    """
    _refuse_traps(text, syntax, Locator(source=source))
    yield from _in_tokens(pyoxigraph.parse(text, syntax, base_iri=base), _Names(), syntax, source)


class _Names:
    """The tokens of terms, each IRI one object while it is remembered.

    A blank node without a name gets a number, so that two runs name it alike.
    """

    def __init__(self) -> None:
        self._given: dict[Token, Token] = {}
        self._known: dict[Token, Token] = {}

    def token(self, term: object) -> Token:
        text = str(term)
        if text[0] == '"':
            return text
        if text[0] == "_" and _NAMELESS.fullmatch(text):
            return self._given.setdefault(text, f"_:anonymous{len(self._given)}")
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        return self._known.setdefault(text, text)


def _in_tokens(
    quads: Iterable[pyoxigraph.Quad], names: _Names, syntax: pyoxigraph.RdfFormat, source: str
) -> Iterator[Plain]:
    token = names.token
    try:
        for quad in quads:
            yield token(quad.subject), token(quad.predicate), token(quad.object)
    except SyntaxError as error:
        place = Locator(source=source, line=error.lineno, column=error.offset)
        raise DataError(f"is not {syntax.name}: {error.msg}", where=place, hint="correct the file there") from error


def _refuse_traps(text: bytes, syntax: pyoxigraph.RdfFormat, where: Locator) -> None:
    """Entities in RDF/XML grow without end, nesting in JSON-LD ends the process: neither reaches the parser."""
    if syntax == pyoxigraph.RdfFormat.RDF_XML and b"<!DOCTYPE" in text:
        raise DataError("has a DOCTYPE, which is not read", where=where, hint="write the entities out")
    if syntax == pyoxigraph.RdfFormat.JSON_LD:
        depth = deepest = 0
        for bracket in _BRACKETS.finditer(_STRING.sub(b"", text)):
            depth += 1 if bracket[0] in b"[{" else -1
            deepest = max(deepest, depth)
        if deepest > _DEEPEST:
            raise DataError(f"is nested {deepest} deep", where=where, hint=f"at most {_DEEPEST} levels are read")


def _limited(portions: Iterable[Sequence[Plain]], most: int, where: Locator) -> Iterator[Sequence[Plain]]:
    number = 0
    for portion in portions:
        number += len(portion)
        if number > most:
            raise LimitError(
                f"holds more than {most:,} triples, and is validated as one graph in memory",
                where=where,
                hint="split it by focus node, raise --max-triples, or load records and use --store",
            )
        yield portion


def parse_triples(
    text: bytes | str,
    *,
    source: str,
    prefix: str = "b",
    base: str | None = None,
    syntax: pyoxigraph.RdfFormat = pyoxigraph.RdfFormat.TURTLE,
) -> Sequence[Triple]:
    """Parse shapes or an ontology into tokens.

    Args:
        text: the document.
        source: its name, for errors.
        prefix: what blank nodes are called, before their number.
        base: base IRI.
        syntax: how it is written.

    Returns:
        The triples in order.

    Raises:
        ShapesError: where the text does not parse.
    """
    names: dict[Token, Token] = {}

    def token(term: object) -> Token:
        text = str(term)
        return names.setdefault(text, f"_:{prefix}{len(names)}") if text[0] == "_" else text

    encoded = text.encode() if isinstance(text, str) else text
    try:
        found = parse_rdf(encoded, syntax, source=source, base=base)
        return [Triple(token(subject), predicate, token(value)) for subject, predicate, value in found]
    except DataError as error:
        raise ShapesError(error.what, where=error.where, hint=error.hint) from error
