"""Schemas that others wrote: each is read and derived whole, and an example of records goes through to findings."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from benchmarks.peers import LINKML, PEERS_FOLDER, is_ready
from graphmap.derivation import derive
from graphmap.rules import check, ledger, load_rules
from tests.derivation.worlds import world_of


def public_schemas() -> list[Path]:
    """The schemas in the wheels of linkml-runtime and, where `python -m benchmarks.peers` has set it up, of linkml."""
    found = importlib.util.find_spec("linkml_runtime")
    places = [] if found is None or found.origin is None else [Path(found.origin).parent]
    if is_ready(LINKML):
        places += (PEERS_FOLDER / LINKML.name / "lib").glob("python*/site-packages/linkml")
    each = [file for place in places for file in sorted(place.rglob("*.yaml"))]
    return [
        file for file in each if re.search(r"^(id|classes|enums|types|slots):", file.read_text("utf-8"), re.MULTILINE)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("file", public_schemas(), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_public_schema_reads_and_derives(file: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    (rules / "linkml").mkdir(parents=True)
    for each in file.parent.glob("*.yaml"):
        folder = rules if each == file else rules / "linkml"
        (folder / each.name).write_bytes(each.read_bytes())
    book = load_rules(rules)
    assert check(book) == []
    for path, text in derive(book, "https://x.example/").items():
        if path.endswith(".ttl"):
            assert list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)) != []
    for entry in ledger(book):
        for fate in (entry.fates.ontology, entry.fates.shapes, entry.fates.mapping):
            assert fate.partition(": ")[0] in ("exact", "approximated", "dropped")


def test_there_are_public_schemas_to_read() -> None:
    pytest.importorskip("linkml_runtime", reason="linkml-runtime is not installed", exc_type=ImportError)
    assert len(public_schemas()) >= 10


def test_the_organisation_example_derives(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "organization.yaml").write_bytes((shared / "cases/documents/linkml/organization.yaml").read_bytes())
    files = derive(load_rules(tmp_path), "https://x.example/")
    assert "mappings/organization.employee.ttl" in files


def test_people_go_from_the_schema_to_findings(shared: Path, tmp_path: Path) -> None:
    folder = shared / "cases" / "documents" / "linkml"
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "personinfo.yaml").write_bytes((folder / "personinfo.yaml").read_bytes())
    made = world_of(tmp_path, load_rules(tmp_path / "rules"))
    text = (folder / "example_personinfo_data.yaml").read_text(encoding="utf-8")
    data = json.loads(json.dumps(yaml.load(text, Loader=yaml.BaseLoader)))  # noqa: S506  # builds texts alone
    recommended = {"Person.telephone.recommended", "Person.age.recommended"}
    assert made.broken([("Container", data)]) == {"WithLocation.in_location.class"} | recommended
    data["places"] = [{"id": "GEO:1234", "name": "here"}]
    assert made.broken([("Container", data)]) == recommended
    data["persons"][0] |= {"telephone": "no digits", "age": "1000"}
    data["persons"][1]["has_familial_relationships"][0]["type"] = "FRIEND_OF"
    del data["organizations"][0]["name"]
    assert made.broken([("Container", data)]) - recommended == {
        "Person.telephone.pattern",
        "Person.age.maxInclusive",
        "FamilialRelationship.type.in",
        "NamedThing.name.minCount",
    }
