"""A record from outside is checked in bounded time, whatever it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphmap.ingest import load_knowledge
from graphmap.ingest.check import RecordCheck
from graphmap.workspace import read_workspace

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def check() -> RecordCheck:
    workspace = read_workspace(ROOT)
    return RecordCheck(load_knowledge(workspace))


def message() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(min((ROOT / "samples").glob("*.json")).read_bytes())
    return found


@pytest.mark.parametrize("number", [200, 5000])
def test_values_that_are_combined_with_each_other_are_refused_before_they_are_made(
    check: RecordCheck, number: int
) -> None:
    record = message()
    payer = record["data"]["payer"]
    identities = [{"integrationKey": "A", "externalId": str(each)} for each in range(number)]
    (payer[0] if isinstance(payer, list) else payer)["externalIdentities"] = [identities]
    report: Any = check.record(json.dumps(record).encode()).report
    assert report["outcome"] == "violates"
    assert report["findings"][0]["message"] == "The record gives more terms than one record may"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"a":"\xff"}', b"[" * 100_000, b"1e", b"nul"])
def test_what_is_no_json_is_said(check: RecordCheck, body: bytes) -> None:
    assert check.record(body).trouble.startswith("the body is not JSON")


@pytest.mark.parametrize("body", [b"null", b"1", b'"text"', b"[]", b'[{"a": [1e15]}, 1e15]', b"{}"])
def test_json_that_is_no_record_is_a_finding(check: RecordCheck, body: bytes) -> None:
    report: Any = check.record(body).report
    assert report["outcome"] == "violates"
