"""Runs queries of shapes graphs: `python -m graphmap.validation.sparql.worker DESCRIPTOR MEMORY`.

The data graph is the default graph of a store in memory, loaded once; the shapes graph is a named graph beside it.
Terms that the store writes in a canonical form are given back as the data wrote them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any

import msgspec
import pyoxigraph as ox

from graphmap.errors import QueryError
from graphmap.store import Request
from graphmap.store.workers import work

__all__ = ["main"]

_ROWS = ox.NamedNode("urn:graphmap:rows")
_SHAPES = "urn:graphmap:shapes"
_CANONICAL = (
    '"(?:0|-?[1-9][0-9]{0,17})"^^integer',
    '"(?:true|false)"^^boolean',
    '"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"^^date',
    '"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z?"^^dateTime',
)
"""Literals that the store writes as they came; a few forms are enough, for they are most of what there is."""
_DATATYPES = (
    "integer|decimal|double|float|boolean|dateTime|date|time|duration|gYear|dayTimeDuration|yearMonthDuration"
    "|gYearMonth|gMonthDay|gMonth|gDay"
)
_XSD = r"\^\^<http://www\.w3\.org/2001/XMLSchema#"
_AS_THEY_CAME = "|".join(f"{each.replace('^^', _XSD)}>" for each in _CANONICAL)
_INLINED = re.compile(rf' (?!{_AS_THEY_CAME})("[^"\\\n]*"{_XSD}(?:{_DATATYPES})>) \.\n')
"""A literal that the store may write otherwise than it came."""

_Task = Callable[["_State", Any, IO[bytes]], None]


class _State:
    """The graphs that are loaded."""

    def __init__(self) -> None:
        self.store = ox.Store()
        self.functions: dict[ox.NamedNode, Callable[..., Any]] = {}
        self.written: dict[str, str] = {}
        self.shapes = b""
        self.faults: list[str] = []


def main(arguments: list[str]) -> None:
    """Serve requests until the owner hangs up.

    Args:
        arguments: file descriptor of the socket, and the address space in bytes that this process may take.
    """
    state = _State()
    tasks: Mapping[str, _Task] = {"parse": _load, "query": _answer, "rehearse": _insert}
    bound = {name: _bound(task, state) for name, task in tasks.items()}
    work(int(arguments[0]), int(arguments[1]), bound)


def _bound(task: _Task, state: _State) -> Callable[[Request, IO[bytes]], None]:
    return lambda request, out: task(state, msgspec.msgpack.decode(request.body), out)


def _load(state: _State, given: Mapping[str, Any], out: IO[bytes]) -> None:
    """Take a data graph; a shapes graph and functions where they are given too."""
    state.store, state.written = ox.Store(), {}
    if "shapes" in given:
        state.shapes = given["shapes"].encode()
        state.functions = {ox.NamedNode(each["name"]): _function(state, each) for each in given["functions"]}
    _insert(state, given["data"], out)
    graph = ox.NamedNode(_SHAPES)
    shapes = ox.parse(state.shapes, ox.RdfFormat.N_TRIPLES)
    state.store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in shapes)


def _insert(state: _State, data: str, out: IO[bytes]) -> None:
    """Add triples to the data graph, and say how many literals the store writes otherwise than they came."""
    _add(state.store, data, ox.RdfFormat.N_TRIPLES)
    if inline := set(_INLINED.findall(data)):
        state.written.update(_rewritten(inline))
    out.write(msgspec.msgpack.encode(list(state.written.values())[:1]))


def _add(store: ox.Store, text: str, form: ox.RdfFormat) -> None:
    """Add statements; a load of a text is several times faster, but gives each blank node another name."""
    named, nameless = text, ""
    if "_:" in text:
        lines = text.split("\n")
        named = "\n".join(line for line in lines if "_:" not in line)
        nameless = "\n".join(line for line in lines if "_:" in line)
    store.load(named.encode(), format=form)
    store.extend(ox.parse(nameless.encode(), form))


def _rewritten(tokens: Iterable[str]) -> dict[str, str]:
    """Canonical form to the form of the data, where they differ."""
    several = list(tokens)
    text = "".join(f"<urn:l:{number}> <urn:v> {token} .\n" for number, token in enumerate(several))
    store = ox.Store()
    store.bulk_extend(ox.parse(text.encode(), ox.RdfFormat.N_TRIPLES))
    found = {}
    for quad in store:
        token = several[int(quad.subject.value[6:])]
        if str(quad.object) != token:
            found[str(quad.object)] = token
    return {canonical: token for canonical, token in found.items() if canonical not in tokens}


def _answer(state: _State, job: Mapping[str, Any], out: IO[bytes]) -> None:
    """Run a query over a table of rows."""
    state.faults.clear()
    if job["one_by_one"]:
        found = [each for row in range(len(job["rows"])) for each in _run(state, job, [row])]
    else:
        found = _run(state, job, range(len(job["rows"])))
    if state.faults:
        raise QueryError(state.faults[0])
    out.write(msgspec.msgpack.encode(found))


def _run(state: _State, job: Mapping[str, Any], rows: Iterable[int]) -> list[Any]:
    state.store.clear_graph(_ROWS)
    lines = [
        f"<urn:r:{row}> <urn:graphmap:column:{name}> {term} <urn:graphmap:rows> .\n"
        for row in rows
        for name, term in zip(job["columns"], job["rows"][row], strict=True)
    ]
    _add(state.store, "".join(lines), ox.RdfFormat.N_QUADS)
    results = state.store.query(job["text"], custom_functions=state.functions)
    if isinstance(results, ox.QueryTriples):
        return [[str(each.subject), str(each.predicate), _token(state, each.object)] for each in results]
    if not isinstance(results, ox.QuerySolutions):
        raise QueryError("the query is neither SELECT nor CONSTRUCT")
    names = [variable.value for variable in results.variables]
    if "graphmap_row" not in names:
        return [[-1, _pairs(state, names, each)] for each in results]
    return [[int(each["graphmap_row"].value[6:]), _pairs(state, names, each)] for each in results]


def _pairs(state: _State, names: Sequence[str], solution: ox.QuerySolution) -> dict[str, str]:
    return {
        name: _token(state, term) for name in names if name != "graphmap_row" and (term := solution[name]) is not None
    }


def _token(state: _State, term: object) -> str:
    text = str(term)
    return state.written.get(text, text)


def _function(state: _State, given: Mapping[str, Any]) -> Callable[..., Any]:
    """A function of the shapes graph, as the store calls it."""

    def call(*arguments: Any) -> Any:
        if len(arguments) < given["required"] or len(arguments) > len(given["parameters"]):
            state.faults.append(f"the function <{given['name']}> was called with {len(arguments)} arguments")
            return None
        named = zip(given["parameters"], arguments, strict=False)
        bound = {ox.Variable(name): term for name, term in named if name in given["substituted"]}
        try:
            found = _value(state, given["text"], bound)
            return ox.Literal(value=False) if found is None and given["asks"] else found
        except (SyntaxError, ValueError, RuntimeError, OSError) as error:
            state.faults.append(f"the function <{given['name']}>: {error}")
            return None

    return call


def _value(state: _State, text: str, bound: Mapping[ox.Variable, Any]) -> Any:
    results = state.store.query(text, substitutions=dict(bound), custom_functions=state.functions)
    return next((solution[0] for solution in results), None)  # type: ignore[union-attr]  # a SELECT query


if __name__ == "__main__":
    main(sys.argv[1:])
