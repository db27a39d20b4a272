"""Members and columns that no rule reads, as a source says."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmap.errors import ConfigurationError
from graphmap.ingest import load_files
from graphmap.ingest.admin.quarantine import quarantined_records
from graphmap.ingest.check import InputCheck, RecordCheck, check_files
from graphmap.ingest.check.unread_rule import UnreadRule
from graphmap.provenance import now
from graphmap.store import EmbeddedStore
from graphmap.validation.report import Report
from graphmap.workspace import read_workspace
from tests.ingest import worlds
from tests.ingest.worlds import World

_MODES = {"ignore": (0, None), "warn": (1, "Warning"), "fail": (2, "Violation")}
"""What a source says, to the findings of two records that have one unread value each, and their severity."""


def saying(world: World, mode: str | None) -> World:
    """The world, each source of which says what unread values mean."""
    file = world.root / "graphmap.toml"
    said = "" if mode is None else f'unread = "{mode}"\n'
    file.write_text(file.read_text(encoding="utf-8").replace('kind = "', f'{said}kind = "'), encoding="utf-8")
    return world


def report_on(world: World, *names: str) -> Report:
    knowledge = world.knowledge()
    gathering = InputCheck(knowledge.engine)
    check_files(names, knowledge, gathering)
    return gathering.report()


def shop(tmp_path: Path, mode: str | None) -> tuple[World, str]:
    world = saying(worlds.shop(tmp_path / "shop", 1), mode)
    rows = [["1", "Ann", "2020-01-02", "red"], ["2", "Bob", "2020-01-02", ""], ["3", "Cy", "2020-01-02", "blue"]]
    return world, world.table("owners.csv", ["id", "label", "since", "colour"], rows)


def feed(tmp_path: Path, mode: str | None) -> tuple[World, str]:
    world = saying(worlds.feed(tmp_path / "feed", 1), mode)
    title = world.names["title"]
    entries = [
        {"key": "a", "title": "A", f"{title}s": 1},
        {"key": "b", "title": "B"},
        {"key": "c", "title": "C", f"{title}s": 2},
    ]
    return world, world.write("feed.json", worlds.document(world, entries))


@pytest.mark.parametrize("mode", [*_MODES, None])
@pytest.mark.parametrize("made", [shop, feed])
def test_a_source_says_what_an_unread_value_means(tmp_path: Path, made: object, mode: str | None) -> None:
    assert callable(made)
    world, name = made(tmp_path, mode)
    found = report_on(world, name)
    count, severity = _MODES[mode or "warn"]
    assert Counter(each.severity for each in found.findings) == ({severity: count} if count else {})
    assert bool(found.unread) == (mode != "ignore")
    if mode in ("warn", None):
        (finding,) = found.findings
        assert (finding.row, finding.source) == (1, name)
        assert ", in 2 records;" in str(finding.message)
    if mode == "fail":
        assert [each.row for each in found.findings] == [1, 3]


def test_a_near_name_is_proposed(tmp_path: Path) -> None:
    world, name = feed(tmp_path, None)
    (finding,) = report_on(world, name).findings
    assert f"did you mean {world.names['title']}?" in str(finding.message)
    assert finding.pointer == f"/{world.names['title']}s"


def test_a_record_that_fails_is_quarantined_and_the_others_are_stored(tmp_path: Path) -> None:
    world, name = shop(tmp_path, "fail")
    store = EmbeddedStore(world.root / "store")
    outcomes = load_files([name], world.knowledge(), store, moment=now()).outcomes
    assert dict(outcomes) == {"stored": 1, "quarantined": 2}
    assert len(quarantined_records(store, world.knowledge().workspace.layout, ())) == 2
    store.close()


def test_a_single_record_says_what_nothing_reads(tmp_path: Path) -> None:
    world = saying(worlds.feed(tmp_path / "feed", 1), None)
    (source,) = read_workspace(world.root).sources.values()
    n = world.names
    checked = RecordCheck(world.knowledge()).record(json.dumps({n["key"]: "a", n["title"]: "A", "stray": 1}).encode())
    assert source.unread == "warn"
    findings = checked.report["findings"]
    assert isinstance(findings, list)
    assert [(each["severity"], each["pointer"]) for each in findings] == [("Warning", "/stray")]


def test_a_word_that_means_nothing_is_refused(tmp_path: Path) -> None:
    world = saying(worlds.shop(tmp_path / "shop", 1), "sometimes")
    with pytest.raises(ConfigurationError, match="unread"):
        read_workspace(world.root)


@given(name=st.text(min_size=1, max_size=20).filter(str.isprintable), names=st.lists(st.text(max_size=10), max_size=4))
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_it_is_called_it_is_named(name: str, names: list[str]) -> None:
    rule = UnreadRule(slug="s.unread", severity="Warning", column=False, names=tuple(names))
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    assert f" {name};" in str(rule.finding(pointer, source="s", row=1).message)
