"""Conformance: totals lead to rules, rules to records, and records can be mended, retried or dropped."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ingest.builders import envelope, row, rows_file
from tests.service.conftest import AUTHORIZED, BASE, TOKEN, Server
from tests.service.full import full_services

HTML = {"Accept": "text/html"}
BROKEN = "{nothing"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        full_services(tmp_path_factory.mktemp("conformance")) as services,
        Server(services=services) as server,
        httpx.Client(base_url=server.address, timeout=20) as client,
    ):
        yield client


def page_of(site: httpx.Client, path: str, **params: str) -> str:
    response = site.get(path, params=params, headers=HTML)
    assert response.status_code == 200, response.text
    return response.text


def set_aside(site: httpx.Client, key: str) -> str:
    message = envelope(key, accountCode=["a", "b"])
    response = site.post(
        "/records", content=json.dumps(message), headers={**AUTHORIZED, "Content-Type": "application/json"}
    )
    assert response.status_code == 422
    records: list[dict[str, Any]] = site.get("/quarantine").json()["records"]
    (found,) = [each["id"] for each in records if each["document"] == f"{BASE}limber/CustomerAccount/{key}"]
    return str(found)


def test_the_dashboard_has_totals_by_severity_rule_source_and_load(site: httpx.Client) -> None:
    page = page_of(site, "/reports")
    assert "Rules that fail most" in page
    assert "By source" in page
    assert "2026-03-01 08:15 UTC" in page
    assert '<svg class="track"' in page
    total = site.get("/reports").json()["total"]
    assert f"{total} findings" in page


def test_findings_of_several_loads_are_drawn_over_time(site: httpx.Client) -> None:
    set_aside(site, "later")
    chart = page_of(site, "/reports").split('<svg class="chart"')[1].split("</svg>")[0]
    assert chart.count("<rect") > 1
    assert ">2026-03-01" in chart


def test_a_record_that_was_only_ever_set_aside_has_a_page_that_leads_to_its_message(site: httpx.Client) -> None:
    name = set_aside(site, "never-stored")
    iri = f"{BASE}limber/CustomerAccount#never-stored"
    page = page_of(site, "/resource", iri=iri)
    assert f'href="/quarantine/{name}"' in page
    assert site.get("/resource", params={"iri": iri}, headers={"Accept": "text/turtle"}).status_code == 404


def test_the_worst_rule_leads_to_its_page_and_from_there_to_a_record(site: httpx.Client) -> None:
    dashboard = page_of(site, "/reports").split("Rules that fail most")[1]
    rule = re.findall(r'href="/reports\?rule=([^"&]+)"', dashboard)[0]
    page = page_of(site, "/reports", rule=rule)
    body = site.get("/reports", params={"rule": rule}).json()
    assert f"{body['total']} finding" in page
    assert "What to do:" in page
    assert f"<code>{rule}</code>" in page
    assert re.search(r'<a href="/resource\?iri=[^"]+"><bdi>', page.split('id="findings"')[1])


def test_a_rule_shows_what_was_received_most(site: httpx.Client) -> None:
    rules = [each["rule"] for each in site.get("/reports").json()["findings"] if each["value"]]
    assert "What was received" in page_of(site, "/reports", rule=rules[0])


def test_findings_are_narrowed_by_source_and_load_too(site: httpx.Client) -> None:
    every = site.get("/reports").json()["total"]
    rows = [each for each in site.get("/reports", params={"limit": "500"}).json()["findings"] if each["source"]]
    source = rows[0]["source"]
    some = site.get("/reports", params={"source": source}).json()["total"]
    assert some == len([each for each in rows if each["source"] == source])
    assert site.get("/reports", params={"load": "2026-03-01T08:15:00Z"}).json()["total"] <= every
    assert site.get("/reports", params={"load": "1999-01-01T00:00:00Z"}).json()["total"] == 0
    assert "No finding matches." in page_of(site, "/reports", source='x" } #')


def test_findings_can_be_had_as_csv(site: httpx.Client) -> None:
    response = site.get("/reports", params={"format": "csv"})
    assert response.headers["content-type"].startswith("text/csv")
    assert response.text.splitlines()[0].startswith("finding,focusNode")


def test_a_record_that_was_set_aside_shows_its_payload_with_the_finding_beside_it(site: httpx.Client) -> None:
    page = page_of(site, f"/quarantine/{set_aside(site, 'beside')}")
    flagged = page.split('class="flagged Violation"')[1]
    assert flagged.index("accountCode") < flagged.index("has too many values")
    assert "Keep one value and drop the others" in flagged
    assert "Ägidius &amp; Söhne" in page


def test_the_quarantine_is_listed_with_totals_and_pages(site: httpx.Client) -> None:
    set_aside(site, "listed")
    page = page_of(site, "/quarantine")
    body = site.get("/quarantine").json()
    assert sum(body["totals"].values()) >= len(body["records"]) > 0
    assert "listed</bdi></a>" in page
    assert page_of(site, "/quarantine", outcome="rejected").count("<tr>") <= page.count("<tr>")
    assert "No record is in quarantine here." in page_of(site, "/quarantine", offset="100000")


def test_without_a_token_nothing_is_dropped(site: httpx.Client) -> None:
    name = set_aside(site, "kept")
    assert site.post(f"/quarantine/{name}/drop", data={"token": ""}).status_code == 401
    assert site.post(f"/quarantine/{name}/drop", data={"token": "gm_wrong"}).status_code == 401
    assert site.post(f"/quarantine/{name}/drop").status_code == 401
    assert site.get(f"/quarantine/{name}/drop").status_code in (404, 405)
    assert site.get(f"/quarantine/{name}").status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_forged_request_is_refused_even_with_a_token(site: httpx.Client, headers: dict[str, str]) -> None:
    name = set_aside(site, "forged")
    response = site.post(f"/quarantine/{name}/drop", data={"token": TOKEN}, headers=headers)
    assert response.status_code == 403
    assert site.get(f"/quarantine/{name}").status_code == 200


def test_a_record_is_dropped_by_form_with_a_token(site: httpx.Client) -> None:
    name = set_aside(site, "dropped")
    response = site.post(f"/quarantine/{name}/drop", data={"token": TOKEN}, headers={"Origin": str(site.base_url)})
    assert response.status_code == 303
    assert response.headers["location"] == "/quarantine?done=dropped"
    assert site.get(f"/quarantine/{name}").status_code == 404


def test_a_record_is_retried_by_a_client_with_a_header(site: httpx.Client) -> None:
    name = set_aside(site, "again")
    response = site.post(f"/quarantine/{name}/retry", headers=AUTHORIZED)
    assert (response.status_code, response.json()["outcome"]) == (200, "quarantined")
    assert site.post(f"/quarantine/{name}/burn", headers=AUTHORIZED).status_code == 404


@pytest.mark.parametrize("name", ["x", "..%2Fx", "0" * 32])
def test_a_record_that_is_not_there_is_not_found(site: httpx.Client, name: str) -> None:
    assert site.get(f"/quarantine/{name}").status_code == 404


def test_a_pasted_message_is_judged_with_the_finding_beside_its_member(site: httpx.Client) -> None:
    before = site.get("/quarantine").json()["totals"]
    message = envelope("pasted", accountCode=None)
    page = site.post("/check", data={"text": json.dumps(message)}).text
    assert "It would be quarantined" in page
    flagged = page.split('class="flagged Violation"')[1]
    assert flagged.index("accountCode") < flagged.index("accountCode is missing")
    assert "Fill the field in the source" in flagged
    assert page.index('href="#r1/data/accountCode"') < page.index('id="r1/data/accountCode"')
    assert site.get("/quarantine").json()["totals"] == before


def test_an_uploaded_file_of_several_messages_is_judged_one_by_one(site: httpx.Client) -> None:
    lines = "\n".join(json.dumps(envelope(key)) for key in ("one", "two")) + "\n" + '{"schemaName": 3}'
    page = site.post("/check", files={"text": (None, ""), "file": ("messages.jsonl", lines)}).text
    assert page.count("<section") == 3
    assert "Record 1: It conforms" in page


def test_rows_are_judged_one_by_one_with_the_finding_beside_its_cell(site: httpx.Client, tmp_path: Path) -> None:
    rows = [row(1), row(2, locale="german"), row(3, last_updated="yesterday")]
    text = Path(rows_file(tmp_path / "rows.csv", rows)).read_text(encoding="utf-8")
    before = site.get("/quarantine").json()["totals"]
    page = site.post("/check", data={"text": f"{text}a,b\n"}).text
    sections = page.split("<section")[1:]
    assert len(sections) == 4
    assert "Record 1: It conforms" in sections[0]
    assert "It would be stored, with warnings" in sections[1]
    assert "locale" in sections[1].split('class="flagged Warning"')[1][:200]
    assert "It would be quarantined" in sections[2]
    assert "It cannot be read" in sections[3]
    assert site.get("/quarantine").json()["totals"] == before


def test_of_a_long_table_the_first_rows_are_judged(site: httpx.Client, tmp_path: Path) -> None:
    text = Path(rows_file(tmp_path / "rows.csv", [row(number) for number in range(1, 31)])).read_bytes()
    page = site.post("/check", files={"file": ("rows.csv", text)}).text
    assert page.count("<section") == 20
    assert "And 10 more" in page


def test_a_message_that_is_no_json_is_told_with_the_line_that_people_see(site: httpx.Client) -> None:
    text = json.dumps(envelope("torn"), indent=1).replace(",\n", "\n", 1)
    page = site.post("/check", data={"text": text}).text
    assert "This is not JSON" in page
    assert "Look at line 3, column 2" in page


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,town\nAda,Zürich\n", "fits no source"),
        (BROKEN, "It cannot be read"),
        ("", "nothing was sent"),
        ("[1, 2", "It cannot be read"),
        ('"<script>"', "section"),
    ],
)
def test_a_broken_message_gets_a_page_that_says_what_to_fix(site: httpx.Client, text: str, says: str) -> None:
    response = site.post("/check", data={"text": text})
    assert response.status_code == 200
    assert says in response.text
    assert "<script>" not in response.text


def test_the_form_is_there_before_anything_was_sent(site: httpx.Client) -> None:
    assert "nothing is stored" in page_of(site, "/check")


def test_a_finding_about_a_part_of_a_record_leads_to_the_record(site: httpx.Client) -> None:
    message = envelope("parted", businessPartner=[{"@type": "BusinessPartner", "uniqueText": 7}])
    assert site.post("/records", json=message, headers=AUTHORIZED).status_code == 422
    page = page_of(site, "/reports", severity="Violation", limit="100")
    places = set(re.findall(r'data-label="Where"><a href="([^"]+)"', page))
    assert any("parted" in place for place in places)
    assert {site.get(html.unescape(place), headers={"Accept": "text/html"}).status_code for place in places} == {200}
