"""The HTML report of 10,000 rows, 5 % of them with an error, in a real browser: read, searched, filtered, printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphmap.ingest import load_knowledge, report_on
from graphmap.validation.formats import write_report
from graphmap.workspace import read_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

pytestmark = pytest.mark.browser
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def page_file(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    rows, page = folder / "rows.csv", folder / "report.html"
    command = [sys.executable, "-m", "benchmarks.generate", "rows", "10000", "--errors", "0.05"]
    with rows.open("wb") as out:
        subprocess.run(command, cwd=root, stdout=out, check=True)  # noqa: S603  # our own generator
    report = report_on([str(rows)], load_knowledge(read_workspace(root)))
    assert report.counts()["Violation"] > 300
    page.write_text("".join(write_report(report, "html")), encoding="utf-8")
    return page


class Opened:
    """The page in a window of some size, with what it said and what it asked for."""

    def __init__(self, browser: Browser, file: Path, size: ViewportSize) -> None:
        self.page = browser.new_context(viewport=size).new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())

    def visible_rows(self) -> int:
        return sum(row.is_visible() for row in self.page.query_selector_all("tr.finding"))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_fits_its_window_says_nothing_to_the_console_and_asks_nobody(
    chromium: Browser, page_file: Path, size: ViewportSize, tmp_path: Path
) -> None:
    opened = Opened(chromium, page_file, size)
    picture = opened.page.screenshot(path=tmp_path / "page.png")
    assert len(picture) > 10_000
    assert opened.page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert opened.said == []
    assert opened.asked == [page_file.as_uri()]


def test_a_search_leaves_what_it_names_and_opens_it(chromium: Browser, page_file: Path) -> None:
    opened = Opened(chromium, page_file, DESKTOP)
    every = opened.page.text_content("#finder output")
    opened.page.fill("input[type=search]", "dim_customer.country_of_birth.pattern")
    (rule,) = [each for each in opened.page.query_selector_all("details[data-severity]") if each.is_visible()]
    assert "warehouse.dim_customer.country_of_birth.pattern" in (rule.text_content() or "")
    assert opened.visible_rows() == int((rule.query_selector(".number") or rule).text_content() or 0)
    opened.page.fill("input[type=search]", "no such thing")
    assert opened.visible_rows() == 0
    opened.page.fill("input[type=search]", "")
    assert opened.page.text_content("#finder output") == every
    assert opened.said == []


def test_severities_can_be_left_out(chromium: Browser, page_file: Path) -> None:
    opened = Opened(chromium, page_file, PHONE)
    opened.page.uncheck("input[value=Violation]")
    severities = {
        each.get_attribute("data-severity")
        for each in opened.page.query_selector_all("details[data-severity]")
        if each.is_visible()
    }
    assert severities == {"Warning"}


def test_a_bar_of_the_chart_leads_to_its_rule(chromium: Browser, page_file: Path) -> None:
    opened = Opened(chromium, page_file, DESKTOP)
    opened.page.click(".bars a[href='#rule-9']")
    opened.page.wait_for_selector("#rule-9[open]")
    assert opened.page.evaluate("scrollY") > 0


def test_the_printed_page_opens_every_rule(chromium: Browser, page_file: Path) -> None:
    opened = Opened(chromium, page_file, DESKTOP)
    assert len(opened.page.pdf(format="A4")) > 50_000
    closed = opened.page.query_selector_all("details[data-severity]:not([open])")
    assert closed == []
    assert opened.said == []
