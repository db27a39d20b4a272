"""Records that were found outside, in the place where they lie, through the shipped example."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphmap.ingest import Knowledge, load_knowledge
from graphmap.ingest.check import InputCheck, check_files
from graphmap.ingest.load import load_files
from graphmap.store import EmbeddedStore
from graphmap.validation.report import Report
from graphmap.workspace import read_workspace

CASES = Path(os.environ.get("GRAPHMAP_CASES", Path(__file__).parents[3] / "shared" / "cases")) / "records"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not beside the checkout: {CASES}")

MOMENT = '"2026-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'

# what the README says by its outcome -> rule and pointer of each finding that a file must have
FINDINGS: dict[str, set[tuple[str, str, str]]] = {
    "attributevalue-collision.json": set(),
    "externalid-collision.json": set(),
    "country_of_birth-name.csv": set(),
    "payer-elsewhere.json": {("Violation", "limber.CustomerAccount.payer.internal", "/data/payer")},
    "payer-embedded-not-in-collection.json": {
        ("Violation", "limber.CustomerAccount.payer.internal", "/data/payer"),
    },
    "ts-no-zone.csv": {
        ("Violation", "warehouse.dim_customer.last_updated.typePattern", "/last_updated"),
    },
}
OPEN = {
    "customerStatus-ref-uniqueText-only.json": "a reference still owes the code of its target",
    "customerStatus-ref-no-keys.json": "a reference still owes the code of its target",
    "customerCategory-ref-uniqueText-only.json": "a reference still owes the code of its target",
    "extension-no-uniqueText.json": "an object without uniqueText has no IRI yet",
    "partner-code-only.json": "a partner with a code alone still gets the code's IRI",
    "text-for-class.json": "a text where an object is due is only listed as unread",
}


def told() -> dict[str, str]:
    """The outcome of each file by the table of the README."""
    text = (CASES.parent / "README.md").read_text(encoding="utf-8")
    rows = [
        line.split("|")[1:3]
        for line in text.splitlines()
        if line.startswith("| ") and ("json" in line or "csv" in line)
    ]
    return {
        name: outcome.split()[0].rstrip(";,") for files, outcome in rows for name in re.findall(r"[\w-]+\.\w+", files)
    }


@pytest.fixture(scope="module")
def knowledge(root: Path) -> Knowledge:
    return load_knowledge(read_workspace(root))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "store")
    yield opened
    opened.close()


def report_of(name: str, knowledge: Knowledge) -> Report:
    gathering = InputCheck(knowledge.engine)
    check_files([str(CASES / name)], knowledge, gathering)
    return gathering.report()


def cases() -> list[object]:
    """Every file there is, the open ones marked so that a mended one is noticed."""
    names = sorted(path.name for path in CASES.iterdir()) if CASES.is_dir() else []
    return [
        pytest.param(
            name,
            marks=[pytest.mark.xfail(reason=OPEN[name], raises=AssertionError, strict=True)] if name in OPEN else [],
            id=name,
        )
        for name in names
    ]


@pytest.mark.parametrize("name", cases())
def test_a_record_has_the_outcome_of_the_readme(name: str, knowledge: Knowledge, store: EmbeddedStore) -> None:
    expected = told()[name]
    loaded = load_files([str(CASES / name)], knowledge, store, moment=MOMENT)
    assert dict(loaded.outcomes) == {expected: 1}
    found = {(each.severity, each.rule, each.pointer) for each in report_of(name, knowledge).findings}
    assert found == FINDINGS.get(name)


def test_all_cases_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    names = {path.name for path in CASES.iterdir()}
    with capsys.disabled():
        print(f"\ncases/records: {len(names) - len(OPEN)} of {len(names)} as the README says")  # noqa: T201  # CI is to show how many ran
    assert names == set(told()) == set(FINDINGS) | set(OPEN)


@pytest.mark.parametrize(
    ("name", "class_name", "keys"),
    [
        ("attributevalue-collision.json", "AttributeValue", {"Division:00", "DistributionChannel:00"}),
        ("externalid-collision.json", "ExternalID", {"CustomerAccount-SAP%2DS4-1", "CustomerAccount-SAP-S4%2D1"}),
    ],
)
def test_nodes_that_once_met_are_two(
    name: str, class_name: str, keys: set[str], knowledge: Knowledge, store: EmbeddedStore
) -> None:
    load_files([str(CASES / name)], knowledge, store, moment=MOMENT)
    dump = io.BytesIO()
    store.dump(dump)
    nodes = set(re.findall(rf"limber/{class_name}#([^>]*)>", dump.getvalue().decode()))
    assert keys <= nodes
