"""Prints what was measured as a table of text."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from benchmarks.measure import Measure

__all__ = ["LeftOut", "Line", "table", "told"]

_HEADER = ("work", "engine", "records", "seconds", "records/s", "triples/s", "peak MB")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Why there is no measure, in place of its numbers.

    Args:
        seconds: what stands for the time, such as `over 120`.
        peak_mb: what stands for the memory.
    """

    seconds: str = ""
    peak_mb: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measured run.

    Args:
        work: what was done, such as `lift rows`.
        engine: who did it.
        records: how many records went in.
        triples: how many triples came of them; `None` where the work makes none.
        measure: what it took, or why it was not measured to its end.
    """

    work: str
    engine: str
    records: int
    triples: int | None
    measure: Measure | LeftOut

    def cells(self) -> tuple[str, ...]:
        """The line as texts, in the order of the table's header."""
        start = self.work, self.engine, f"{self.records:,}"
        if isinstance(self.measure, LeftOut):
            return (*start, self.measure.seconds, "", "", self.measure.peak_mb)
        seconds = self.measure.seconds
        return (
            *start,
            f"{seconds:.2f}",
            f"{self.records / seconds:,.0f}",
            "" if self.triples is None else f"{self.triples / seconds:,.0f}",
            f"{self.measure.peak_mb:.0f}",
        )


def told(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, each said on standard error when it is there: the next one may take half an hour."""
    for line in lines:
        sys.stderr.write("  ".join(line.cells()) + "\n")
        yield line


def table(lines: Iterable[Line]) -> str:
    """All lines under a header, columns aligned: names to the left, numbers to the right."""
    rows = [_HEADER, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    return "\n".join(_aligned(row, widths) for row in rows) + "\n"


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    names = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    numbers = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join(names + numbers).rstrip()
