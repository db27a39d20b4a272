"""The report for a terminal: totals first, the worst first, a few samples of each rule."""

from __future__ import annotations

from collections.abc import Iterator

from graphmap.errors import Locator
from graphmap.validation.report import Finding, Report, RuleTally, plain, tallies

__all__ = ["place_of", "said", "summary"]

_LONGEST = 80
_REMARKS = 20
_DETAILS = 3


def summary(report: Report, *, samples: int = 3, rules: int = 30) -> Iterator[str]:
    """The report as lines for people.

    Args:
        report: any report.
        samples: how many findings of each rule are shown; the totals are exact.
        rules: how many rules are shown.

    Yields:
        Lines without line feeds or other control characters.
    """
    yield from (_printable(line) for line in _lines(report, samples, rules))


def _printable(line: str) -> str:
    """A line that cannot move the cursor: control characters become escapes."""
    return line if line.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


def _lines(report: Report, samples: int, rules: int) -> Iterator[str]:
    counts = report.counts()
    words = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "no findings"
    yield f"{report.outcome}: {report.records} record(s), {words}"
    if report.baseline is not None:
        new = len(report.findings) - report.baseline.known
        yield f"beside the baseline: {new} new, {report.baseline.known} known, {report.baseline.resolved} resolved"
    yield from (f"could not be evaluated: {reason}" for reason in report.failures)
    yield from (f"remark: {text}" for text in report.remarks[:_REMARKS])
    if len(report.remarks) > _REMARKS:
        yield f"and {len(report.remarks) - _REMARKS} more remark(s); a JSON report lists every one"
    found = tallies(report, samples=samples)
    for tally in found[:rules]:
        yield ""
        yield from _rule(tally)
    if len(found) > rules:
        yield ""
        yield f"and {len(found) - rules} more rule(s); a JSON or CSV report lists every finding"
    yield from _unread(report)
    yield from _uncovered(report)
    yield from _slowest(report)


def place_of(finding: Finding) -> str:
    """The place of a finding: source, row and pointer; where it has no row, its focus node."""
    place = str(
        Locator(
            source=finding.source,
            row=finding.row,
            pointer=finding.pointer,
            line=finding.line,
            column=finding.column,
        )
    )
    node = plain(finding.focus_node) if finding.focus_node and finding.row is None else ""
    if node and finding.label:
        node = f"{finding.label} ({node})"
    return ", ".join(part for part in (place, node) if part) or "no place"


def _rule(tally: RuleTally) -> Iterator[str]:
    name = f" {tally.guide.name}" if tally.guide.name and ":" in tally.rule else ""
    yield f"{tally.severity}{name} {tally.rule}: {tally.count}"
    if tally.guide.why:
        yield f"  why: {tally.guide.why}{f' [{tally.guide.page}]' if tally.guide.page else ''}"
    for finding in tally.samples:
        value = finding.as_dict()["value"]
        received = "" if value is None else f": received {_short(str(value))}"
        yield f"  {place_of(finding)}{_property(finding)}{received}; {said(finding)}"
        for each in finding.details[:_DETAILS]:
            value = each.as_dict()["value"]
            shown = "" if value is None else f": received {_short(str(value))}"
            yield f"    because of {each.property or 'the node'}{shown}; {said(each)}"
    if tally.count > len(tally.samples):
        yield f"  and {tally.count - len(tally.samples)} more"


def _property(finding: Finding) -> str:
    """The property of a finding of RDF; the place of a record names it already."""
    return f", {finding.property}" if finding.property and finding.row is None else ""


def said(finding: Finding) -> str:
    """The message of a finding, and its reason where that says more."""
    if finding.reason is None or finding.row is not None or finding.reason in finding.message:
        return finding.message
    return f"{finding.message} ({finding.reason})" if finding.message else finding.reason


def _short(text: str) -> str:
    shown = repr(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _unread(report: Report) -> Iterator[str]:
    if report.unread:
        yield ""
        yield "read by no term map:"
        yield from (f"  {pointer}: {count}" for pointer, count in sorted(report.unread.items()))


def _uncovered(report: Report) -> Iterator[str]:
    empty = report.coverage.without_targets()
    if empty or report.coverage.unseen:
        yield ""
    if empty:
        yield f"{len(empty)} shape(s) had no focus node: {', '.join(empty[:5])}{' …' if len(empty) > 5 else ''}"
    if report.coverage.unseen:
        yield f"{report.coverage.unseen} subject(s) have no shape, such as {report.coverage.unseen_samples[0]}"


def _slowest(report: Report) -> Iterator[str]:
    if report.seconds is not None:
        yield ""
        yield "time in the engine by shape; rows that were proved on their cells took none:"
        yield from (f"  {seconds:9.3f} s  {shape}" for shape, seconds in report.seconds.items())
