"""The report as one page for people: exact totals, bounded samples, nothing fetched from elsewhere.

The page names the hash of its one script as the only one that may run, so that no text from the data ever does.
Source: Content Security Policy Level 3, section 2.3.1 (hash sources).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import groupby

import jinja2
from markupsafe import Markup

from graphmap.rdf import local_name
from graphmap.validation.formats.terminal import place_of, said
from graphmap.validation.report import SEVERITIES, Measurement, Report, RuleTally, how_to_fix, plain, tallies

__all__ = ["write_html"]

_LONGEST = 2_000
_WEAKEST = 8
_SOURCES = 12
_ROWS = 4_000


def write_html(report: Report, *, samples: int = 50) -> Iterator[str]:
    """The report as an HTML page.

    Args:
        report: any report.
        samples: how many findings of each rule are shown at most; fewer where very many rules are broken.

    Yields:
        Pieces of the page; every text from the data is escaped.
    """
    loader = jinja2.PackageLoader("graphmap.validation.formats", "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals |= _FUNCTIONS
    yield from environment.get_template("report.html").generate(**_page(report, samples))


def _page(report: Report, samples: int) -> Mapping[str, object]:
    found = tallies(report, samples=samples)
    most = max(_ROWS // max(len(found), 1), 1)
    sources = sorted(report.sources().items(), key=lambda item: (-sum(item[1].values()), item[0]))
    weakest = sorted((each for each in report.measurements if each.valid < each.present), key=_most_wrong)[:_WEAKEST]
    script = _text("report.js")
    return {
        "report": report,
        "counts": report.counts(),
        "total": len(report.findings),
        "tallies": [_bounded(tally, most) for tally in found],
        "largest": max((tally.count for tally in found), default=0),
        "sources": [(source, _worst_first(counts)) for source, counts in sources[:_SOURCES]],
        "report_sources": [source for source, _ in sources],
        "largest_source": max((sum(counts.values()) for _, counts in sources), default=0),
        "more_sources": max(len(sources) - _SOURCES, 0),
        "weakest": weakest,
        "most_wrong": max((each.present - each.valid for each in weakest), default=0),
        "quality": list(_by_shape(report.measurements)),
        "empty": report.coverage.without_targets(),
        "verdict": _verdict(report),
        "script": Markup(script),  # noqa: S704  # our own files
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "style": Markup(_text("report.css")),  # noqa: S704
    }


def _text(name: str) -> str:
    return files("graphmap.validation.formats").joinpath("templates", name).read_text(encoding="utf-8")


def _bounded(tally: RuleTally, most: int) -> RuleTally:
    return RuleTally(
        severity=tally.severity,
        rule=tally.rule,
        count=tally.count,
        samples=tally.samples[:most],
        guide=tally.guide,
        sources=tally.sources,
    )


def _worst_first(counts: Mapping[str, int]) -> dict[str, int]:
    order = {name: at for at, name in enumerate(SEVERITIES)}
    return dict(sorted(counts.items(), key=lambda item: order.get(item[0], -1)))


def _by_shape(measurements: tuple[Measurement, ...]) -> Iterator[tuple[str, list[Measurement]]]:
    """Fields that some record has, by shape, the shape with most records first."""
    filled = [each for each in measurements if each.present]
    groups = [(shape, list(rows)) for shape, rows in groupby(filled, key=lambda each: each.shape)]
    for shape, rows in sorted(groups, key=lambda group: (-len(group[1]), group[0])):
        yield local_name(shape), rows


def _most_wrong(measurement: Measurement) -> tuple[int, str]:
    return measurement.valid - measurement.present, measurement.path


def _end_of(iri: str) -> str:
    """The last segment of an IRI, which tells records apart.

    >>> _end_of("https://example.org/world/Country#NZ")
    'Country#NZ'
    """
    return iri.rstrip("/").rsplit("/", 1)[-1]


def _verdict(report: Report) -> str:
    if report.failures:
        return "Something could not be evaluated, so nothing can be said for certain."
    threshold = report.fail_on.lower()
    new = "new finding" if report.baseline is not None else "finding"
    if report.outcome == "violates":
        return f"There is at least one {new} of severity {threshold} or worse."
    return f"There is no {new} of severity {threshold} or worse."


def _severity_class(severity: str) -> str:
    return severity if severity in SEVERITIES else "Other"


def _severity_label(severity: str, count: int = 2) -> str:
    if severity == "Info":
        return "Info"
    name = severity if severity in SEVERITIES else local_name(severity)
    return f"{name}s" if count > 1 else name


def _shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"


def _share_text(share: float) -> str:
    """Per cent, in which only all is 100 and only none is 0.

    >>> _share_text(0.9999), _share_text(1.0), _share_text(0.00001)
    ('99.9 %', '100 %', '0.1 %')
    """
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", " %")
    return f"{min(max(share * 100, 0.1), 99.9):.1f} %"


def _percent(count: int, largest: int) -> str:
    return f"{100 * count / max(largest, 1):.2f}"


_FUNCTIONS = {
    "place_of": place_of,
    "said": said,
    "plain": plain,
    "end_of": _end_of,
    "local_name": local_name,
    "severity_class": _severity_class,
    "severity_label": _severity_label,
    "shorten": _shorten,
    "share_text": _share_text,
    "percent": _percent,
    "number": lambda count: f"{count:,}",
    "json": lambda names: json.dumps(list(names)),
    "fix": lambda tally: how_to_fix(finding.component for finding in tally.samples[:1]),
}
