"""Turtle files in, triples of tokens and frozen shapes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph

from graphmap.errors import Locator, ShapesError
from graphmap.terms import Token, Triple
from graphmap.validation.graph import Graph
from graphmap.validation.reading import read_shapes
from graphmap.validation.shapes import Shapes

__all__ = ["load_shapes", "parse_triples"]


def load_shapes(paths: Iterable[Path]) -> Shapes:
    """Read shapes from Turtle files.

    Args:
        paths: the files, read in this order into one shapes graph.

    Returns:
        The frozen shapes; blank nodes are numbered in order of appearance, so that two runs name them alike.

    Raises:
        ShapesError: where a file cannot be read, or a shape is ill-formed or recursive.
    """
    triples: list[Triple] = []
    for number, path in enumerate(paths):
        try:
            text = path.read_bytes()
        except OSError as error:
            raise ShapesError(
                f"the shapes file cannot be read: {error.strerror}",
                where=Locator(source=path.name),
                hint="check the path and its permissions",
            ) from error
        triples.extend(parse_triples(text, source=path.name, prefix=f"f{number}s"))
    return read_shapes(Graph(triples))


def parse_triples(text: bytes | str, *, source: str, prefix: str = "b", base: str | None = None) -> Sequence[Triple]:
    """Parse Turtle into tokens.

    Args:
        text: the document.
        source: its name, for errors.
        prefix: what blank nodes are called, before their number.
        base: base IRI.

    Returns:
        The triples in order.

    Raises:
        ShapesError: where the text is no Turtle.
    """
    names: dict[Token, Token] = {}

    def token(term: object) -> Token:
        text = str(term)
        return names.setdefault(text, f"_:{prefix}{len(names)}") if text[0] == "_" else text

    try:
        quads = pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE, base_iri=base)
        return [Triple(token(q.subject), str(q.predicate), token(q.object)) for q in quads]
    except SyntaxError as error:
        where = Locator(source=source, line=error.lineno, column=error.offset)
        raise ShapesError(f"no Turtle: {error.msg}", where=where, hint="mend the file at that place") from error
