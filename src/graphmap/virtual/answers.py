"""Answers of queries, and the evaluation of a query over fetched triples in a process of its own.

That process is killed at the deadline: the engine takes no interruption.
Source: SPARQL 1.1 Query Results JSON Format.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO

import msgspec
import pyoxigraph

from graphmap.errors import CallError, DeadlineError, LimitError, QueryError
from graphmap.rdf import GRAPHS, TABLES, Token, iri_of, literal_parts

__all__ = ["Answer", "Row", "evaluated", "serialized"]

Row = tuple[Token | None, ...]
"""A solution: a term or nothing for each variable."""

_BLOCK = 1 << 16
_MOST_BYTES = 1 << 28
_REFUSED = 3
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of a query.

    Args:
        variables: of a SELECT, in order.
        rows: its solutions, taken once.
        boolean: of an ASK.
        triples: of CONSTRUCT or DESCRIBE, as N-Triples.
    """

    variables: tuple[str, ...] = ()
    rows: Iterable[Row] = field(default=())
    boolean: bool | None = None
    triples: bytes | None = None


def evaluated(store: pyoxigraph.Store, text: str, seconds: float) -> Answer:
    """Evaluate a query over triples in memory.

    Raises:
        QueryError: where the engine refuses the query.
        DeadlineError: when the time is up; the process is gone then.
        LimitError: where the answer is larger than one may be.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _evaluate(store, text, writing)
    os.close(writing)
    try:
        body = _read(reading, seconds)
    except LimitError:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(reading)
        _, status = os.waitpid(child, 0)
    if status != 0:
        said = body.decode(errors="replace")
        ended = "the engine ended without an answer, as it does where it puts terms of several kinds in order"
        raise QueryError(f"the engine refuses the query: {said}" if said else ended, hint="simplify it")
    return _parsed(body)


def _evaluate(store: pyoxigraph.Store, text: str, to: int) -> None:
    """Write the answer to a pipe and end this process, whatever comes."""
    status = _REFUSED
    try:
        with os.fdopen(to, "wb") as pipe:
            try:
                answer = store.query(text)
                if isinstance(answer, pyoxigraph.QueryTriples):
                    pipe.write(b"T")
                    answer.serialize(pipe, pyoxigraph.RdfFormat.N_TRIPLES)
                else:
                    pipe.write(b"R")
                    answer.serialize(pipe, pyoxigraph.QueryResultsFormat.JSON)
                status = 0
            except (SyntaxError, ValueError, RuntimeError) as error:
                pipe.write(str(error).encode())
    finally:
        os._exit(status)


def _read(pipe: int, seconds: float) -> bytes:
    end, parts, size = time.monotonic() + seconds, list[bytes](), 0
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0, end - time.monotonic()))
        if not ready:
            raise DeadlineError("the query took too long", hint="ask for less, or allow more time")
        block = os.read(pipe, _BLOCK)
        if not block:
            return b"".join(parts)
        parts.append(block)
        size += len(block)
        if size > _MOST_BYTES:
            raise LimitError(f"the answer is larger than {_MOST_BYTES >> 20} MB", hint="ask for less, or use LIMIT")


def _parsed(body: bytes) -> Answer:
    if body[:1] == b"T":
        return Answer(triples=body[1:])
    found = pyoxigraph.parse_query_results(body[1:], pyoxigraph.QueryResultsFormat.JSON)
    if isinstance(found, pyoxigraph.QueryBoolean):
        return Answer(boolean=bool(found))
    names = tuple(each.value for each in found.variables)
    return Answer(variables=names, rows=_rows(found, len(names)))


def _rows(found: pyoxigraph.QuerySolutions, width: int) -> Iterator[Row]:
    for solution in found:
        yield tuple(None if solution[at] is None else str(solution[at]) for at in range(width))


def serialized(answer: Answer, syntax: str) -> bytes:
    """An answer in a syntax.

    Args:
        answer: its rows are taken.
        syntax: a name of `rdf.syntaxes`.

    Raises:
        CallError: where the syntax does not fit the form of the query.
    """
    table = answer.triples is None
    if syntax not in (TABLES if table else GRAPHS):
        hint = f"use {', '.join(TABLES if table else GRAPHS)}"
        raise CallError(f"{syntax!r} is no format of such an answer", hint=hint)
    if answer.triples is not None:
        quads = pyoxigraph.parse(answer.triples, pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
        return pyoxigraph.serialize((quad.triple for quad in quads), format=GRAPHS[syntax]) or b""
    body = _json(answer)
    if syntax == "json":
        return body
    out = BytesIO()
    pyoxigraph.parse_query_results(body, pyoxigraph.QueryResultsFormat.JSON).serialize(out, TABLES[syntax])
    return out.getvalue()


def _json(answer: Answer) -> bytes:
    if answer.boolean is not None:
        return msgspec.json.encode({"head": {}, "boolean": answer.boolean})
    bindings = [
        {name: _member(term) for name, term in zip(answer.variables, row, strict=True) if term is not None}
        for row in answer.rows
    ]
    return msgspec.json.encode({"head": {"vars": answer.variables}, "results": {"bindings": bindings}})


def _member(term: Token) -> Mapping[str, str]:
    if term[0] == "<":
        return {"type": "uri", "value": iri_of(term)}
    if term[0] == "_":
        return {"type": "bnode", "value": term[2:]}
    parts = literal_parts(term)
    found = {"type": "literal", "value": parts.lexical}
    if parts.language is not None:
        return {**found, "xml:lang": parts.language}
    return found if parts.datatype == _XSD_STRING else {**found, "datatype": parts.datatype}
