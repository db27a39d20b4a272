"""References of rows, which no row proves: told as the engine tells them of documents, in any order of the inputs."""

from __future__ import annotations

import json
import random
import sys
from contextlib import closing
from pathlib import Path

import pytest

from graphmap.derivation import Reading, derive, write
from graphmap.ingest import Knowledge, load_knowledge
from graphmap.ingest.check import InputCheck, check_files, check_store
from graphmap.ingest.check.references import Link, LinkLog
from graphmap.ingest.load import load_files
from graphmap.provenance import now
from graphmap.rules import load_rules
from graphmap.store import EmbeddedStore
from graphmap.validation.report import Finding
from graphmap.workspace import read_workspace

SEEDS = (1, 2, None)
"""Seeds of worlds; `None` is a fresh one each run, drawn in the test, so that all processes collect the same tests."""
RULES = """
id: https://yard.example/schema
name: yard
prefixes: {{linkml: https://w3id.org/linkml/, yard: https://yard.example/schema#}}
default_prefix: yard
imports: [linkml:types]
classes:
  {place}:
    attributes:
      code: {{identifier: true}}
  {harbour}:
    is_a: {place}
  {crate}:
    attributes:
      code: {{identifier: true}}
      {at}: {{range: {place}, required: true}}
      {home}: {{range: {harbour}}}
      {inside}: {{range: {crate}}}
      {mark}: {{range: {place}, required: true}}
"""
SH = "http://www.w3.org/ns/shacl#"
ROLES = ("place", "harbour", "crate", "at", "home", "inside", "mark")


def seed_of(seed: int | None) -> int:
    """The seed, or a fresh one, which is printed where the test fails."""
    found = random.SystemRandom().randrange(10**6) if seed is None else seed
    sys.stderr.write(f"seed {found}\n")
    return found


class Yard:
    """A world of one seed, its classes read as rows or as documents."""

    def __init__(self, root: Path, seed: int) -> None:
        self.chance = chance = random.Random(seed)
        self.root = root
        self.names = {role: f"{role.title() if role in ROLES[:3] else role}{chance.randrange(100)}" for role in ROLES}
        self.classes = [self.names[role] for role in ROLES[:3]]
        codes = [f"k{each}" for each in range(8)]
        known, missing = codes[:6], codes
        fields = [self.names[role] for role in ROLES[3:]]
        self.rows: dict[str, list[dict[str, str]]] = {
            self.classes[0]: [{"code": each} for each in known[:3]],
            self.classes[1]: [{"code": each} for each in known[3:]],
            self.classes[2]: [
                {"code": each, **{role: self._place(known, missing) for role in fields}} for each in known
            ],
        }
        for row in self.rows[self.classes[2]]:
            if chance.random() < 0.3:
                row[self.names["mark"]] = ""
            if chance.random() < 0.3:
                row[self.names["inside"]] = row["code"]

    def _place(self, known: list[str], missing: list[str]) -> str:
        return self.chance.choice(missing if self.chance.random() < 0.5 else known)

    def knowledge(self, kind: str) -> Knowledge:
        """A workspace whose sources are all of one kind."""
        root = self.root / kind
        (root / "rules").mkdir(parents=True)
        sources = "".join(f'[sources.{each}]\nkind = "{kind}"\nclass = "{each}"\n' for each in self.classes)
        (root / "graphmap.toml").write_text(f'base = "https://yard.example/"\n{sources}', encoding="utf-8")
        (root / "rules" / "yard.yaml").write_text(RULES.format(**self.names), encoding="utf-8")
        readings = {each: Reading(kind=kind) for each in self.classes}
        write(derive(load_rules(root / "rules"), "https://yard.example/", readings), root)
        return load_knowledge(read_workspace(root))

    def files(self, kind: str) -> list[tuple[str, str]]:
        """A file and its source for each class."""
        found = []
        for name, rows in self.rows.items():
            path = self.root / kind / f"{name}.in"
            header = list(rows[0])
            lines = [",".join(header), *(",".join(row[each] for each in header) for row in rows)]
            documents = [json.dumps({key: each for key, each in row.items() if each}) for row in rows]
            path.write_text("\n".join(lines if kind == "table" else documents) + "\n", encoding="utf-8")
            found.append((str(path), name))
        return found


def told(findings: list[Finding]) -> list[tuple[object, ...]]:
    return sorted(
        (Path(each.source or "").name, each.row or 0, each.pointer or "", each.rule or "", each.value, each.message)
        for each in findings
    )


def checked(knowledge: Knowledge, files: list[tuple[str, str]]) -> list[tuple[object, ...]]:
    gathering = InputCheck(knowledge.engine)
    for name, source in files:
        check_files([name], knowledge, gathering, source=source)
    return told(list(gathering.report().findings))


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_are_told_as_documents_in_any_order(seed: int | None, tmp_path: Path) -> None:
    yard = Yard(tmp_path, seed_of(seed))
    rows, documents = yard.knowledge("table"), yard.knowledge("documents")
    files = yard.files("table")
    expected = checked(documents, yard.files("documents"))
    assert checked(rows, files) == expected
    yard.chance.shuffle(files)
    assert checked(rows, files) == expected
    assert seed is None or any("class" in str(each[3]) for each in expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_store_has_the_same_findings_in_any_order_of_loading(seed: int | None, tmp_path: Path) -> None:
    yard = Yard(tmp_path, seed_of(seed))
    knowledge, files = yard.knowledge("table"), yard.files("table")
    left = []
    for number in range(2):
        with closing(EmbeddedStore(tmp_path / f"store{number}")) as store:
            for name, source in files:
                load_files([name], knowledge, store, moment=now(), source=source)
            noted = store.select(
                f"SELECT ?value {{ GRAPH {knowledge.workspace.layout.reports} {{ ?f <{SH}value> ?value ; "
                f"<{SH}sourceConstraintComponent> <{SH}ClassConstraintComponent> }} }}"
            )
            values = {str(value) for (value,) in noted}
            gathering = InputCheck(knowledge.engine)
            check_store(store, knowledge, gathering)
            found = [each for each in gathering.report().findings if each.component == "ClassConstraintComponent"]
            left.append(sorted(str(each.value) for each in found))
            assert set(left[-1]) <= values
        files.reverse()
    assert left[0] == left[1]


def test_links_come_back_in_order_from_memory_and_from_a_file() -> None:
    def nobody(_: Link) -> None:
        return None

    log = LinkLog(in_memory=3)
    links = [Link("<s>", f"<v{each}>", "<f>", "x.csv", each, nobody) for each in range(10)]
    for each in links:
        log.append(each)
    assert list(log) == links
    assert list(log) == links
    log.close()
