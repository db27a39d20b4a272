"""Query results as pages show them.

Source: SPARQL 1.1 Query Results JSON Format, section 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from graphmap.rdf import XSD, local_name

__all__ = ["Cell", "Table", "Term", "cell_of", "ndjson", "read_rows", "read_table"]

_SHORT = re.compile(r"-?[0-9]{1,15}").fullmatch


class Cell(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A term in a cell.

    Args:
        text: what people read.
        iri: where the term is an IRI.
        note: datatype or language, where it is worth telling.
    """

    text: str = ""
    iri: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of terms, as far as a page shows it.

    Args:
        columns: names of variables.
        rows: not more than asked for.
        total: rows in the whole answer.
        boolean: the answer to ASK, which has no table.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: int = 0
    boolean: bool | None = None


_EMPTY = Cell()


class Term(msgspec.Struct, gc=False):
    """A term as an answer has it."""

    type: str
    value: object = ""
    datatype: str = ""
    language: str = msgspec.field(default="", name="xml:lang")


class _Head(msgspec.Struct):
    vars: list[str] = []


class _Results(msgspec.Struct):
    bindings: list[dict[str, Term]] = []


class _Answer(msgspec.Struct):
    head: _Head
    results: _Results = msgspec.field(default_factory=_Results)
    boolean: bool | None = None


def read_table(body: bytes, *, rows: int = 1000) -> Table:
    """Read the JSON answer of a worker.

    Args:
        body: SPARQL results in JSON.
        rows: how many rows to keep.
    """
    answer = msgspec.json.decode(body, type=_Answer)
    columns = tuple(answer.head.vars)
    return Table(
        columns=columns,
        rows=tuple(tuple(cell_of(row.get(name)) for name in columns) for row in answer.results.bindings[:rows]),
        total=len(answer.results.bindings),
        boolean=answer.boolean,
    )


def ndjson(body: bytes) -> bytes:
    """Write the JSON answer of a worker as a row a line: numbers and booleans as such, all else as text.

    >>> ndjson(b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"uri","value":"urn:x"}}]}}')
    b'{"n":"urn:x"}\\n'
    """
    answer = msgspec.json.decode(body, type=_Answer)
    rows = ({name: _plain(term) for name, term in row.items()} for row in answer.results.bindings)
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def read_rows(body: bytes, *, rows: int = 1000) -> list[dict[str, Cell]]:
    """The rows of the JSON answer of a worker, each by the names of its columns; not more than `rows`."""
    answer = msgspec.json.decode(body, type=_Answer)
    return [{name: cell_of(row.get(name)) for name in answer.head.vars} for row in answer.results.bindings[:rows]]


def _plain(term: Term) -> object:
    text = str(term.value)
    if term.datatype == f"{XSD}boolean":
        return text in ("true", "1")
    if term.datatype == f"{XSD}integer" and _SHORT(text):
        return int(text)
    return text


def cell_of(term: Term | None) -> Cell:
    """A term as a page shows it; empty where there is none."""
    if term is None:
        return _EMPTY
    if term.type == "uri":
        iri = str(term.value)
        return Cell(text=iri, iri=iri)
    datatype = "" if term.datatype == f"{XSD}string" else local_name(term.datatype)
    return Cell(text=str(term.value), note=term.language or datatype)
