"""Each page in a real browser: on a phone and a desk, light and dark, by keyboard, without scripts, and accessible."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from tests.browser.conftest import AXE, Visit
from tests.service.conftest import TOKEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
BASE = "https://schema.limbergraph.com/"
KAURI = quote(f"{BASE}limber/CustomerAccount#1c01a7bf-b663-5c8b-8be8-e9821450be23", safe="")
CUSTOMER = quote(f"{BASE}warehouse/dim_customer", safe="")
COUNTRY = quote(f"{BASE}limber/Country#NZ", safe="")
PAGES = {
    "home": "/",
    "search": "/search?q=kauri",
    "nothing-found": "/search?q=zzzz",
    "record": f"/resource?iri={KAURI}",
    "country": f"/resource?iri={COUNTRY}&links={quote(BASE + 'limber/country', safe='')}",
    "source": f"/resource?iri={KAURI}&view=source",
    "class": f"/resource?iri={CUSTOMER}",
    "filtered": f"/resource?iri={CUSTOMER}&customer_status=MEMBER&sort=label",
    "reports": "/reports",
    "rule": "/reports?rule=warehouse.dim_customer.numberFreedOnArchive",
    "quarantine": "/quarantine",
    "check": "/check",
    "queries": "/queries",
    "saved": "/queries/accounts-by-status",
    "years": "/queries/origins-by-year",
    "sparql": "/sparql",
    "missing": "/limber/CustomerAccount/none",
}
MESSAGE = {"schemaName": "limber", "shapeName": "CustomerAccount", "dataId": {"iri": f"{BASE}limber/CustomerAccount#x"}}
AXE_RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


def address_of(site: str, name: str) -> str:
    """Path of a page; that of a record that was set aside depends on the store."""
    if name != "aside":
        return PAGES[name]
    records = httpx.get(f"{site}/quarantine", headers={"Accept": "application/json"}).json()["records"]
    return f"/quarantine/{records[0]['id']}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", [*PAGES, "aside"])
def test_a_page_fits_its_window_says_nothing_and_asks_nobody_else(
    chromium: Browser, site: str, name: str, width: int, scheme: str
) -> None:
    visit = Visit(chromium, site, width=width, scheme=scheme)
    page = visit.go(address_of(site, name))
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert [said for said in visit.said if "404 (Not Found)" not in said or name != "missing"] == []
    assert visit.strangers == []
    assert page.locator("h1").count() == 1
    visit.context.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is installed by `make browser` where npm is at hand")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAGES, "aside"])
def test_axe_finds_nothing_serious(chromium: Browser, site: str, name: str, scheme: str) -> None:
    visit = Visit(chromium, site, scheme=scheme)
    page = visit.go(address_of(site, name))
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(AXE_RUN)
    grave = [
        (each["id"], [node["target"] for node in each["nodes"]][:3], each["nodes"][0]["failureSummary"])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert grave == []
    visit.context.close()


@pytest.mark.parametrize("name", [*PAGES, "aside"])
def test_a_page_works_without_scripts_and_is_light(chromium: Browser, site: str, name: str) -> None:
    visit = Visit(chromium, site, scripts=False)
    response = visit.page.goto(site + address_of(site, name))
    assert response is not None
    assert len(response.body()) < 100_000
    assert visit.page.locator("main h1").is_visible()
    assert [url for url in visit.asked if url.endswith(".js")] == [] or name in ("saved", "years", "sparql")
    visit.context.close()


def test_a_query_is_asked_without_scripts(chromium: Browser, site: str) -> None:
    visit = Visit(chromium, site, scripts=False)
    page = visit.go("/sparql")
    page.fill("textarea", "SELECT (COUNT(*) AS ?n) { ?s a ?class }")
    page.click("main button")
    assert "1 row" in page.inner_text("#rows")


def test_the_keyboard_alone_searches_and_opens_a_record(chromium: Browser, site: str) -> None:
    visit = Visit(chromium, site)
    page = visit.go("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    while page.evaluate("document.activeElement.name") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("kauri rise")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    while not page.evaluate("document.activeElement.closest('.hits')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/resource?**")
    assert "Kauri Rise" in page.inner_text("main")


def test_the_editor_is_no_trap_for_the_keyboard(chromium: Browser, site: str) -> None:
    page = Visit(chromium, site).go("/sparql")
    page.wait_for_load_state("networkidle")
    if page.locator(".CodeMirror").count() == 0:
        pytest.skip("the editor is installed by `make editor` where npm is at hand")
    page.click(".CodeMirror")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ask"


def test_every_page_prints(chromium: Browser, site: str) -> None:
    visit = Visit(chromium, site)
    for path in (PAGES["record"], PAGES["reports"], PAGES["class"]):
        assert len(visit.go(path).pdf(format="A4")) > 10_000


def test_journey_find_a_customer_by_name_and_see_why_a_field_is_flagged(chromium: Browser, site: str) -> None:
    query = f"""PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?number {{
      GRAPH <{BASE}graph/reports> {{ ?f sh:resultSeverity sh:Warning ; sh:focusNode ?thing ;
        sh:resultPath <{BASE}warehouse/email> }} ?thing <{BASE}warehouse/customer_id> ?number }} LIMIT 1"""
    answer = httpx.get(f"{site}/sparql", params={"query": query}, headers={"Accept": "application/json"}).json()
    number = answer["results"]["bindings"][0]["number"]["value"]
    page = Visit(chromium, site).go("/")
    page.fill("main input[type=search]", number)
    page.click("main form button")
    page.click(".hits a >> nth=0")
    flagged = page.locator(".flagged").first
    assert "e-mail" in flagged.inner_text().lower()
    assert "To do" in page.evaluate("getComputedStyle(document.querySelector('.fix'), '::before').content")
    assert flagged.locator(".fix").is_visible()


def test_journey_find_the_rule_that_fails_most_and_a_record_that_breaks_it(chromium: Browser, site: str) -> None:
    page = Visit(chromium, site).go("/")
    page.click("nav >> text=Conformance")
    page.click("h2:has-text('Rules that fail most') + ul a >> nth=0")
    assert "What to do:" in page.inner_text("main")
    page.click("table.findings a >> nth=0")
    assert page.locator(".flagged, .finding").count() > 0


def test_journey_paste_a_broken_message_and_learn_what_to_fix(chromium: Browser, site: str) -> None:
    page = Visit(chromium, site).go("/")
    page.click("nav >> text=Conformance")
    page.click("text=Check a record")
    page.fill("textarea", json.dumps(MESSAGE)[:-1])
    page.click("main button")
    assert "It cannot be read" in page.inner_text("main")
    page.fill("textarea", json.dumps(MESSAGE))
    page.click("main button")
    assert "It would be quarantined" in page.inner_text("main")
    assert page.locator(".finding .fix").count() > 0


def test_journey_run_an_example_change_it_and_download_csv(chromium: Browser, site: str) -> None:
    visit = Visit(chromium, site, scripts=False)
    page = visit.go("/")
    page.click("text=Where customers came from, by year")
    page.click("text=See and change the query")
    text = page.input_value("textarea")
    page.fill("textarea", text.replace("ORDER BY", "HAVING(COUNT(?customer) > 1) ORDER BY"))
    page.click("main form:has(textarea) button")
    assert "row" in page.inner_text("#rows")
    with page.expect_download() as waiting:
        page.click("text=CSV")
    assert waiting.value.path().read_text(encoding="utf-8").startswith("year,origin,customers")


def test_a_record_is_dropped_with_a_token_typed_into_the_form(chromium: Browser, site: str) -> None:
    page = Visit(chromium, site).go("/quarantine")
    before = page.locator("tbody tr").count()
    page.click("tbody a >> nth=0")
    page.fill("input[name=token]", TOKEN)
    page.click("button:has-text('Drop')")
    page.wait_for_url("**/quarantine?done=dropped")
    assert "dropped" in page.inner_text("[role=status]")
    assert page.locator("tbody tr").count() == before - 1 or before == 50
