"""Arrivals at a store: validated records and unreadable texts, grouped for writing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphmap.ingest.check import ValidatedRecord
from graphmap.provenance import RejectedRecord, content_hash, version_of
from graphmap.rdf import Token
from graphmap.records import Raw
from graphmap.validation.report import Finding
from graphmap.workspace import SourceSettings

__all__ = ["Arrival", "Unreadable", "Written", "runs"]

_MOST = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A record as N-Quads, for a store that has nothing of its document.

    Args:
        knowledge: lines of the default graph.
        record: lines of the record's graph and of provenance.
    """

    knowledge: bytes
    record: bytes


@dataclass(slots=True, kw_only=True)
class Arrival:
    """A judged record with what the store has to know of it.

    Args:
        judged: what it says, and how it fits.
        raw: as it was read.
        header: columns of a table; `None` for a document.
        source: settings of its source.
        name: the input, for people.
        moment: token of the time that provenance gives.
        written: its text, where that was made ahead.
        is_news: whether it was stored, and the store had nothing of its document before.
    """

    validated: ValidatedRecord
    raw: Raw
    header: tuple[str, ...] | None
    source: SourceSettings
    name: str
    moment: Token
    written: Written | None = None
    is_news: bool = False
    _digest: Token | None = None

    def digest(self, fingerprint: bytes) -> Token:
        """The hash of its content; worked out once."""
        if self._digest is None:
            self._digest = content_hash(self.raw, fingerprint, header=self.source.kind == "envelope")
        return self._digest

    @property
    def version(self) -> Token | None:
        """Version of the record."""
        return version_of(self.source, self.header, self.raw, self.validated.envelope)

    @property
    def marks(self) -> set[object]:
        """Its subject and its keys: what it may share with another record."""
        return {self.validated.subject or id(self), *((id(key.constraint), key.value) for key in self.validated.keys)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A text that could not be read as a record.

    Args:
        record: as it is kept.
        finding: why.
        moment: token of the time.
    """

    record: RejectedRecord
    finding: Finding
    moment: Token


def runs(items: Sequence[Arrival | Unreadable], *, most: int = _MOST) -> Iterator[Sequence[Arrival | Unreadable]]:
    """Cut a sequence into parts within which no record has to see another: none share a subject or a key.

    Args:
        items: in their order.
        most: how many a part may have.

    Yields:
        The parts, none of them empty, in order.
    """
    begin, seen = 0, set[object]()
    for at, item in enumerate(items):
        marks = item.marks if isinstance(item, Arrival) else set[object]()
        if at - begin == most or seen & marks:
            yield items[begin:at]
            begin, seen = at, set()
        seen |= marks
    if begin < len(items):
        yield items[begin:]
