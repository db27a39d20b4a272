"""The report as JUnit XML: a test case a rule, so that a build server shows which rules fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from graphmap.validation.formats.terminal import place_of, said
from graphmap.validation.report import Finding, Report, RuleTally, reaches, tallies

__all__ = ["write_junit"]

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(report: Report, *, samples: int = 50) -> Iterator[str]:
    """The report as JUnit XML.

    Args:
        report: any report.
        samples: how many findings of a rule its test case lists; the number in its message is exact.

    Yields:
        Pieces of the document.
    """
    found = tallies(report, samples=samples)
    failing = [tally for tally in found if reaches(tally.severity, report.fail_on)]
    cases = max(len(found) + len(report.failures), 1)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield (
        f'<testsuite name="graphmap" tests="{cases}" failures="{len(failing)}" errors="{len(report.failures)}" '
        f'skipped="0">\n'
    )
    yield "  <properties>\n"
    for name, value in _properties(report):
        yield f"    <property name={_quoted(name)} value={_quoted(value)}/>\n"
    yield "  </properties>\n"
    for reason in report.failures:
        yield f'  <testcase classname="graphmap" name="evaluation"><error message={_quoted(reason)}/></testcase>\n'
    for tally in found:
        yield _case(tally, fails=reaches(tally.severity, report.fail_on))
    if not found and not report.failures:
        yield '  <testcase classname="graphmap" name="conforms"/>\n'
    yield "</testsuite>\n"


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    """Properties of the run."""
    yield "records", str(report.records)
    yield "outcome", report.outcome
    yield from ((f"focus nodes of {shape}", str(count)) for shape, count in report.coverage.targets.items())
    yield "subjects without a shape", str(report.coverage.unseen)


def _case(tally: RuleTally, *, fails: bool) -> str:
    places = "\n".join(_clean(_line(each)) for each in tally.samples)
    body = f"{escape(places)}\n"
    head = f"  <testcase classname={_quoted(tally.severity)} name={_quoted(_name(tally))}>"
    if not fails:
        return f"{head}<system-out>{body}</system-out></testcase>\n"
    message = _quoted(f"{tally.count} finding(s)")
    return f"{head}<failure type={_quoted(tally.severity)} message={message}>{body}</failure></testcase>\n"


def _name(tally: RuleTally) -> str:
    name = tally.guide.name
    return f"{name} ({tally.rule})" if name and ":" in tally.rule else tally.rule


def _line(finding: Finding) -> str:
    value = finding.as_dict()["value"]
    property_name = f", {finding.property}" if finding.property and finding.row is None else ""
    return f"{place_of(finding)}{property_name}{'' if value is None else f': received {value!r}'}: {said(finding)}"


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def _quoted(text: str) -> str:
    return quoteattr(_clean(text))
