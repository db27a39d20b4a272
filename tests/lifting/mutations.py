"""Records that are nearly right: members dropped, nulled, doubled, of other kinds, links in their other forms."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from graphmap.records import Number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Changes", "RowChanges", "cells", "changes", "mutated_document", "mutated_row", "row_changes"]

_ODD: tuple[Any, ...] = (
    None,
    "",
    "x",
    ' "q\\ \n\u2028é😀',
    "\x00\x1f\x7f",
    "http://[bad",
    "http://a/%zz",
    "\ud800",
    7,
    10**30,
    True,
    Number("1.50"),
    [],
    {},
    [None],
    [[1]],
    {"@type": "Country", "uniqueText": "NZ"},
    {"@type": "InternalReference", "className": "BusinessPartner", "id": "p 1"},
    {
        "@type": "DataReference",
        "schemaName": "limber",
        "shapeName": "Country",
        "iri": "https://schema.limbergraph.com/limber/Country#NZ",
        "keys": [{"code": "NZ"}, {"uniqueText": "NZ"}],
        "externalIdentities": [{"integrationKey": "a b", "externalId": "1::2"}],
        "label": "New Zealand",
    },
)
_ACTIONS = ("drop", "replace", "double", "wrap", "unwrap")
_CELLS = (
    "",
    "x",
    "NULL",
    "t",
    "0",
    "-1",
    "99999999999999999999",
    "2023-02-30",
    "2023-02-28",
    "2025-01-10 05:15:30+00",
    "2025-01-10T05:15:30Z",
    "MEMBER",
    "DE",
    "de_DE",
    "AB-1",
    'say "hi"\\\n\x00é😀',
    "y" * 300,
    " ",
    "UNVERIFIED",
    "a@b.example",
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a document with each of its keys."""
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from _places(child)


def _mutate(document: Any, action: str, at: int, value: Any) -> None:
    places = list(_places(document))
    if not places:
        return
    container, key = places[at % len(places)]
    if action == "drop":
        del container[key]
    elif action == "replace":
        container[key] = copy.deepcopy(value)
    elif action == "double":
        container[key] = [container[key], copy.deepcopy(container[key])]
    elif action == "wrap":
        container[key] = [container[key]]
    elif isinstance(container[key], list) and container[key]:
        container[key] = container[key][0]


Changes = tuple[int, list[tuple[str, int, int]]]
"""Which record to take, and what to do at which of its places."""

changes: st.SearchStrategy[Changes] = st.tuples(
    st.integers(0, 1000),
    st.lists(st.tuples(st.sampled_from(_ACTIONS), st.integers(0, 2000), st.integers(0, len(_ODD) - 1)), max_size=6),
)


def mutated_document(documents: Sequence[Any], changed: Changes) -> Any:
    """One of the documents, changed in a few places."""
    which, todo = changed
    document = copy.deepcopy(documents[which % len(documents)])
    for action, at, value in todo:
        _mutate(document, action, at, _ODD[value])
    return document


cells = st.sampled_from(_CELLS) | st.text(st.characters(codec="utf-8"), max_size=6)
"""Cells of all kinds."""

RowChanges = tuple[int, list[tuple[int, str]]]
"""Which row to take, and which cells to put where."""

row_changes: st.SearchStrategy[RowChanges] = st.tuples(
    st.integers(0, 1000), st.lists(st.tuples(st.integers(0, 100), cells), max_size=6)
)


def mutated_row(rows: Sequence[Sequence[str]], changed: RowChanges) -> list[str]:
    """One of the rows, changed in a few cells."""
    which, todo = changed
    row = list(rows[which % len(rows)])
    for at, cell in todo:
        row[at % len(row)] = cell
    return row
