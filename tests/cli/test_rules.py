"""`rules import`: shown without --write, written with it; what was not read ends with status 1."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Call

_CATALOG = (
    '<database schema="shop"><tables><table name="maker" type="TABLE">'
    '<column name="id" nullable="false" type="int"/><primaryKey column="id" sequenceNumberInPK="1"/>'
    "</table>{more}</tables></database>"
)


def test_an_import_is_shown_and_written_only_when_asked(workspace: Path, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "catalog.xml"
    file.write_text(_CATALOG.format(more=""), encoding="utf-8")
    code, out, _ = call("rules", "import", str(file))
    assert code == 0
    assert "+  maker:" in out
    assert "line 1: maker.id: int not null" in out
    target = workspace / "rules" / "shop.yaml"
    assert not target.exists()
    assert call("rules", "import", str(file), "--write")[0] == 0
    assert "maker" in target.read_text(encoding="utf-8")
    assert call("rules", "check")[0] == 0


def test_an_import_that_left_something_unread_ends_with_one(workspace: Path, call: Call) -> None:
    file = workspace / "catalog.xml"
    file.write_text(_CATALOG.format(more='<table name="seen" type="VIEW"/>'), encoding="utf-8")
    code, out, _ = call("rules", "import", str(file))
    assert code == 1
    assert "VIEW seen" in out
