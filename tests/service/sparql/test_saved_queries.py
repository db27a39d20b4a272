from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from graphmap.errors import CallError
from graphmap.saved_queries import read_query
from graphmap.service.dependencies import Knowledge
from graphmap.service.http.pagination import Page, page_of, paged
from graphmap.service.sparql.saved_queries import _values
from graphmap.store import EmbeddedStore, parse_query
from tests.growth import BOUND, growth
from tests.service.conftest import ACCOUNT, Server, services_over


def test_a_page_without_an_order_is_ordered_by_its_variables() -> None:
    query = parse_query("SELECT ?b (COUNT(?x) AS ?a) { ?b ?p ?x } GROUP BY ?b")
    assert paged(query, Page(limit=10, offset=5)).endswith("ORDER BY ?a ?b LIMIT 10 OFFSET 5")
    star = parse_query("SELECT * { ?s ?p ?o }")
    assert paged(star, Page(limit=1)).endswith("ORDER BY ?o ?p ?s LIMIT 1 OFFSET 0")


def test_an_order_of_its_own_stays() -> None:
    query = parse_query("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 3 } } ORDER BY DESC(?s)")
    assert paged(query, Page(limit=2)).count("ORDER BY") == 1


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o } LIMIT 3", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_what_has_no_pages_says_so(text: str) -> None:
    with pytest.raises(CallError, match="no pages"):
        paged(parse_query(text), Page(limit=1))


@pytest.mark.parametrize("values", [{"limit": "0"}, {"limit": "x"}, {"limit": "20000"}, {"offset": "-1"}])
def test_a_page_out_of_bounds_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(CallError):
        page_of(values)


def rows(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["thing"]["value"] for row in response.json()["results"]["bindings"]]


def test_pages_follow_one_another_until_the_last(client: httpx.Client) -> None:
    seen, path = [], "/queries/by-label?limit=1"
    while path:
        response = client.get(path)
        seen += rows(response)
        path = response.links.get("next", {}).get("url", "")
    assert len(seen) == 2
    assert seen == sorted(set(seen))


def test_a_query_without_rows_is_not_found_where_that_was_asked_for(client: httpx.Client) -> None:
    assert client.get("/queries/by-code", params={"code": "none"}).status_code == 200
    assert client.get("/queries/by-code", params={"code": "none", "empty": "404"}).status_code == 404
    assert client.get("/queries/by-code", params={"code": "a/b:1", "empty": "404"}).status_code == 200


def test_rows_come_as_lines_of_json_too(client: httpx.Client) -> None:
    response = client.get("/queries/by-code", params={"code": "a/b:1"}, headers={"Accept": "application/x-ndjson"})
    assert [json.loads(line) for line in response.text.splitlines()] == [{"thing": ACCOUNT}]
    counted = client.get("/sparql", params={"query": "SELECT (1 AS ?n) (true AS ?b) {}", "format": "ndjson"})
    assert json.loads(counted.text) == {"n": 1, "b": True}


def test_the_end_of_the_path_may_name_the_format(client: httpx.Client) -> None:
    response = client.get("/queries/by-code.csv", params={"code": "a/b:1"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert client.get("/queries/by-code.pdf").status_code == 404


def test_a_parameter_of_a_query_itself_asks_for_no_format(store: EmbeddedStore, tmp_path: Path) -> None:
    text = "# title: By output\n# param: output string -- what\nSELECT ?thing { ?thing ?p $output }"
    query = read_query(text, name="by-output", source="by-output.rq")
    services = services_over(store, tmp_path, read_knowledge=lambda: Knowledge(queries={"by-output": query}))
    with Server(services=services) as running, httpx.Client(base_url=running.address) as client:
        assert len(rows(client.get("/queries/by-output", params={"output": "a/b:1"}))) >= 1
        assert rows(client.get("/queries/by-output", params={"output": "csv"})) == []
        asked = client.get("/queries/by-output", params={"output": "xml", "results": "csv"})
        assert asked.headers["content-type"] == "text/csv; charset=utf-8"


def test_reading_parameters_takes_time_in_proportion_to_their_number() -> None:
    query = read_query("# title: All\nSELECT * { ?s ?p ?o }", name="all", source="all.rq")

    def work(address: str) -> None:
        _values(Request({"type": "http", "query_string": address.encode()}), query)

    assert growth(work, lambda size: "&".join(f"a{number}=" for number in range(size)), 200) < BOUND


def test_other_names_for_the_format_are_no_values_of_a_query(client: httpx.Client) -> None:
    for asked in ({"output": "csv"}, {"results": "text/csv"}, {"format": "nonsense", "output": "csv"}):
        response = client.get("/queries/by-code", params={"code": "a/b:1", **asked})
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
