"""A report: what a validation found, counted and complete.

Source: SHACL, section 3.6 (validation report).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from graphmap.validation.coverage import Coverage
from graphmap.validation.findings import SEVERITIES, Finding, plain, reaches

__all__ = ["Covered", "Report", "RuleTally", "tallies"]

_NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What a validation looked at.

    Args:
        targets: shape to its number of focus nodes.
        unseen: how many subjects no shape targets.
        unseen_samples: some of them.
    """

    targets: Mapping[str, int] = field(default_factory=lambda: _NOTHING)
    unseen: int = 0
    unseen_samples: tuple[str, ...] = ()

    @classmethod
    def of(cls, coverage: Coverage) -> Covered:
        """Freeze a tally."""
        targets = {plain(shape): count for shape, count in sorted(coverage.targets.items())}
        return cls(
            targets=MappingProxyType(targets),
            unseen=coverage.unseen,
            unseen_samples=tuple(plain(subject) for subject in coverage.unseen_samples),
        )

    def without_targets(self) -> tuple[str, ...]:
        """The shapes that had no focus node: they say nothing about the data."""
        return tuple(shape for shape, count in self.targets.items() if count == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTally:
    """The findings of one rule and severity.

    Args:
        severity: as in the findings.
        rule: slug; of a shape without one, its IRI; otherwise the message.
        count: how many.
        samples: the first few.
    """

    severity: str
    rule: str
    count: int
    samples: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of a validation.

    Args:
        records: how many records were looked at.
        findings: all findings, in the order of the input.
        unread: JSON Pointer or column that no term map reads, to how often it came.
        coverage: what was looked at.
        failures: what could not be evaluated, a sentence each; with one of them the outcome is `failed`.
        fail_on: the severity from which on findings make the outcome `violates`.
    """

    records: int
    findings: Sequence[Finding] = ()
    unread: Mapping[str, int] = field(default_factory=lambda: _NOTHING)
    coverage: Covered = field(default_factory=Covered)
    failures: tuple[str, ...] = ()
    fail_on: str = "Violation"

    @property
    def conforms(self) -> bool:
        """Whether there is no finding of any severity; what could not be evaluated does not conform."""
        return not self.findings and not self.failures

    @property
    def outcome(self) -> str:
        """`conforms`, `violates` or `failed`."""
        if self.failures:
            return "failed"
        return "violates" if any(reaches(each.severity, self.fail_on) for each in self.findings) else "conforms"

    def counts(self) -> Mapping[str, int]:
        """Findings by severity; the three of the standard are always there, worst first."""
        counted = Counter(finding.severity for finding in self.findings)
        return {name: counted.pop(name, 0) for name in SEVERITIES} | dict(sorted(counted.items()))


def tallies(report: Report, *, samples: int) -> list[RuleTally]:
    """The findings of a report by rule.

    Args:
        report: any report.
        samples: how many findings of each rule are kept.

    Returns:
        Worst severity first, then the most frequent rule.
    """
    found: dict[tuple[str, str], list[Finding]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for finding in report.findings:
        shape = finding.source_shape and plain(finding.source_shape)
        key = (finding.severity, finding.rule or shape or finding.message)
        counts[key] += 1
        kept = found.setdefault(key, [])
        if len(kept) < samples:
            kept.append(finding)
    rows = (
        RuleTally(severity=severity, rule=rule, count=counts[severity, rule], samples=tuple(kept))
        for (severity, rule), kept in found.items()
    )
    return sorted(rows, key=_worst_first)


def _worst_first(tally: RuleTally) -> tuple[int, int, str]:
    rank = SEVERITIES.index(tally.severity) if tally.severity in SEVERITIES else -1
    return rank, -tally.count, tally.rule
