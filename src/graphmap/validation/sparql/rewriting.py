"""Set-based evaluation of a query with pre-bound variables: one query for all focus nodes.

Appendix A joins each basic graph pattern with the table of the pre-bound variables. Here that table has a row for each
focus node and lies in a named graph, `ROWS`; the pattern that reads it stands at the beginning of each group that
needs it, and the number of the row is part of every answer. A LIMIT holds for one focus node, so such a query is run
row by row.
Source: SHACL, appendix A (pre-binding); SPARQL 1.1, section 18.2 (translation to the algebra).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from graphmap.store.sparql import SparqlToken, bind_terms, tokenize
from graphmap.validation.shapes import SparqlFunction, SparqlQuery

__all__ = ["COLUMN", "ROWS", "Rewritten", "function_text", "rewrite"]

ROWS = "urn:graphmap:rows"
"""Named graph of the table of pre-bound variables."""

COLUMN = "urn:graphmap:column:"
"""Predicate of a column, before the name of the variable."""

_ROW = "?graphmap_row"
_MODIFIERS = frozenset({"LIMIT", "OFFSET"})
_LEFT_ALONE = frozenset({"EXISTS", "GRAPH", "CONSTRUCT"})
_TEXT_FUNCTIONS = (
    "STR REGEX STRLEN CONTAINS STRSTARTS STRENDS SUBSTR STRBEFORE STRAFTER CONCAT REPLACE GROUP_CONCAT SAMETERM "
    "ENCODE_FOR_URI MD5 SHA1 SHA256 SHA384 SHA512 UCASE LCASE "
)
_TEXTUAL = frozenset(_TEXT_FUNCTIONS.split())


class Rewritten(NamedTuple):
    """A query over the table of rows.

    Args:
        text: the query; it answers `graphmap_row` too.
        columns: variables that are columns of the table.
        one_by_one: a modifier holds for each focus node alone.
        textual: it may look at the lexical form of a literal.
    """

    text: str
    columns: tuple[str, ...]
    one_by_one: bool
    textual: bool


def rewrite(query: SparqlQuery, variables: Sequence[str]) -> Rewritten:
    """Rewrite a SELECT or ASK query.

    Args:
        query: the query.
        variables: pre-bound variables that differ from row to row.

    Returns:
        A SELECT query; of an ASK query, one that gives the rows for which it is true.

    Raises:
        QueryError: where the text is no SPARQL.
    """
    tokens = [token for token in tokenize(query.text) if token.kind != "comment"]
    words = {token.text.upper() for token in tokens if token.kind == "word"}
    used = {token.text[1:] for token in tokens if token.kind == "variable"}
    bound = {name: term for name, term in query.bindings if name in used}
    as_columns = [n for n, term in bound.items() if term[0] == "_" or "BOUND" in words or n in _projected(tokens)]
    columns = (*(name for name in variables if name in used or name == "this"), *as_columns)
    text = _Rewriting(tokens, columns).run()
    constants = {name: term for name, term in bound.items() if name not in as_columns}
    return Rewritten(
        text=bind_terms(text, constants) if constants else text,
        columns=columns,
        one_by_one=not words.isdisjoint(_MODIFIERS),
        textual=not words.isdisjoint(_TEXTUAL),
    )


def function_text(function: SparqlFunction) -> tuple[str, tuple[str, ...]]:
    """The query of a function as the store can run it.

    Returns:
        A SELECT query whose answer comes first, and the parameters that may be substituted: those are projected.

    Raises:
        QueryError: where the text is no SPARQL.
    """
    tokens = [token for token in tokenize(function.query.text) if token.kind != "comment"]
    used = {token.text[1:] for token in tokens if token.kind == "variable"}
    names = tuple(name for name in function.parameters if name in used)
    more = "".join(f" ?{name}" for name in names if name not in _alone(tokens))
    at = next(place for place, token in enumerate(tokens) if token.text.upper() in ("WHERE", "{"))
    head = "".join(token.text for token in tokens[:at])
    body = "".join(token.text for token in tokens[at:])
    if function.query.asks:
        head = "".join(t.text for t in tokens[:at] if t.text.upper() != "ASK") + " SELECT (true AS ?graphmap_answer) "
        return f"{head}{more} {body} LIMIT 1", names
    return f"{head}{more} {body}", names


def _projected(tokens: Sequence[SparqlToken]) -> frozenset[str]:
    """The variables between SELECT and the first brace after it."""
    found, inside = set[str](), False
    for token in tokens:
        inside = (inside or token.text.upper() == "SELECT") and token.text != "{"
        if inside and token.kind == "variable":
            found.add(token.text[1:])
    return frozenset(found)


def _alone(tokens: Sequence[SparqlToken]) -> frozenset[str]:
    """The variables of a projection that stand there by themselves, not inside an expression."""
    found, depth = set[str](), 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "{":
            break
        if token.kind == "variable" and depth == 0:
            found.add(token.text[1:])
    return frozenset(found)


class _Rewriting:
    """One walk over the tokens of a query."""

    def __init__(self, tokens: Sequence[SparqlToken], columns: Sequence[str]) -> None:
        self._tokens = tokens
        self._columns = frozenset(columns)
        self._table = f" GRAPH <{ROWS}> {{ {_ROW} " + " ; ".join(f"<{COLUMN}{n}> ?{n}" for n in columns) + " } "
        self._opener: list[str] = []
        self._before = ""
        self._head = ""

    def run(self) -> str:
        parts = []
        for at, token in enumerate(self._tokens):
            parts.append(self._piece(at, token))
            if token.kind != "space":
                self._note(token)
        return "".join(parts)

    def _note(self, token: SparqlToken) -> None:
        word = token.text.upper() if token.kind == "word" else ""
        if word in ("SELECT", "ASK", "WHERE", "CONSTRUCT", "OPTIONAL", "EXISTS", "GRAPH", "UNION"):
            self._head = word
        elif token.text in (".", "}", ";") or token.text == "{":
            self._head = ""
        self._before = word or token.text

    def _piece(self, at: int, token: SparqlToken) -> str:
        word = token.text.upper() if token.kind == "word" else ""
        if word == "SELECT":
            return token.text + self._projection(at)
        if word in ("DISTINCT", "REDUCED") and self._before == "SELECT":
            return token.text + self._row_at(at)
        if word == "ASK":
            return f"SELECT DISTINCT {_ROW} WHERE"
        if word == "WHERE" and self._before == "ASK":
            return " "
        if word == "BY" and self._before == "GROUP":
            return f"{token.text} {_ROW} " if self._mentions(self._scope(at)) else token.text
        if token.text == "{" and self._needs_table(at):
            return "{" + self._table
        return token.text

    def _projection(self, at: int) -> str:
        following = next((t.text.upper() for t in self._tokens[at + 1 :] if t.kind != "space"), "")
        return "" if following in ("DISTINCT", "REDUCED") else self._row_at(at)

    def _row_at(self, at: int) -> str:
        following = next((t.text for t in self._tokens[at + 1 :] if t.kind != "space"), "")
        return f" {_ROW} " if following != "*" and self._mentions(self._scope(at)) else ""

    def _scope(self, at: int) -> tuple[int, int]:
        """From where to where the query that a token belongs to reaches: its braces, or the whole text."""
        depth, start = 0, 0
        for place in range(at - 1, -1, -1):
            depth += {"}": 1, "{": -1}.get(self._tokens[place].text, 0)
            if depth < 0:
                start = place
                break
        return start, self._end(start) if depth < 0 else len(self._tokens)

    def _end(self, start: int) -> int:
        depth = 0
        for place in range(start, len(self._tokens)):
            depth += {"{": 1, "}": -1}.get(self._tokens[place].text, 0)
            if depth == 0:
                return place
        return len(self._tokens)

    def _mentions(self, span: tuple[int, int]) -> bool:
        if span[0] == 0:
            return True
        inside = self._tokens[span[0] : span[1]]
        return any(token.kind == "variable" and token.text[1:] in self._columns for token in inside)

    def _needs_table(self, at: int) -> bool:
        """Tell whether a brace opens a group that is evaluated apart from those around it, and names a column."""
        before = self._before.upper()
        if before == "CONSTRUCT":
            return False
        if self._head in ("EXISTS", "GRAPH") or (self._head == "OPTIONAL" and not self._binds(at)):
            return False
        following = next((t.text.upper() for t in self._tokens[at + 1 :] if t.kind != "space"), "")
        outermost = all(token.text != "{" for token in self._tokens[:at]) or self._is_where_of_query(at)
        if following == "SELECT":
            return False
        return outermost or self._mentions((at, self._end(at)))

    def _is_where_of_query(self, at: int) -> bool:
        return self._head == "WHERE" and self._mentions(self._scope(at))

    def _binds(self, at: int) -> bool:
        inside = self._tokens[at : self._end(at)]
        return any(token.text.upper() == "BIND" for token in inside)
