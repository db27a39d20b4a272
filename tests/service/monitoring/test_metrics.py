"""What the log and the numbers tell of requests, and what they keep to themselves."""

from __future__ import annotations

import json
import logging
from hashlib import sha256

import httpx
import pytest

from graphmap.service.monitoring.trace_context import trace_of
from tests.service.conftest import AUTHORIZED, TOKEN

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.mark.parametrize(
    "header",
    [
        f"00-{TRACE}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-00",
        f"cc-{TRACE}-{PARENT}-01",
        f"cc-{TRACE}-{PARENT}-01-what.the-future-holds",
    ],
)
def test_a_trace_is_read_in_this_and_later_versions(header: str) -> None:
    found = trace_of([(b"traceparent", header.encode())])
    assert found == (TRACE, PARENT)


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-01-more",
        f"00-{TRACE}-{PARENT}",
        f"cc-{TRACE}-{PARENT}-01.more",
    ],
)
def test_a_trace_that_breaks_the_rules_is_none(header: str) -> None:
    assert trace_of([(b"traceparent", header.encode())]) is None


def test_a_trace_that_is_named_twice_is_none() -> None:
    header = (b"traceparent", f"00-{TRACE}-{PARENT}-01".encode())
    assert trace_of([header, header]) is None


def test_a_request_is_a_line_with_its_trace_and_without_text_or_token(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    query = "ASK { ?s ?p 'a secret of the house' }"
    headers = {**AUTHORIZED, "traceparent": f"00-{TRACE}-{PARENT}-01"}
    with caplog.at_level(logging.INFO, logger="graphmap.service.requests"):
        answer = client.get("/sparql", params={"query": query}, headers=headers)
        client.get("/healthz")  # on the same connection: the line before was written by then
    lines = [record.getMessage() for record in caplog.records if record.name == "graphmap.service.requests"]
    line = lines[0]
    told = json.loads(line)
    assert (told["trace"], told["parent"]) == (TRACE, PARENT)
    assert told["request"] == answer.headers["x-request-id"]
    assert len(told["request"]) == len(PARENT)
    assert told["query"] == sha256(query.encode()).hexdigest()[:16]
    assert (told["method"], told["path"], told["status"], told["slow"]) == ("GET", "/sparql", 200, False)
    assert "secret" not in line
    assert TOKEN not in line


def test_numbers_tell_of_requests_queries_and_the_store(client: httpx.Client) -> None:
    client.get("/sparql", params={"query": "ASK {}"})
    text = client.get("/metrics").text
    for name in (
        "graphmap_requests_total",
        "graphmap_query_seconds_bucket",
        "graphmap_query_bytes_total",
        "graphmap_queries_killed_total",
        "graphmap_checkpoint_age_seconds",
        "graphmap_store_quads",
        "graphmap_records_total",
        "graphmap_findings_total",
    ):
        assert f"\n# TYPE {name.removesuffix('_bucket')} " in f"\n{text}"
