"""The error tree, and the place that an error or a finding speaks of.

Bad data is a finding, not an exception; what stands here means that the work, or one record of it, cannot go on.
Messages are made from fields: what is wrong, where, and what to do next. Nothing reads a message back.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any, Self

__all__ = [
    "CallError",
    "ConfigurationError",
    "DataError",
    "DeadlineError",
    "GraphmapError",
    "LimitError",
    "Locator",
    "MappingError",
    "QueryError",
    "RecordError",
    "RulesError",
    "ShapesError",
    "SourceError",
    "StoreError",
    "TermError",
    "counted",
]


def counted(number: int, noun: str) -> str:
    """Write a number with its noun, for messages.

    >>> counted(1, "schema"), counted(2000, "record")
    ('1 schema', '2,000 records')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Place of something: a source, a row in it, and a pointer in the row.

    Args:
        source: name of the file or source as the caller gave it; `None` where there is none.
        row: data row or document, counted from 1; a header line does not count.
        pointer: RFC 6901 JSON Pointer, or `/column` for a table row.
        line: line of the file, counted from 1, where the fault is in the file's syntax.
        column: column of that line, counted from 1.

    >>> str(Locator(source="rows.csv", row=7, pointer="/country"))
    'rows.csv, row 7, /country'
    """

    source: str | None = None
    row: int | None = None
    pointer: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [
            self.source,
            None if self.row is None else f"row {self.row}",
            self.pointer or None,
            None if self.line is None else f"line {self.line}",
            None if self.column is None else f"column {self.column}",
        ]
        return ", ".join(part for part in parts if part)


class GraphmapError(Exception):
    """Root of the tree: what is wrong, where, and the next step.

    Args:
        what: one sentence without a full stop.
        where: the place; its empty form prints nothing.
        hint: what to do next; one sentence without a full stop.
    """

    exit_status = 3

    def __init__(self, what: str, *, where: Locator | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where or Locator()
        self.hint = hint

    def moved(self, where: Locator) -> Self:
        """The same error at another place."""
        other = copy(self)
        other.where = where
        return other

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), dict(self.__dict__)))

    def __str__(self) -> str:
        place = str(self.where)
        text = f"{place}: {self.what}" if place else self.what
        return f"{text} ({self.hint})" if self.hint else text


def _rebuild(kind: type[GraphmapError], fields: dict[str, Any]) -> GraphmapError:
    return kind(fields.pop("what"), **fields)


class CallError(GraphmapError):
    """The call is wrong: an unknown name, options that exclude each other, a value that does not parse."""

    exit_status = 2


class ConfigurationError(GraphmapError):
    """`graphmap.toml` or the environment is wrong."""

    exit_status = 2


class RulesError(GraphmapError):
    """A rule file is outside the LinkML subset, or contradicts itself."""

    exit_status = 2


class MappingError(GraphmapError):
    """A mapping is not RML that can run.

    Args:
        what: as for every error, as are the next two.
        where: file, line and column of the statement.
        hint: what to do next.
        excerpt: the line of the mapping with a caret under the fault, for people.
    """

    exit_status = 2

    def __init__(
        self, what: str, *, where: Locator | None = None, hint: str | None = None, excerpt: str | None = None
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.excerpt = excerpt

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.excerpt}" if self.excerpt else super().__str__()


class ShapesError(GraphmapError):
    """A shapes graph is not well-formed SHACL."""

    exit_status = 2


class TermError(GraphmapError):
    """A text is no RDF term, or no IRI."""


class SourceError(GraphmapError):
    """A source cannot be read at all, or not to its end."""


class RecordError(GraphmapError):
    """One record of a readable source cannot be read; those before and after it can.

    Args:
        what: as for every error, as are the next two.
        where: source and row.
        hint: what to do next.
        record: as it came, where it is kept.
    """

    def __init__(
        self, what: str, *, where: Locator | None = None, hint: str | None = None, record: str | None = None
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.record = record


class DataError(GraphmapError):
    """A value gives no valid term and the caller asked for strictness, or data does not parse.

    Args:
        what: as for every error, as are the next two.
        where: source, row and pointer.
        hint: what to do next.
        kind: `ill-typed`, `no-term` or `no-subject` where a term map met the value.
        term_map: its name in the mapping.
        written: file, line and column of the term map.
        record: the record, as JSON, where it is kept.
        others: more errors of the same record.
    """

    def __init__(
        self,
        what: str,
        *,
        where: Locator | None = None,
        hint: str | None = None,
        kind: str | None = None,
        term_map: str | None = None,
        written: Locator | None = None,
        record: str | None = None,
        others: tuple[DataError, ...] = (),
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.kind = kind
        self.term_map = term_map
        self.written = written or Locator()
        self.record = record
        self.others = others


class StoreError(GraphmapError):
    """The store cannot be opened, read or written."""


class QueryError(GraphmapError):
    """A query or update does not parse, or asks for what is refused."""

    exit_status = 2


class LimitError(GraphmapError):
    """A limit on size, depth or memory was reached."""


class DeadlineError(LimitError):
    """The time for a query was up; its process is gone."""
