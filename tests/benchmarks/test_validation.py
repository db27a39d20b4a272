"""The benchmark of validation: who runs on what, and who is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import peers, validation
from benchmarks.measure import Measure


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that would have run; each takes a second, pySHACL a hundred."""
    commands: list[list[str]] = []

    def measured(command: list[str], *, output: Path | None = None, **_: object) -> Measure:
        commands.append(command)
        if output is not None:
            output.touch()
        return Measure(seconds=100.0 if "pyshacl" in command else 1.0, peak_mb=1.0)

    monkeypatch.setattr(validation, "measured", measured)
    monkeypatch.setattr(peers, "ready", lambda peer: Path(peer.name) / "python")
    return commands


def test_every_engine_gets_the_same_triples_and_shapes(ran: list[list[str]], tmp_path: Path) -> None:
    found = list(validation.lines(tmp_path / "data", [10], budget_s=1000))
    assert [line.engine for line in found] == [
        "graphmap, guard + engine",
        "graphmap, engine alone",
        "pyrudof",
        "pySHACL",
    ] * 2
    triples = str(tmp_path / "data" / "rows-10" / "lifted.nt")
    assert [triples in command for command in ran[2:6]] == [False, True, True, True]
    shapes = (tmp_path / "data" / "rows-10" / "shapes.ttl").read_text()
    assert "sh:NodeShape" in shapes


def test_a_run_beyond_the_budget_is_left_out_and_named(
    ran: list[list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = list(validation.lines(tmp_path / "data", [10, 100], budget_s=500))
    assert [line.records for line in found if line.engine == "pySHACL"] == [10, 10]
    assert "pySHACL: 100 rows would take about 1,000 s; left out" in capsys.readouterr().err
    assert sum("pyshacl" in command for command in ran) == 2
