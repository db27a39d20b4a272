"""A query from outside, answered by another server: read here first, and passed on only where it comes back whole.

Our engine reads the text before the server does, so that faults are told alike for both kinds of store and nothing
reaches a server that it would have to guess at. Answers are read as they come and written anew: what breaks off is no
answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, cast

import pyoxigraph as ox

from graphmap.errors import Locator, StoreError
from graphmap.rdf import GRAPHS, TABLES
from graphmap.store.query_request import Dataset
from graphmap.store.remote.errors import TransientError
from graphmap.store.remote.http import Exchange
from graphmap.store.worker_protocol import Request

__all__ = ["ask"]

_TABLE = "application/sparql-results+json"
_TRIPLES = "application/n-triples"


def ask(request: Request, exchange: Exchange, out: IO[bytes], begun: Callable[[], bool]) -> None:
    """Have a server answer a query.

    Args:
        request: the query, and how to write the answer.
        exchange: with the server.
        out: takes the answer.
        begun: whether it took a part of it already.

    Raises:
        SyntaxError: where the query does not parse.
        GraphmapError: where the server gives no whole answer.
    """
    tried = ox.Store().query(request.text, base_iri=request.base)
    text = request.text if request.base is None else f"BASE <{request.base}> {request.text}"
    write = _graph if isinstance(tried, ox.QueryTriples) else _truth if isinstance(tried, ox.QueryBoolean) else _table

    def once() -> None:
        try:
            with exchange.answer(
                text,
                accept=_TRIPLES if write is _graph else _TABLE,
                most_bytes=None,
                dataset=_dataset(request),
                own=not request.has_dataset,
            ) as body:
                write(body, request, out)
        except TransientError as fault:
            if begun():
                raise fault.error from fault
            raise

    exchange.repeated(once, again=False)


def _dataset(request: Request) -> Dataset | None:
    if request.default_graphs is None and request.named_graphs is None:
        return None
    return Dataset(default_graphs=tuple(request.default_graphs or ()), named_graphs=tuple(request.named_graphs or ()))


def _table(body: IO[bytes], request: Request, out: IO[bytes]) -> None:
    results = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    results.serialize(out, TABLES[request.syntax])


def _truth(body: IO[bytes], request: Request, out: IO[bytes]) -> None:
    """Yes or no; Virtuoso answers with a table of one cell."""
    results = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    if isinstance(results, ox.QuerySolutions):
        if [variable.value for variable in results.variables] != ["__ASK_RETVAL"]:
            raise StoreError("the server answers ASK with a table", where=Locator(source=_server(request)))
        truth = [str(value) for solution in results for value in solution if value is not None]
        text = "ASK {}" if truth and truth[0].startswith('"1"') else "ASK { FILTER(false) }"
        results = cast("ox.QueryBoolean", ox.Store().query(text))
    results.serialize(out, TABLES[request.syntax])


def _server(request: Request) -> str | None:
    return None if request.endpoint is None else request.endpoint.query


def _graph(body: IO[bytes], request: Request, out: IO[bytes]) -> None:
    triples = (quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES, lenient=True))
    ox.serialize(triples, out, format=GRAPHS[request.syntax], prefixes=request.prefixes)
