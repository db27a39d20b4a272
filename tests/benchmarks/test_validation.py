"""The benchmark of validation: who runs on what, and who is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import peers, validation
from benchmarks.foreseen import Limits
from benchmarks.measure import Measure, StoppedError
from benchmarks.worlds import WORLDS

GENEROUS = Limits(seconds=1000, peak_mb=1000)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that would have run; each takes a second and a MB, pySHACL a hundred of both; pyrudof never ends."""
    commands: list[list[str]] = []

    def measured(command: list[str], *, output: Path | None = None, **_: object) -> Measure:
        commands.append(command)
        if output is not None:
            output.touch()
        for option, text in (("--report", '{"findings": []}'), ("-o", "Conforms: True")):
            if option in command:
                Path(command[command.index(option) + 1]).write_text(text)
        if "pyrudof" in command[0]:
            raise StoppedError
        took = 100.0 if "pyshacl" in command else 1.0
        return Measure(seconds=took, peak_mb=took)

    monkeypatch.setattr(validation, "measured", measured)
    monkeypatch.setattr(peers, "ready", lambda peer: Path(peer.name) / "python")
    return commands


def cells_of(engine: str, folder: Path, sizes: list[int], limits: Limits) -> list[tuple[str, ...]]:
    """Records, seconds and peak memory of one engine over rows."""
    found = [line.cells() for line in validation.lines(folder / "data", sizes, limits=limits)]
    return [(cells[2], cells[3], cells[6]) for cells in found if cells[:2] == ("validate rows", engine)]


def test_every_engine_gets_the_same_triples_and_shapes(ran: list[list[str]], tmp_path: Path) -> None:
    found = list(validation.lines(tmp_path / "data", [10], limits=GENEROUS))
    assert [line.engine for line in found] == [
        "graphmap, guard + engine",
        "graphmap, engine alone",
        "pyrudof",
        "pySHACL",
    ] * 2 + ["graphmap", "pySHACL"] * len(WORLDS)
    triples = str(tmp_path / "data" / "rows-10" / "lifted.nt")
    assert [triples in command for command in ran[2:6]] == [False, True, True, True]
    shapes = (tmp_path / "data" / "rows-10" / "shapes.ttl").read_text()
    assert "sh:NodeShape" in shapes


def test_a_run_beyond_the_budget_is_left_out_and_has_a_line(ran: list[list[str]], tmp_path: Path) -> None:
    limits = Limits(seconds=500, peak_mb=10_000)
    assert cells_of("pySHACL", tmp_path, [10, 100, 1000], limits) == [
        ("10", "100.00", "100"),
        ("100", "left out, about 1,000", ""),
        ("1,000", "left out", ""),
    ]
    assert sum("pyshacl" in command and "-a" not in command for command in ran) == 2


@pytest.mark.usefixtures("ran")
def test_a_run_beyond_the_memory_is_left_out_and_has_a_line(tmp_path: Path) -> None:
    limits = Limits(seconds=10_000, peak_mb=500)
    assert cells_of("pySHACL", tmp_path, [10, 100], limits)[1] == ("100", "left out", "about 1,000")


@pytest.mark.usefixtures("ran")
def test_a_run_that_was_ended_has_a_line(tmp_path: Path) -> None:
    assert cells_of("pyrudof", tmp_path, [10, 100], GENEROUS) == [("10", "over 1,000", ""), ("100", "left out", "")]
