from __future__ import annotations

import json

import httpx
import pytest

from graphmap.rdf.terms import RDF_TYPE
from graphmap.store import EmbeddedStore, Quad
from tests.service.conftest import ACCOUNT, AUTHORIZED, BASE

HTML = {"Accept": "text/html"}


def test_it_says_that_it_lives_and_that_it_is_ready(client: httpx.Client) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"
    assert client.head("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/", "/sparql", "/queries", "/nowhere", "/reports"])
def test_every_answer_forbids_sniffing_framing_and_foreign_content(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_foreign_host_name_is_refused(client: httpx.Client) -> None:
    assert client.get("/sparql", headers={"Host": "evil.example"}).status_code == 400


def test_the_home_page_counts_and_links(client: httpx.Client) -> None:
    page = client.get("/", headers=HTML).text
    assert (
        '<a href="/resource?iri=https%3A%2F%2Fschema.limbergraph.com%2Flimber%2FCustomerAccount">customer acc' in page
    )
    assert "/queries/by-code" in page
    assert '<span class="figure">4</span><span class="what">violations</span>' in page
    assert "SPARQL endpoint" in page


def test_the_home_page_is_data_too(client: httpx.Client) -> None:
    body = client.get("/", headers={"Accept": "application/json"}).json()
    assert body["classes"] == {f"{BASE}limber/CustomerAccount": 1}


def test_the_home_page_counts_again_after_a_write(client: httpx.Client, store: EmbeddedStore) -> None:
    as_data = {"Accept": "application/json"}
    assert "urn:class" not in client.get("/", headers=as_data).json()["classes"]
    store.load(b"<urn:one> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:class> .\n")
    assert client.get("/", headers=as_data).json()["classes"]["urn:class"] == 1
    store.replace(remove=[Quad("<urn:one>", RDF_TYPE, "<urn:class>")], add=b"")
    assert "urn:class" not in client.get("/", headers=as_data).json()["classes"]


def test_pages_take_their_style_from_here(client: httpx.Client) -> None:
    response = client.get("/style.css")
    assert response.headers["content-type"].startswith("text/css")


def test_saved_queries_are_listed_with_their_parameters(client: httpx.Client) -> None:
    query, _ = client.get("/queries").json()
    assert query["href"] == "/queries/by-code"
    assert query["parameters"][0]["required"] is True
    assert "By code" in client.get("/queries", headers=HTML).text


def test_a_saved_query_is_run_with_its_parameters(client: httpx.Client) -> None:
    response = client.get("/queries/by-code", params={"code": "a/b:1"})
    assert response.json()["results"]["bindings"] == [{"thing": {"type": "uri", "value": ACCOUNT}}]
    page = client.get("/queries/by-code", params={"code": "a/b:1"}, headers=HTML)
    assert "1 row" in page.text
    assert client.get("/queries/by-code", params={"code": "a/b:1", "format": "csv"}).text.strip().endswith(ACCOUNT)


@pytest.mark.parametrize("code", ['x" } #', "x' ?p ?o . } SERVICE <urn:x> {", "\\", "$code", '"@en', "a\nb"])
def test_a_hostile_parameter_finds_nothing_and_breaks_nothing(client: httpx.Client, code: str) -> None:
    response = client.get("/queries/by-code", params={"code": code})
    assert response.status_code == 200
    assert response.json()["results"]["bindings"] == []


@pytest.mark.parametrize("params", [{}, {"code": ["a", "b"]}, {"code": "a", "other": "b"}])
def test_missing_double_and_unknown_parameters_are_refused(
    client: httpx.Client, params: dict[str, str | list[str]]
) -> None:
    response = client.get("/queries/by-code", params=params)
    assert response.status_code == 400
    assert "by-code" in response.json()["detail"]


def test_a_browser_gets_the_form_of_a_query_that_lacks_a_value(client: httpx.Client) -> None:
    page = client.get("/queries/by-code", headers=HTML)
    assert page.status_code == 200
    assert 'name="code"' in page.text


def test_an_unknown_saved_query_is_not_found(client: httpx.Client) -> None:
    assert client.get("/queries/none").status_code == 404


def test_findings_are_listed_with_exact_totals(client: httpx.Client) -> None:
    body = client.get("/reports").json()
    assert (body["total"], body["counts"]) == (7, {"Violation": 4, "Warning": 3, "Info": 0})
    assert len(body["findings"]) == 7
    first = body["findings"][0]
    assert (first["severity"], first["rule"], first["row"]) == ("Violation", "limber.CustomerAccount.rule1", 2)
    assert [finding["focusNode"] for finding in body["findings"] if finding["focusNode"]] == [ACCOUNT]


def test_findings_are_selected_and_paged(client: httpx.Client) -> None:
    body = client.get("/reports", params={"severity": "Violation", "limit": 3, "offset": 3}).json()
    assert (body["total"], len(body["findings"])) == (4, 1)
    rule = client.get("/reports", params={"rule": "limber.CustomerAccount.rule0"}).json()
    assert rule["total"] == 4
    hostile = client.get("/reports", params={"rule": '" } #'}).json()
    assert hostile["total"] == 0


def test_findings_have_a_page_with_escaped_messages(client: httpx.Client) -> None:
    page = client.get("/reports", params={"limit": 2}, headers=HTML).text
    assert "message &lt;b&gt;" in page
    assert "1 to 2 of 7" in page
    assert "offset=2" in page


@pytest.mark.parametrize(
    "params", [{"severity": "Bad"}, {"limit": "-1"}, {"limit": "5000"}, {"offset": "x"}, {"limit": "²"}]
)
def test_a_wrong_selection_of_findings_is_refused(client: httpx.Client, params: dict[str, str]) -> None:
    assert client.get("/reports", params=params).status_code == 400


def post(client: httpx.Client, word: str, kind: str = "application/json") -> httpx.Response:
    return client.post("/records", content=json.dumps(word), headers={**AUTHORIZED, "Content-Type": kind})


def test_a_stored_record_is_created_at_its_document(client: httpx.Client) -> None:
    response = post(client, "stored")
    assert response.status_code == 201
    assert response.headers["location"] == f"{BASE}limber/CustomerAccount/Z%C3%BCrich"
    assert response.json()["outcome"] == "stored"


@pytest.mark.parametrize("outcome", ["unchanged", "stale", "deleted", "checked"])
def test_other_outcomes_that_are_no_fault_are_answered_as_done(client: httpx.Client, outcome: str) -> None:
    response = post(client, outcome)
    assert (response.status_code, response.json()["outcome"]) == (200, outcome)


@pytest.mark.parametrize("outcome", ["quarantined", "rejected"])
def test_a_record_that_does_not_conform_is_answered_with_its_report(client: httpx.Client, outcome: str) -> None:
    response = post(client, outcome)
    assert (response.status_code, response.json()) == (422, {"conforms": False})


def test_a_record_that_cannot_be_read_is_a_problem(client: httpx.Client) -> None:
    response = post(client, "broken")
    assert response.status_code == 400
    assert response.json()["hint"] == "send all of it"


def test_a_form_of_a_foreign_page_brings_in_no_record(client: httpx.Client) -> None:
    assert post(client, "stored", "text/plain").status_code == 415


def test_a_body_that_is_too_long_or_too_deep_is_refused(client: httpx.Client) -> None:
    assert post(client, "x" * 40_000).status_code == 413
    headers = {**AUTHORIZED, "Content-Type": "application/json"}
    deep = client.post("/records", content="[" * 65 + '"["' + "]" * 65, headers=headers)
    assert (deep.status_code, deep.json()["detail"]) == (400, "the JSON is nested deeper than 64")


def test_records_cannot_be_read_back_by_get(client: httpx.Client) -> None:
    assert client.get("/records").status_code in (404, 405)
