"""The answer to `record_queries.page_query`: statements, by the part of the page that they belong to.

Source: SPARQL 1.1 Query Results JSON Format, section 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from graphmap.service.http import Cell, Term, cell_of

__all__ = ["Parts", "Statement", "read_parts"]


class Statement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of the answer.

    Args:
        s: subject, where the part has several.
        p: IRI of the property.
        o: object, or a number of them.
        label: of the object, where it has one.
    """

    s: str = ""
    p: str = ""
    o: Cell = Cell()
    label: str = ""


Parts = Mapping[str, Sequence[Statement]]
"""Name of a part to its statements."""


class _Row(msgspec.Struct, gc=False):
    part: Term | None = None
    s: Term | None = None
    p: Term | None = None
    o: Term | None = None
    l: Term | None = None  # noqa: E741  # as the query has it


class _Bindings(msgspec.Struct):
    bindings: list[_Row] = []


class _Answer(msgspec.Struct):
    results: _Bindings


def read_parts(body: bytes, *, rows: int) -> dict[str, list[Statement]]:
    """Read the JSON answer of a worker; rows without a part are under an empty name.

    Args:
        body: SPARQL results in JSON.
        rows: how many rows to keep.
    """
    found: dict[str, list[Statement]] = {}
    for row in msgspec.json.decode(body, type=_Answer).results.bindings[:rows]:
        said = Statement(s=_text(row.s), p=_text(row.p), o=cell_of(row.o), label=_text(row.l))
        found.setdefault(_text(row.part), []).append(said)
    return found


def _text(term: Term | None) -> str:
    return "" if term is None else str(term.value)
