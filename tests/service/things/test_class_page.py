"""The page about a class: its things filtered, sorted and paged, its code lists counted, its rules in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.service.conftest import BASE, Server
from tests.service.full import full_services

CUSTOMER = f"{BASE}warehouse/dim_customer"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        full_services(tmp_path_factory.mktemp("classes")) as services,
        Server(services=services) as server,
        httpx.Client(base_url=server.address, timeout=20) as client,
    ):
        yield client


def page_of(site: httpx.Client, **params: str) -> str:
    response = site.get("/resource", params={"iri": CUSTOMER, **params}, headers=HTML)
    assert response.status_code == 200, response.text
    return response.text


def total(page: str) -> int:
    (number,) = re.findall(r'<h2 id="things">([\d\u202f]+) thing', page)
    return int(number.replace("\u202f", ""))


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*><bdi>([^<]+)', page.split('id="lists"', maxsplit=1)[0])


def test_rules_are_told_in_words_by_field(site: httpx.Client) -> None:
    page = page_of(site)
    assert "customer_status is expected to be one of PROSPECT, MEMBER, FORMER_MEMBER" in page
    assert "/reports?rule=warehouse.dim_customer.customer_status.in" in page
    assert "the record as a whole" in page


def test_code_lists_tell_how_often_each_value_occurs(site: httpx.Client) -> None:
    page = page_of(site)
    counted = sum(total(page_of(site, customer_status=value)) for value in ("PROSPECT", "MEMBER", "FORMER_MEMBER"))
    assert 0 < counted <= total(page)
    assert "The person had a valid contract, which has ended." in page


def test_things_are_filtered_by_code_lists(site: httpx.Client) -> None:
    page = page_of(site, customer_status="PROSPECT", country="DE")
    rows = re.findall(r'data-label="customer status"><bdi>(\w*)', page)
    assert rows
    assert set(rows) == {"PROSPECT"}
    assert total(page) == len(rows) or total(page) > 50
    assert "that match" in page


def test_things_are_sorted_by_name_both_ways(site: httpx.Client) -> None:
    ordered = names(page_of(site, sort="label"))
    assert ordered == sorted(ordered)
    assert len(ordered) == 50
    backwards = names(page_of(site, sort="-label"))
    assert backwards == sorted(backwards, reverse=True)
    assert set(ordered) != set(backwards)


def test_pages_of_things_follow_one_another_and_keep_the_filter(site: httpx.Client) -> None:
    seen: list[str] = []
    params = {"sort": "label", "customer_status": "MEMBER"}
    for offset in range(0, total(page_of(site, **params)), 50):
        page = page_of(site, **params, offset=str(offset))
        seen += names(page)
    assert len(seen) == len(set(seen)) == total(page)
    assert "customer_status=MEMBER" in page_of(site, **params).split('rel="next"')[1].split(">")[0]


def test_a_wrong_order_is_refused_and_a_wrong_value_finds_nothing(site: httpx.Client) -> None:
    assert site.get("/resource", params={"iri": CUSTOMER, "sort": "x"}, headers=HTML).status_code == 400
    hostile = page_of(site, customer_status='MEMBER" } #')
    assert "Nothing matches." in hostile


def test_the_things_can_be_had_as_a_table(site: httpx.Client) -> None:
    response = site.get("/resource", params={"iri": CUSTOMER, "format": "csv", "customer_status": "MEMBER"})
    lines = response.text.strip().splitlines()
    assert response.headers["content-type"].startswith("text/csv")
    assert 10 < len(lines) <= 51
    assert all("MEMBER" in line for line in lines[1:])


def test_a_class_without_things_says_what_is_asked_of_them(site: httpx.Client) -> None:
    page = site.get("/resource", params={"iri": f"{BASE}warehouse/fct_revenue"}, headers=HTML)
    assert page.status_code == 200
    assert "There are no things of this kind." in page.text


def test_the_ontology_around_a_class_is_a_picture(site: httpx.Client) -> None:
    page = site.get("/resource", params={"iri": f"{BASE}limber/CustomerAccount"}, headers=HTML).text
    picture = page.split('<svg class="graph"')[1].split("</svg>")[0]
    assert "Business partner" in picture


def test_a_page_of_a_class_is_small(site: httpx.Client) -> None:
    assert len(page_of(site).encode()) < 100_000
