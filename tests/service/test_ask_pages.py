"""Asking: saved queries with forms, results with charts and downloads, the editor and the words that it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from graphmap.service.http.query_results import Cell, Table
from graphmap.service.sparql.result_view import Result, downloads, read_result
from tests.service.conftest import Server
from tests.service.full import full_services

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        full_services(tmp_path_factory.mktemp("ask")) as services,
        Server(services=services) as server,
        httpx.Client(base_url=server.address, timeout=20) as client,
    ):
        yield client


def result(*rows: tuple[str, str]) -> Result:
    cells = tuple((Cell(text=name), Cell(text=number, note="integer")) for name, number in rows)
    return read_result(Table(columns=("name", "n"), rows=cells, total=len(cells)))


def test_numbers_by_name_are_drawn_as_bars_the_greatest_first() -> None:
    drawn = result(("a", "1"), ("b", "5"), ("a", "2"))
    assert [(bar.label, bar.number) for bar in drawn.bars] == [("b", 5), ("a", 3)]
    assert drawn.measure == "n"
    assert drawn.chart is None


def test_numbers_by_year_are_drawn_over_time() -> None:
    drawn = result(("2025", "1"), ("2024", "5"))
    assert drawn.chart is not None
    assert [part.title for part in drawn.chart.parts] == ["2024: 5", "2025: 1"]
    assert drawn.bars == ()


@pytest.mark.parametrize("rows", [(), (("a", "1"),), (("a", "-1"), ("b", "2")), (("a", "0.5"), ("b", "2"))])
def test_what_no_chart_fits_gets_none(rows: tuple[tuple[str, str], ...]) -> None:
    assert (result(*rows).bars, result(*rows).chart) == ((), None)


def test_a_page_shows_a_part_of_a_long_table_and_its_total() -> None:
    shown = result(*((f"row {n}", "1") for n in range(900)))
    assert (len(shown.rows), shown.total) == (200, 900)


def test_downloads_keep_what_was_asked() -> None:
    links = dict(downloads("/sparql", {"query": 'SELECT * { ?s ?p "a&b" }'}, "SELECT"))
    assert links["CSV"] == "/sparql?query=SELECT+%2A+%7B+%3Fs+%3Fp+%22a%26b%22+%7D&format=csv"


def test_every_saved_query_has_a_page_that_runs_or_asks_for_what_it_needs(site: httpx.Client) -> None:
    for query in site.get("/queries").json():
        page = site.get(query["href"], headers=HTML)
        assert page.status_code == 200, query["name"]
        needed = [parameter for parameter in query["parameters"] if parameter["required"] and not parameter["default"]]
        assert ("Fill in the form" in page.text) == bool(needed), query["name"]
        assert all(f'name="{parameter["name"]}"' in page.text for parameter in query["parameters"])


def test_a_question_is_asked_changed_and_downloaded_by_links_and_forms_alone(site: httpx.Client) -> None:
    page = site.get("/queries/origins-by-year", headers=HTML).text
    assert '<svg class="chart"' in page
    csv = site.get(re.findall(r'href="(/queries/origins-by-year\?format=csv)"', page)[0])
    assert csv.text.startswith("year,origin,customers")
    changed = site.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s a ?class }"}, headers=HTML).text
    (again,) = re.findall(r'href="(/sparql\?query=[^"]*format=csv)"', changed)
    assert site.get(again.replace("&amp;", "&")).text.splitlines()[0] == "n"


def test_values_of_a_form_stay_in_it_and_go_into_the_query_as_terms(site: httpx.Client) -> None:
    page = site.get("/queries/accounts-by-status", params={"country": "NZ"}, headers=HTML).text
    assert 'value="NZ"' in page
    query = page.split("<textarea")[1].split("</textarea>")[0]
    assert "&#34;NZ&#34;" in query


def test_a_saved_query_is_taken_to_the_editor(site: httpx.Client) -> None:
    page = site.get("/sparql", params={"edit": "origins-by-year"}, headers=HTML).text
    assert "# title: Where customers came from, by year" in page.split("<textarea")[1]
    assert site.get("/sparql", params={"edit": "none"}, headers=HTML).status_code == 200


def test_the_editor_knows_prefixes_classes_and_properties(site: httpx.Client) -> None:
    words = site.get("/words.json").json()
    assert "https://schema.limbergraph.com/limber/CustomerAccount" in words["classes"]
    assert "https://schema.limbergraph.com/limber/accountCode" in words["properties"]
    assert "limber: <https://schema.limbergraph.com/limber/>" in words["prefixes"]


def test_only_pages_with_the_editor_may_run_a_script_and_only_ours(site: httpx.Client) -> None:
    policy = site.get("/sparql", headers=HTML).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in site.get("/", headers=HTML).headers["content-security-policy"]
    assert site.get("/editor/../access.py").status_code == 404
    assert site.get("/editor/none.js").status_code == 404


def test_what_a_query_gives_is_escaped_and_never_a_link_to_elsewhere(site: httpx.Client) -> None:
    query = 'SELECT ?x ?y { BIND("<script>alert(1)</script>" AS ?x) BIND(<javascript:alert(1)> AS ?y) }'
    page = site.get("/sparql", params={"query": query}, headers=HTML).text
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
