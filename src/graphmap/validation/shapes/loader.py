"""Loads shapes graphs from files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph

from graphmap.errors import Locator, ShapesError
from graphmap.rdf import Graph, Triple, parse_triples, syntax_of
from graphmap.validation.shapes.model import Shapes
from graphmap.validation.shapes.reader import read_shapes

__all__ = ["load_shapes"]


def load_shapes(paths: Iterable[Path]) -> Shapes:
    """Read shapes from files of any RDF syntax.

    Args:
        paths: the files, read in this order into one shapes graph; the suffix tells the syntax, Turtle if none does.

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
        syntax = syntax_of(path.name) or pyoxigraph.RdfFormat.TURTLE
        base = path.resolve().as_uri()
        triples.extend(parse_triples(text, source=path.name, prefix=f"f{number}s", base=base, syntax=syntax))
    return read_shapes(Graph(triples))
