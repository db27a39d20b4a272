"""The page about a record: fields in order, findings beside them, history, neighbourhood, the same as data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from urllib.parse import quote

import httpx
import pytest

from tests.ingest.builders import envelope
from tests.service.conftest import AUTHORIZED, BASE, Server
from tests.service.full import full_services

KAURI = f"{BASE}limber/CustomerAccount#1c01a7bf-b663-5c8b-8be8-e9821450be23"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        full_services(tmp_path_factory.mktemp("full")) as services,
        Server(services=services) as server,
        httpx.Client(base_url=server.address, timeout=20) as client,
    ):
        yield client


def page_of(site: httpx.Client, iri: str, **more: str) -> str:
    response = site.get("/resource", params={"iri": iri, **more}, headers=HTML)
    assert response.status_code == 200, response.text
    return response.text


def ask(site: httpx.Client, query: str) -> list[dict[str, dict[str, str]]]:
    rows: list[dict[str, dict[str, str]]] = site.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    return rows


def post(site: httpx.Client, message: dict[str, object]) -> httpx.Response:
    return site.post(
        "/records", content=json.dumps(message), headers={**AUTHORIZED, "Content-Type": "application/json"}
    )


def titles(page: str) -> list[str]:
    """Titles of the fields of the record itself."""
    return re.findall(r'<dt>(?:<details class="meaning"><summary[^>]*>)?([^<]+)', page)


def test_fields_have_their_titles_in_the_order_of_the_rules(site: httpx.Client) -> None:
    found = titles(page_of(site, f"{BASE}limber/CustomerAccount#Warehouse-42"))
    wanted = ["account code", "business partner", "customer number", "first name", "last name"]
    assert [name for name in found if name in wanted] == wanted


def test_each_field_tells_what_it_means_and_where_that_stands(site: httpx.Client) -> None:
    page = page_of(site, KAURI)
    assert "The code by which a customer account is told from every other." in page
    assert "page, Customer Account, row accountCode" in page


def test_embedded_things_are_unfolded_and_linked_by_names_alone(site: httpx.Client) -> None:
    page = page_of(site, KAURI)
    assert "Kauri Rise Homes" in page
    assert "accounts@kauririse.example" in page
    texts = re.findall(r'<a href="/resource[^>]*><bdi>([^<]*)</bdi></a>', page)
    assert texts
    assert not [text for text in texts if "://" in text]


def test_a_finding_stands_beside_its_field_with_what_to_do(site: httpx.Client) -> None:
    (row, *_) = ask(
        site,
        f"""PREFIX sh: <http://www.w3.org/ns/shacl#>
        SELECT ?thing ?message {{ GRAPH <{BASE}graph/reports> {{ ?f sh:resultSeverity sh:Warning ; sh:focusNode ?thing ;
          sh:resultMessage ?message ; sh:resultPath ?path FILTER(STRSTARTS(STR(?path), "{BASE}warehouse/")) }} }}
        ORDER BY ?f""",
    )
    flagged = page_of(site, row["thing"]["value"]).split('class="flagged Warning"')[1]
    assert escape(row["message"]["value"]) in flagged
    assert '<p class="fix">' in flagged
    assert "All findings of this rule" in flagged


def test_what_links_here_is_counted_first_and_listed_when_asked_for(site: httpx.Client) -> None:
    country = f"{BASE}limber/Country#NZ"
    page = page_of(site, country)
    assert re.search(r"country: <a [^>]*>\d+ things</a>", page)
    listed = page_of(site, country, links=f"{BASE}limber/country")
    assert "By country" in listed
    assert len(listed) < len(page) + 60 * 400


def test_what_alone_links_here_stands_there_by_name(site: httpx.Client) -> None:
    asked = f"""SELECT ?from ?to {{ ?from <{BASE}limber/businessPartner> ?to . ?from <{BASE}limber/accountCode> ?code
      FILTER NOT EXISTS {{ ?other <{BASE}limber/businessPartner> ?to FILTER(?other != ?from) }} }} LIMIT 1"""
    (row, *_) = ask(site, asked)
    page = page_of(site, row["to"]["value"])
    links = page.split('id="links"')[1]
    assert quote(row["from"]["value"], safe="") in links.split("</ul>")[0]
    assert "1 thing<" not in links


def test_the_history_tells_of_versions_refusals_and_deletions(site: httpx.Client) -> None:
    key = "history"
    for message in (
        envelope(key, version=1, salesRepName="Ada"),
        envelope(key, version=2, salesRepName="Grace"),
        envelope(key, version=1, salesRepName="late"),
    ):
        post(site, message)
    page = page_of(site, f"{BASE}limber/CustomerAccount#{key}")
    chips = re.findall(r'<span class="chip (\w+)">', page.split('id="history"')[1])
    assert sorted(chips) == ["stale", "stored", "stored"]
    assert "customer-account" in page
    changed = page.split("What changed after this state")[1]
    assert "<bdi>salesRepName: Ada</bdi>" in changed
    assert "<bdi>salesRepName: Grace</bdi>" in changed


def test_a_message_that_was_set_aside_is_told_of_on_the_page_of_what_is_stored(site: httpx.Client) -> None:
    key = "aside"
    post(site, envelope(key, version=1))
    refused = post(site, envelope(key, version=2, accountCode=["a", "b"]))
    assert refused.status_code == 422
    page = page_of(site, f"{BASE}limber/CustomerAccount#{key}")
    assert "A message about this is in quarantine." in page
    assert "What is shown here is what was stored before it." in page
    assert re.search(r'href="/quarantine/[0-9a-f]{32}"', page)


def test_of_what_was_only_set_aside_the_page_tells_why_and_links_no_data(site: httpx.Client) -> None:
    key = "only-aside"
    assert post(site, envelope(key, accountCode=["a", "b"])).status_code == 422
    page = page_of(site, f"{BASE}limber/CustomerAccount#{key}")
    assert "Nothing of it is stored." in page
    assert "accountCode has too many values" in page
    assert "format=turtle" not in page.split("<main")[1]


def test_a_record_begins_with_the_way_to_each_field_that_does_not_fit(site: httpx.Client) -> None:
    flagged = f"""PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?thing {{ GRAPH <{BASE}graph/reports> {{
      ?f sh:resultSeverity sh:Warning ; sh:focusNode ?thing ; sh:resultPath <{BASE}warehouse/email> }} }} LIMIT 1"""
    (row, *_) = ask(site, flagged)
    page = page_of(site, row["thing"]["value"])
    (place,) = re.findall(r'<a class="chip Warning" href="#(field-\d+)">Warning: e-mail</a>', page)
    assert "ann@example.org" in page.split(f'id="{place}"')[1][:900]


def test_what_is_part_of_a_record_is_told_in_the_words_of_the_ontology_first(site: httpx.Client) -> None:
    (row, *_) = ask(site, f"SELECT ?thing {{ ?thing a <{BASE}limber/BusinessPartner> }} ORDER BY ?thing LIMIT 1")
    page = page_of(site, row["thing"]["value"])
    assert page.index(">Business partner</bdi>") < page.index(">Agent</bdi>")
    assert page.index("follow from the ontology") < page.index("<dt>identifier</dt>")


def test_the_message_as_received_and_turtle_stand_side_by_side(site: httpx.Client) -> None:
    page = page_of(site, KAURI, view="source")
    assert "JSON as received" in page
    assert "&#34;schemaName&#34;: &#34;limber&#34;" in page
    turtle = page.split('id="turtle"')[1]
    assert "limber:accountCode" in turtle
    assert "payload" not in turtle
    assert "schemaName" not in site.get("/resource", params={"iri": KAURI, "format": "turtle"}).text


def test_what_was_no_message_stands_as_json_ld_beside_turtle(site: httpx.Client) -> None:
    (row, *_) = ask(site, f"SELECT ?thing {{ ?thing a <{BASE}warehouse/dim_customer> }} ORDER BY ?thing LIMIT 1")
    page = page_of(site, row["thing"]["value"], view="source")
    assert '<h2 id="json">JSON-LD</h2>' in page
    assert "&#34;@context&#34;" in page


@pytest.mark.parametrize(
    ("name", "kind"),
    [("turtle", "text/turtle"), ("jsonld", "application/ld+json"), ("json", "application/json"), ("csv", "text/csv")],
)
def test_each_format_that_a_record_page_links_can_be_had(site: httpx.Client, name: str, kind: str) -> None:
    response = site.get("/resource", params={"iri": KAURI, "format": name})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(kind)
    assert "NordErp-510001" in response.text


def test_the_neighbourhood_is_a_picture_with_links(site: httpx.Client) -> None:
    picture = page_of(site, KAURI).split('<svg class="graph"')[1].split("</svg>")[0]
    assert "<title>customer status: Active</title>" in picture
    assert "style=" not in picture


def test_a_page_of_a_record_is_small(site: httpx.Client) -> None:
    assert len(page_of(site, KAURI).encode()) < 60_000
