"""Pages of an answer: LIMIT and OFFSET put to a query, in an order that stays the same from page to page.

Source: SPARQL 1.1 Query Language, sections 15.1 (ORDER BY), 15.4 and 15.5; RFC 8288 (Link).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlencode

from graphmap.errors import CallError
from graphmap.store.sparql import Query, SparqlToken, tokenize

__all__ = ["Page", "page_of", "paged"]

_LARGEST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Page of an answer; both values are counts of rows."""

    limit: int
    offset: int = 0

    def following(self, path: str, values: Mapping[str, str]) -> str:
        """The header `Link` to the page after this one.

        >>> Page(limit=10, offset=20).following("/queries/q", {"code": "a b"})
        '</queries/q?code=a+b&limit=10&offset=30>; rel="next"'
        """
        query = urlencode({**values, "limit": self.limit, "offset": self.offset + self.limit})
        return f'<{path}?{query}>; rel="next"'


def page_of(values: Mapping[str, str]) -> Page | None:
    """The page that a request asks for; `None` where it asks for all.

    Args:
        values: parameters by name; `limit` and `offset` are looked at.

    Raises:
        CallError: where one of them is not a number in its bounds.
    """
    if "limit" not in values and "offset" not in values:
        return None
    limit, offset = _number(values, "limit", 100), _number(values, "offset", 0)
    if not 0 < limit <= _LARGEST:
        raise CallError(f"a page has from 1 to {_LARGEST} rows", hint="choose another limit")
    return Page(limit=limit, offset=offset)


def paged(query: Query, page: Page, *, rows: int | None = None) -> str:
    """A query that asks for a page.

    Args:
        query: a SELECT without LIMIT and OFFSET of its own.
        page: which rows.
        rows: so many rows from the page's end on, instead of the page; to learn whether there are more.

    Returns:
        Its text; where it has no order of its own, its variables make one.

    Raises:
        CallError: where it cannot be paged.
    """
    outer = _outer(query.text)
    words = {token.text.upper() for token in outer if token.kind == "word"}
    if query.form != "SELECT" or words & {"LIMIT", "OFFSET"}:
        raise CallError("this query has no pages", hint="leave limit and offset out")
    order = "" if "ORDER" in words else " ORDER BY " + " ".join(sorted(f"?{name}" for name in _selected(query, outer)))
    limit, offset = (page.limit, page.offset) if rows is None else (rows, page.offset + page.limit)
    return f"{query.text}\n{order} LIMIT {limit} OFFSET {offset}"


def _outer(text: str) -> list[SparqlToken]:
    """The tokens outside of all braces."""
    depth, outer = 0, []
    for token in tokenize(text):
        depth -= token.text == "}"
        if depth == 0 and token.kind not in ("space", "comment"):
            outer.append(token)
        depth += token.text == "{"
    return outer


def _selected(query: Query, outer: list[SparqlToken]) -> set[str]:
    """The variables of the rows; those inside brackets stand for themselves only after AS."""
    names, depth = set(), 0
    for before, token in pairwise(outer):
        depth += (before.text == "(") - (before.text == ")")
        if token.kind == "variable" and (depth == 0 or before.text.upper() == "AS"):
            names.add(token.text[1:])
    return names or set(query.variables)


def _number(values: Mapping[str, str], name: str, default: int) -> int:
    text = values.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise CallError(f"{text!r} is no {name}", hint="give a whole number")
    return int(text)
