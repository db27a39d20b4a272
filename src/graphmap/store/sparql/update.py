"""SPARQL Update from outside: read, tried on a copy by a worker, then run by the writer.

What an update may change is told from its text: each place that names a graph to write to must name it by an IRI, and
that graph must be open. A graph that only the data could tell, a variable after GRAPH, is refused, unless all graphs
are open.
Source: SPARQL 1.1 Update, sections 3.1 and 3.2; SPARQL 1.1 Protocol, section 2.2.3 (using-graph-uri).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphmap.errors import CallError, QueryError
from graphmap.rdf import iri_token
from graphmap.store.query_request import Dataset
from graphmap.store.sparql.query import SparqlToken, tokenize

__all__ = ["ClosedGraphError", "GraphAccess", "Operation", "operations", "with_dataset"]

_CODE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ESCAPED = re.compile(r"\\(.)")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:").match
_DOTS = re.compile(r"/\.\.?(?:[/?#]|$)").search
_MANAGING = {"CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "LOAD"}


class ClosedGraphError(QueryError):
    """Work from outside would write to a graph that is closed to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAccess:
    """Graphs that updates may write to.

    Args:
        base: graphs below it are kept by ingest, and so is the default graph.
        open_below: graphs below this IRI are open all the same.
        all_open: whether nothing is closed.
        default_graph: IRI of a graph that plays the default graph, and is closed like it.
    """

    base: str
    open_below: str
    all_open: bool = False
    default_graph: str | None = None

    def check(self, graph: str | None) -> None:
        """Refuse a graph that is closed.

        Args:
            graph: its IRI; `None` is the default graph.

        Raises:
            ClosedGraphError: where it is.
        """
        if self.all_open:
            return
        if graph is None or graph == self.default_graph:
            raise ClosedGraphError("the default graph is kept by ingest and closed to writers")
        if not _ABSOLUTE(graph) or _DOTS(graph):
            raise ClosedGraphError(f"the graph <{graph}> must be named by a full IRI without dots in its path")
        if graph.startswith(self.base) and not graph.startswith(self.open_below):
            raise ClosedGraphError(f"the graph <{graph}> is kept by ingest and closed to writers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of an update.

    Args:
        tokens: its tokens, spaces left out.
        prefixes: namespaces by prefix, as they stand before it.
    """

    tokens: Sequence[SparqlToken]
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """Its words outside of brackets, in capitals."""
        return [token.text.upper() for token, depth in _deep(self.tokens) if depth == 0 and token.kind == "word"]

    def writes(self) -> Iterator[str | None]:
        """The graphs that it may write to; `None` is the default graph.

        Raises:
            ClosedGraphError: where only the data could tell.
        """
        words = self.words
        if words[0] in _MANAGING:
            yield from self._managed(words)
            return
        target = self._after("WITH")
        for keyword, block in self.blocks():
            if keyword in ("DELETE", "INSERT", "DATA") or (keyword == "WHERE" and words[:2] == ["DELETE", "WHERE"]):
                yield from self._template(block, target)

    def blocks(self) -> Iterator[tuple[str, Sequence[SparqlToken]]]:
        """Its outermost `{...}`, brackets included, each with the word before it."""
        start, word = 0, ""
        for place, (token, depth) in enumerate(_deep(self.tokens)):
            if depth == 0 and token.kind == "word":
                word = token.text.upper()
            if depth == 0 and token.text == "{":
                start = place
            if depth == 1 and token.text == "}":
                yield word, self.tokens[start : place + 1]

    def _managed(self, words: list[str]) -> Iterator[str | None]:
        if "ALL" in words or "NAMED" in words:
            raise ClosedGraphError(f"{words[0]} of all graphs would reach graphs that are kept by ingest")
        named: list[str | None] = [self._iri(token) for token in self.tokens if token.kind in ("iri", "name")]
        if words[0] == "LOAD":
            yield from named[1:] or [None]
        else:
            yield from named
        if "DEFAULT" in words:
            yield None

    def _template(self, block: Sequence[SparqlToken], target: str | None) -> Iterator[str | None]:
        inside = [(token, depth) for token, depth in _deep(block) if depth == 1]
        for place, (token, _) in enumerate(inside):
            if token.text.upper() == "GRAPH" and token.kind == "word":
                name = inside[place + 1][0]
                if name.kind == "variable":
                    raise ClosedGraphError(f"only the data could tell which graphs {name.text} writes to")
                yield self._iri(name)
            elif inside[place - 1][0].text.upper() != "GRAPH" and _begins_term(token):
                yield target

    def _after(self, word: str) -> str | None:
        for place, token in enumerate(self.tokens[:-1]):
            if token.kind == "word" and token.text.upper() == word:
                return self._iri(self.tokens[place + 1])
        return None

    def _iri(self, token: SparqlToken) -> str:
        if token.kind == "iri":
            return _unescaped(token.text[1:-1])
        prefix, _, local = token.text.partition(":")
        return self.prefixes.get(prefix, "") + _ESCAPED.sub(r"\1", local)


def operations(text: str) -> Iterator[Operation]:
    """Take an update apart.

    Args:
        text: what `parse_query` passed.
    """
    prefixes: dict[str, str] = {}
    held: list[SparqlToken] = []
    for token, depth in _deep([token for token in tokenize(text) if token.kind not in ("space", "comment")]):
        if depth == 0 and token.text == ";":
            yield from _operation(held, prefixes)
            held = []
        else:
            held.append(token)
    yield from _operation(held, prefixes)


def with_dataset(text: str, dataset: Dataset) -> str:
    """Write the dataset that a request names into an update, as USING clauses.

    Raises:
        CallError: where the update names one of its own.
    """
    clauses = "".join(
        [f" USING {iri_token(iri)}" for iri in dataset.default_graphs]
        + [f" USING NAMED {iri_token(iri)}" for iri in dataset.named_graphs]
    )
    inserts: list[tuple[int, str]] = []
    for operation in operations(text):
        words = operation.words
        if "USING" in words or "WITH" in words:
            raise CallError("the update names its own dataset, and so does the request", hint="leave one of them out")
        inserts += _clauses(text, operation, clauses)
    for place, clause in reversed(inserts):
        text = text[:place] + clause + text[place:]
    return text


def _operation(tokens: list[SparqlToken], prefixes: dict[str, str]) -> Iterator[Operation]:
    """Read the prologue, and give what comes after it."""
    place = 0
    while place < len(tokens) and tokens[place].text.upper() in ("PREFIX", "BASE", "VERSION"):
        if tokens[place].text.upper() != "PREFIX":
            place += 2
            continue
        if len(tokens) < place + 3:
            raise QueryError("the prologue ends too early", hint="write PREFIX name: <iri>")
        prefixes[tokens[place + 1].text[:-1]] = _unescaped(tokens[place + 2].text[1:-1])
        place += 3
    if place < len(tokens):
        if tokens[place].kind != "word":
            raise QueryError(f"{tokens[place].text!r} begins no operation", hint="begin with INSERT or DELETE")
        yield Operation(tokens=tokens[place:], prefixes=dict(prefixes))


def _clauses(text: str, operation: Operation, clauses: str) -> list[tuple[int, str]]:
    """Put USING clauses before the WHERE of an operation; a short DELETE WHERE is written out."""
    words = operation.words
    if words[0] in _MANAGING or "DATA" in words:
        return []
    where = next(token for token in operation.tokens if token.kind == "word" and token.text.upper() == "WHERE")
    if words[:2] != ["DELETE", "WHERE"]:
        return [(where.start, f"{clauses} ")]
    ((_, block),) = operation.blocks()
    pattern = text[block[0].start : block[-1].start + 1]
    return [(where.start, f"{pattern}{clauses} ")]


def _begins_term(token: SparqlToken) -> bool:
    return token.kind not in ("sign", "word") or token.text in ("[", "(", "<<")


def _deep(tokens: Sequence[SparqlToken]) -> Iterator[tuple[SparqlToken, int]]:
    """Tokens, each with the number of braces around it; a brace counts as outside of its own pair when it opens."""
    depth = 0
    for token in tokens:
        yield token, depth
        depth += (token.text == "{") - (token.text == "}")


def _unescaped(iri: str) -> str:
    return _CODE.sub(lambda match: chr(int(match[1] or match[2], 16)), iri)
