from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.rows import COLUMNS


def _envelopes(samples: Path) -> list[dict[str, Any]]:
    single = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(samples.glob("*.json"))]
    lines = (samples / "accounts.jsonl").read_text(encoding="utf-8").splitlines()
    return single + [json.loads(line) for line in lines]


def _rows(samples: Path) -> list[dict[str, str]]:
    with (samples / "dim_customer.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_there_are_twenty_rows_or_more_in_the_columns_of_the_page(samples: Path) -> None:
    rows = _rows(samples)
    assert len(rows) >= 20
    assert tuple(rows[0]) == COLUMNS


def test_each_envelope_is_about_an_account_of_its_own(samples: Path) -> None:
    iris = [envelope["dataId"]["iri"] for envelope in _envelopes(samples)]
    codes = [envelope["data"]["accountCode"] for envelope in _envelopes(samples)]
    assert len(set(iris)) == len(iris) == len(set(codes))


def test_two_accounts_name_a_customer_of_the_warehouse(samples: Path) -> None:
    numbers = {row["customer_id"] for row in _rows(samples)}
    named = {
        identity["externalId"]
        for envelope in _envelopes(samples)
        for identity in envelope["dataId"].get("externalIdentities", [])
        if identity["integrationKey"] == "Warehouse"
    }
    assert len(named) == 2
    assert named <= numbers


@pytest.mark.parametrize("text", ["ü", "\n", '"', "\\", "さ", "Π", "ي", "С", "\U0001f3d7"])
def test_hard_characters_stand_in_the_samples(samples: Path, text: str) -> None:
    values = json.dumps([_envelopes(samples), _rows(samples)], ensure_ascii=False)
    assert json.dumps(text, ensure_ascii=False)[1:-1] in values


def test_no_value_of_the_page_s_own_message_is_copied(samples: Path, shared: Path) -> None:
    page = next((shared / "seeds").glob("004_*.txt")).read_text(encoding="utf-8")
    ours = {envelope["data"]["uniqueText"] for envelope in _envelopes(samples)}
    ours |= {envelope["data"]["accountCode"] for envelope in _envelopes(samples)}
    assert not [value for value in ours if value in page]
