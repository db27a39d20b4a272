"""A report: what a validation found, counted and complete.

Source: SHACL, section 3.6 (validation report).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from graphmap.validation.report.coverage import Coverage
from graphmap.validation.report.finding import SEVERITIES, Finding, plain, reaches
from graphmap.validation.report.finding_log import FindingLog
from graphmap.validation.report.guidance import Guide, Guides, key_of
from graphmap.validation.report.quality import Measurement

__all__ = ["Compared", "Covered", "Report", "RuleTally", "tallies"]

_NOTHING: Mapping[str, int] = MappingProxyType({})
_FITS = "conforms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Coverage of a validation.

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
        guide: what is known of the rule.
        sources: how many findings are of which source.
    """

    severity: str
    rule: str
    count: int
    samples: tuple[Finding, ...]
    guide: Guide = field(default_factory=Guide)
    sources: Mapping[str, int] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A report beside an earlier one: how many findings it has in common with it, and how many did not come again."""

    known: int
    resolved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of a validation.

    Args:
        records: how many records were looked at; of RDF, how many graphs.
        findings: all findings, in the order of the input.
        unread: JSON Pointer or column that no term map reads, to how often it came.
        coverage: what was looked at.
        failures: what could not be evaluated, a sentence each; with one of them the outcome is `failed`.
        notes: what a reader should know of the shapes and of how they were read, a sentence each.
        fail_on: the severity from which on findings make the outcome `violates`.
        measurements: quality of each field.
        guides: what is known of the rules.
        baseline: the comparison with an earlier report, where there is one; known findings make nothing fail then.
        seconds: shape to the time that it took, where that was asked for.
    """

    records: int
    findings: Sequence[Finding] = ()
    unread: Mapping[str, int] = field(default_factory=lambda: _NOTHING)
    coverage: Covered = field(default_factory=Covered)
    failures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fail_on: str = "Violation"
    measurements: tuple[Measurement, ...] = ()
    guides: Guides = field(default_factory=dict)
    baseline: Compared | None = None
    seconds: Mapping[str, float] | None = None

    @property
    def conforms(self) -> bool:
        """Return whether there is no finding of any severity; what could not be evaluated does not conform."""
        return not self.findings and not self.failures

    @property
    def outcome(self) -> str:
        """`conforms`, `violates` or `failed`."""
        if self.failures:
            return "failed"
        if self.baseline is None:
            return "violates" if any(reaches(each, self.fail_on) for each, n in self.counts().items() if n) else _FITS
        fresh = (each.severity for each in self.findings if not each.known)
        return "violates" if any(reaches(each, self.fail_on) for each in fresh) else _FITS

    def counts(self) -> Mapping[str, int]:
        """Findings by severity; the three of the standard are always there, worst first."""
        log = self.findings
        counted = Counter(log.counts() if isinstance(log, FindingLog) else (each.severity for each in log))
        return {name: counted.pop(name, 0) for name in SEVERITIES} | dict(sorted(counted.items()))

    def sources(self) -> Mapping[str, Mapping[str, int]]:
        """Source to its findings by severity, in the order of the findings."""
        found: dict[str, Counter[str]] = {}
        for each in self.findings:
            found.setdefault(each.source or "", Counter())[each.severity] += 1
        return found


def tallies(report: Report, *, samples: int) -> list[RuleTally]:
    """The findings of a report by rule.

    Args:
        report: any report.
        samples: how many findings of each rule are kept.

    Returns:
        Worst severity first, then the most frequent rule.
    """
    found: dict[tuple[str, str], list[Finding]] = {}
    counts: dict[tuple[str, str], Counter[str]] = {}
    for finding in report.findings:
        key = (finding.severity, key_of(finding))
        counts.setdefault(key, Counter())[finding.source or ""] += 1
        kept = found.setdefault(key, [])
        if len(kept) < samples:
            kept.append(finding)
    rows = (
        RuleTally(
            severity=severity,
            rule=rule,
            count=counts[severity, rule].total(),
            samples=tuple(kept),
            guide=report.guides.get(rule, Guide()),
            sources=counts[severity, rule],
        )
        for (severity, rule), kept in found.items()
    )
    return sorted(rows, key=_worst_first)


def _worst_first(tally: RuleTally) -> tuple[int, int, str]:
    rank = SEVERITIES.index(tally.severity) if tally.severity in SEVERITIES else -1
    return rank, -tally.count, tally.rule
