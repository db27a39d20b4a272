"""Loads shapes graphs from files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph

from graphmap.errors import Locator, ShapesError
from graphmap.rdf import Graph, Triple, parse_triples, syntax_of, with_present_names
from graphmap.validation.shapes.imports import follow_imports
from graphmap.validation.shapes.model import Shapes
from graphmap.validation.shapes.reader import read_shapes

__all__ = ["load_shapes"]


def load_shapes(paths: Iterable[Path], *, strict: bool = True, given: frozenset[str] = frozenset()) -> Shapes:
    """Read shapes from files of any RDF syntax, and from the local files that they import.

    Args:
        paths: the files, read in this order into one shapes graph; the suffix tells the syntax, Turtle if none does.
        strict: refuse ill-formed shapes; otherwise they are told among the unevaluable, and the others are read.
        given: IRIs of documents that need not be imported, for they are at hand otherwise.

    Returns:
        The frozen shapes; blank nodes are numbered in order of appearance, so that two runs name them alike.

    Raises:
        ShapesError: where a file cannot be read, or a shape is ill-formed or recursive.
    """
    files: list[Path] = []

    def read(path: Path) -> Iterable[Triple]:
        files.append(path)
        return _triples(path, len(files) - 1)

    triples = [triple for path in paths for triple in read(path)]
    at_hand = {path.resolve().as_uri() for path in files}
    missing = follow_imports(triples, [path.parent for path in files], read, given=at_hand | given)
    return read_shapes(Graph(triples), strict=strict, missing=missing)


def _triples(path: Path, number: int) -> Iterable[Triple]:
    try:
        text = with_present_names(path.read_bytes())
    except OSError as error:
        raise ShapesError(
            f"the shapes file cannot be read: {error.strerror}",
            where=Locator(source=path.name),
            hint="check the path and its permissions",
        ) from error
    syntax = syntax_of(path.name) or pyoxigraph.RdfFormat.TURTLE
    base = path.resolve().as_uri()
    return parse_triples(text, source=path.name, prefix=f"f{number}s", base=base, syntax=syntax)
