"""Which runs are left out because of what the engine took at fewer records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.table import LeftOut

if TYPE_CHECKING:
    from benchmarks.table import Line

__all__ = ["Limits", "foreseen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run may take: seconds, and memory in MB."""

    seconds: float
    peak_mb: float


def foreseen(before: Line | None, count: int, limits: Limits) -> LeftOut | None:
    """Why a run is left out, told from the one of fewer records; `None` where it is not."""
    if before is None:
        return None
    if isinstance(before.measure, LeftOut):
        return LeftOut(seconds="left out")
    times = count / before.records
    seconds, peak_mb = before.measure.seconds * times, before.measure.peak_mb * times
    if peak_mb > limits.peak_mb:
        return LeftOut(seconds="left out", peak_mb=f"about {peak_mb:,.0f}")
    return LeftOut(seconds=f"left out, about {seconds:,.0f}") if seconds > limits.seconds else None
