"""A planted fault: what to do to a valid record, and what a report must then say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Fault"]

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Generic[Record]):
    """A way to break one rule and no other.

    Args:
        rule: slug of the rule.
        severity: local name of the severity that the rule has.
        pointer: JSON Pointer, or `/column` of a row; `None` for a condition across fields.
        spoil: takes a valid record and returns a copy with the fault in it.
    """

    rule: str
    severity: str
    pointer: str | None
    spoil: Callable[[Record], Record]
