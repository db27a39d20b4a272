"""The report as one page for people: exact totals, bounded samples, nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import jinja2

from graphmap.validation.formats.summary import place_of
from graphmap.validation.report import Report, tallies

__all__ = ["write_html"]


def write_html(report: Report, *, samples: int = 20) -> Iterator[str]:
    """The report as an HTML page.

    Args:
        report: any report.
        samples: how many findings of each rule are shown.

    Yields:
        Pieces of the page; every text from the data is escaped.
    """
    loader = jinja2.PackageLoader("graphmap.validation.formats", "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.get_template("report.html")
    yield from template.generate(
        report=report,
        counts=report.counts(),
        tallies=tallies(report, samples=samples),
        place_of=place_of,
        empty=report.coverage.without_targets(),
    )
