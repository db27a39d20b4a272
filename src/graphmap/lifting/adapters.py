"""Quads into the stores of other libraries.

The one place in this room that imports rdflib: it is for callers who want its graphs, and no record passes here
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pyoxigraph

from graphmap.rdf import XSD

if TYPE_CHECKING:
    import rdflib

__all__ = ["to_pyoxigraph", "to_rdflib"]

_STRING = XSD + "string"


def to_rdflib(quads: Iterable[pyoxigraph.Quad], dataset: rdflib.Dataset | None = None) -> rdflib.Dataset:
    """Put quads into a dataset of rdflib; every literal keeps its text.

    Args:
        quads: such as `lift` gives.
        dataset: takes them; a new one where left out.

    Returns:
        The dataset. Where the quads break off, it has those that came before.

    >>> quad = next(pyoxigraph.parse("<http://e/s> <http://e/p> '1.10' .", pyoxigraph.RdfFormat.TURTLE))
    >>> [str(value) for _, _, value, _ in to_rdflib([quad]).quads()]
    ['1.10']
    """
    from rdflib import BNode, Dataset, Literal, URIRef  # noqa: PLC0415  # for those alone who ask for it
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID  # noqa: PLC0415  # as above

    def term(node: Any) -> Any:
        if isinstance(node, pyoxigraph.NamedNode):
            return URIRef(node.value)
        if isinstance(node, pyoxigraph.BlankNode):
            return BNode(node.value)
        if node.language is not None:
            return Literal(node.value, lang=node.language)
        datatype = None if node.datatype.value == _STRING else URIRef(node.datatype.value)  # as its own parsers do
        return Literal(node.value, datatype=datatype, normalize=False)

    into = Dataset() if dataset is None else dataset
    graphs: dict[Any, Any] = {pyoxigraph.DefaultGraph(): into.graph(DATASET_DEFAULT_GRAPH_ID)}
    for quad in quads:
        if quad.graph_name not in graphs:
            graphs[quad.graph_name] = into.graph(term(quad.graph_name))
        graphs[quad.graph_name].add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return into


def to_pyoxigraph(quads: Iterable[pyoxigraph.Quad], store: pyoxigraph.Store | None = None) -> pyoxigraph.Store:
    """Put quads into a store of pyoxigraph.

    Args:
        quads: such as `lift` gives.
        store: takes them; a new one in memory where left out.

    Returns:
        The store. Where the quads break off, it may have some that came before.

    >>> quad = next(pyoxigraph.parse("<http://e/s> <http://e/p> '1.10' .", pyoxigraph.RdfFormat.TURTLE))
    >>> len(to_pyoxigraph([quad]))
    1
    """
    into = pyoxigraph.Store() if store is None else store
    into.bulk_extend(quads)
    return into
