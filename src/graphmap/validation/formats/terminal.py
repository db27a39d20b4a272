"""The report for a terminal: totals first, the worst first, a few samples of each rule."""

from __future__ import annotations

from collections.abc import Iterator

from graphmap.errors import Locator, counted
from graphmap.validation.report import Finding, Report, RuleTally, plain, tallies

__all__ = ["place_of", "said", "summary"]

_LONGEST = 80
_NOTES = 20
_DETAILS = 3
_NOUNS = {"Violation": "violation", "Warning": "warning", "Info": "note"}


def summary(report: Report, *, samples: int = 3, rules: int = 10, brief: bool = False) -> Iterator[str]:
    """Write a report as lines for people.

    Args:
        report: any report.
        samples: how many findings of each rule are shown; the totals are exact.
        rules: how many rules are shown.
        brief: write two lines for each rule, the second one a sample.

    Yields:
        Lines without line feeds or other control characters.
    """
    yield from (_printable(line) for line in _lines(report, samples, rules, brief=brief))


def _printable(line: str) -> str:
    """A line that cannot move the cursor: control characters become escapes."""
    return line if line.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


def _lines(report: Report, samples: int, rules: int, *, brief: bool) -> Iterator[str]:
    counts = report.counts()
    words = (
        ", ".join(counted(count, _NOUNS.get(name, f"{name} finding")) for name, count in counts.items() if count)
        or "no findings"
    )
    yield f"{report.outcome}: {counted(report.records, 'record')}, {words}"
    if report.baseline is not None:
        new = len(report.findings) - report.baseline.known
        yield f"beside the baseline: {new} new, {report.baseline.known} known, {report.baseline.resolved} resolved"
    yield from (f"could not be evaluated: {reason}" for reason in report.failures)
    yield from (f"note: {text}" for text in report.notes[:_NOTES])
    if len(report.notes) > _NOTES:
        yield f"and {counted(len(report.notes) - _NOTES, 'more note')}; a JSON report lists every one"
    found = tallies(report, samples=1 if brief else samples)
    for tally in found[:rules]:
        yield from _in_brief(tally) if brief else ("", *_rule(tally))
    if len(found) > rules:
        yield from () if brief else ("",)
        yield f"{counted(len(found) - rules, 'more rule')} with findings; a CSV, JSON or HTML report has them all"
    yield from _unread(report)
    yield from _uncovered(report)
    yield from _slowest(report)


def place_of(finding: Finding) -> str:
    """Place of a finding: source, row and pointer; its focus node if it has no row."""
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


def _in_brief(tally: RuleTally) -> Iterator[str]:
    yield f"{tally.severity} {tally.rule}: {tally.count}"
    yield from (f"  {_sample(finding)}" for finding in tally.samples)


def _rule(tally: RuleTally) -> Iterator[str]:
    name = f" {tally.guide.name}" if tally.guide.name and ":" in tally.rule else ""
    yield f"{tally.severity}{name} {tally.rule}: {tally.count}"
    if tally.guide.why:
        yield f"  why: {tally.guide.why}{f' [{tally.guide.page}]' if tally.guide.page else ''}"
    for finding in tally.samples:
        yield f"  {_sample(finding)}"
        for each in finding.details[:_DETAILS]:
            value = each.as_dict()["value"]
            shown = "" if value is None else f": received {_short(str(value))}"
            yield f"    because of {each.property or 'the node'}{shown}; {said(each)}"
    if tally.count > len(tally.samples):
        yield f"  and {tally.count - len(tally.samples)} more"


def _sample(finding: Finding) -> str:
    value = finding.as_dict()["value"]
    received = "" if value is None else f": received {_short(str(value))}"
    return f"{place_of(finding)}{_property(finding)}{received}; {said(finding)}"


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
        yield "not used by the mapping:"
        yield from (f"  {pointer}: {count}" for pointer, count in sorted(report.unread.items()))


def _uncovered(report: Report) -> Iterator[str]:
    empty = report.coverage.without_targets()
    if empty or report.coverage.unseen:
        yield ""
    if empty:
        named = ", ".join(empty[:5]) + " …" * (len(empty) > 5)
        yield f"{counted(len(empty), 'shape')} without a focus node: {named}"
    if report.coverage.unseen:
        seen = report.coverage.unseen_samples[0]
        yield f"{counted(report.coverage.unseen, 'subject')} without a shape, such as {seen}"


def _slowest(report: Report) -> Iterator[str]:
    if report.seconds is not None:
        yield ""
        yield "time in the engine by shape; rows that were proved on their cells took none:"
        yield from (f"  {seconds:9.3f} s  {shape}" for shape, seconds in report.seconds.items())
