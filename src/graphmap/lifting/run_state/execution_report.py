"""Execution report of a lift: counts by source and term map, and every data error with its places.

Errors go to a temporary file as they come, so that memory does not grow with their number.
Source: RML-Core, data errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

import msgspec

from graphmap.errors import DataError, GraphmapError, Locator, RecordError
from graphmap.lifting.plan import Plan, TermMap
from graphmap.lifting.run_state.term_counts import Counted, Counts, counted_maps
from graphmap.rdf import iri_of

__all__ = ["ExecutionReport"]

_UNREADABLE = "unreadable"
_IN_MEMORY = 1 << 20


class ExecutionReport:
    """Collects what is told of a lift."""

    def __init__(self) -> None:
        self._read: Counter[str] = Counter()
        self._aside: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._faulty: Counter[str] = Counter()
        self._maps: dict[str, Counted] = {}
        self._counts: dict[str, tuple[int, int]] = {}
        self._failure: GraphmapError | None = None
        self._errors = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed by `close`

    def read(self, source: str, records: int) -> None:
        """Note that so many more records of a source were seen, whatever became of them."""
        self._read[source] += records

    def counted(self, plan: Plan, counts: Counts) -> None:
        """Note the terms and nulls of a plan; those of one term map add up."""
        for each, terms, nulls in zip(counted_maps(plan), *counts, strict=True):
            name = each.term_map.name
            before = self._counts.get(name, (0, 0))
            self._maps.setdefault(name, each)
            self._counts[name] = before[0] + terms, before[1] + nulls

    def set_aside(self, error: DataError | RecordError) -> None:
        """Note why a record was left out, with all of its errors."""
        self._aside[error.where.source or ""] += 1
        self._note(error)

    def failed(self, error: GraphmapError) -> None:
        """Note what ended the work."""
        self._failure = error
        if isinstance(error, DataError | RecordError):
            self._note(error)

    def silent(self) -> Iterator[TermMap]:
        """The term maps that never gave a term and never erred: what they read was in no record."""
        for name, (terms, nulls) in self._counts.items():
            if nulls and not terms and not self._faulty[name]:
                yield self._maps[name].term_map

    def close(self) -> None:
        """Drop the temporary file."""
        self._errors.close()

    def _note(self, error: DataError | RecordError) -> None:
        others = error.others if isinstance(error, DataError) else ()
        for each in (error, *others):
            row = _error_row(each)
            self._kinds[row["kind"]] += 1
            if isinstance(each, DataError) and each.term_map is not None:
                self._faulty[each.term_map] += 1
            self._errors.write(msgspec.json.encode(row) + b"\n")

    def head(self) -> dict[str, Any]:
        """Everything but the errors themselves."""
        records, aside = self._read.total(), self._aside.total()
        files = dict.fromkeys(each.term_map.written.source for each in self._maps.values())
        names = dict.fromkeys((*self._read, *self._aside))
        return {
            "outcome": "failed" if self._failure else "incomplete" if aside else "complete",
            "failure": None if self._failure is None else _failure(self._failure),
            "mapping": [file for file in files if file is not None],
            "records": records,
            "lifted": records - aside,
            "setAside": aside,
            "sources": [{"source": n, "records": self._read[n], "setAside": self._aside[n]} for n in names],
            "counts": dict(sorted(self._kinds.items())),
            "termMaps": [self._term_map(name) for name in self._maps],
        }

    def errors(self) -> Iterator[dict[str, Any]]:
        """Every error, in the order of the work."""
        self._errors.seek(0)
        for line in self._errors:
            yield msgspec.json.decode(line)

    def _term_map(self, name: str) -> dict[str, Any]:
        found = self._maps[name]
        terms, nulls = self._counts[name]
        return {
            "termMap": _iri(name),
            "triplesMap": _iri(found.triples_map),
            "statement": _statement(found.term_map.written),
            "terms": terms,
            "nulls": nulls,
            "errors": self._faulty[name],
        }


def _error_row(error: DataError | RecordError) -> dict[str, Any]:
    data = error if isinstance(error, DataError) else None
    return {
        "kind": (data.kind if data else None) or _UNREADABLE,
        "message": _text(error.what),
        "source": error.where.source,
        "row": error.where.row,
        "pointer": error.where.pointer and _text(error.where.pointer),
        "termMap": _iri(data.term_map) if data and data.term_map else None,
        "statement": _statement(data.written) if data else None,
        "record": error.record and _text(error.record),
    }


def _failure(error: GraphmapError) -> dict[str, Any]:
    place = error.where
    return {"message": _text(error.what), "source": place.source, "row": place.row, "pointer": place.pointer}


def _statement(place: Locator) -> dict[str, Any] | None:
    if place.source is None:
        return None
    return {"file": place.source, "line": place.line, "column": place.column}


def _iri(name: str) -> str | None:
    """The name of a node of the mapping, unless it has none of its own."""
    return iri_of(name) if name[:1] == "<" else None


def _text(text: str) -> str:
    """Half a surrogate pair is not a character of a report."""
    return text.encode("utf-8", "backslashreplace").decode()
