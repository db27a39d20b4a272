"""Members and columns that no rule reads: how a change of the source's schema, or a misspelt name, is noticed."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from graphmap.lifting.plan import Plan, all_references
from graphmap.validation.report import Finding
from graphmap.workspace import SourceSettings

__all__ = ["UnreadLog", "UnreadRule"]

_ALIKE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRule:
    """The rule of a source on members or columns that no other rule reads.

    Args:
        slug: of the rule in findings.
        severity: `Violation` where the record is refused, else `Warning`.
        column: whether they are columns.
        names: names that rules read.
    """

    slug: str
    severity: str
    column: bool
    names: tuple[str, ...]

    @classmethod
    def of(cls, source: SourceSettings, plan: Plan) -> UnreadRule | None:
        """The rule of a source; `None` where it ignores them."""
        if source.unread == "ignore":
            return None
        return cls(
            slug=f"{source.name}.unread",
            severity="Violation" if source.unread == "fail" else "Warning",
            column=source.tabular,
            names=tuple(dict.fromkeys(_names(plan))),
        )

    @property
    def refuses(self) -> bool:
        """Return whether a record with such a member is refused."""
        return self.severity == "Violation"

    def finding(self, pointer: str, *, source: str, row: int | None, records: int = 1) -> Finding:
        """A finding about one pointer.

        Args:
            pointer: JSON Pointer, or `/column`; positions in arrays may be `*`.
            source: the input.
            row: of the first record that has it.
            records: number of records that have it.
        """
        name = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        kind = "column" if self.column else "member"
        near = difflib.get_close_matches(name, self.names, n=1, cutoff=_ALIKE)
        meant = f"did you mean {near[0]}? Else" if near else "If it is not misspelt,"
        also = f", in {records:,} records" if records > 1 else ""
        return Finding(
            rule=self.slug,
            severity=self.severity,
            message=f"No rule reads the {kind} {name}{also}; {meant} add a rule for it",
            source=source,
            row=row,
            pointer=pointer,
        )


@dataclass(slots=True)
class _Unread:
    """Values at one pointer that nothing reads: the rule, the first row, and the number of records so far."""

    rule: UnreadRule
    row: int
    records: int = 0


class UnreadLog:
    """Collects the values of an input that nothing reads.

    Attributes:
        counts: number of records by pointer.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._at: dict[tuple[str, str], _Unread] = {}

    def note(self, at: str, source: str, row: int, rule: UnreadRule | None, times: int = 1) -> None:
        """Take note of values.

        Args:
            at: JSON Pointer to them.
            source: the input.
            row: of the first record that has one.
            rule: what the source says of them.
            times: number of records that have one.
        """
        self.counts[at] += times
        if rule is not None and not rule.refuses:
            known = self._at.setdefault((source, at), _Unread(rule, row))
            known.records += times

    def findings(self) -> list[Finding]:
        """A Warning for each member or column of an input."""
        return [
            each.rule.finding(at, source=source, row=each.row, records=each.records)
            for (source, at), each in self._at.items()
        ]


def _names(plan: Plan) -> Iterator[str]:
    for triples_map in plan.triples_maps:
        for reference in all_references(triples_map):
            if names := reference.path.names:
                yield names[-1]
