"""The benchmark of the lift: who gets what, and that a run past the budget has a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import lifting
from benchmarks.engines import Run
from benchmarks.foreseen import Limits
from benchmarks.lifting import Sizes
from benchmarks.measure import Measure, StoppedError
from benchmarks.scenarios import SCENARIOS

SIZES = Sizes(columns=(20, 40), views=(20,), envelopes=(2,), parts=(2,), joins=(20,), scenarios=(20,))


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where the peers would have run; Morph-KGC takes 10 s for any size, SDM-RDFizer never ends."""
    seen: list[Path] = []

    def morph_kgc(mapping: str, folder: Path, **_: object) -> Run:
        assert "TriplesMap" in mapping
        seen.append(folder)
        out = folder / "morph.nt"
        out.write_text("<a:a> <a:b> <a:c> .\n")
        return Run(measure=Measure(seconds=10.0, peak_mb=100.0), output=out)

    def sdm_rdfizer(*_: object, **__: object) -> Run:
        raise StoppedError

    monkeypatch.setattr(lifting, "morph_kgc", morph_kgc)
    monkeypatch.setattr(lifting, "sdm_rdfizer", sdm_rdfizer)
    return seen


@pytest.mark.slow
def test_each_kind_of_work_has_a_line_for_each_engine_that_can_do_it(folders: list[Path], tmp_path: Path) -> None:
    found = list(lifting.lines(tmp_path / "data", SIZES, limits=Limits(seconds=15, peak_mb=10_000)))
    cells = {(line.work, line.engine, line.records): line.cells()[3] for line in found}
    assert cells["columns", "Morph-KGC", 20] == "10.00"
    assert cells["columns", "Morph-KGC", 40] == "left out, about 20"
    assert cells["columns", "SDM-RDFizer", 20] == "over 15"
    assert cells["columns", "SDM-RDFizer", 40] == "left out"
    assert [line.engine for line in found if line.work in ("rows with their view", "envelopes")] == ["graphmap"] * 2
    assert [folder.name for folder in folders] == ["columns-20", "parts-2", "joins-20"] + ["scenario-20"] * len(
        SCENARIOS
    )
    assert cells["join 1-5", "Morph-KGC", 20] == "gives other lines"
    assert list((tmp_path / "data").iterdir()) == []
    triples = {(line.work, line.records): line.triples for line in found if line.engine == "graphmap"}
    assert triples["columns", 40] == pytest.approx(2 * (triples["columns", 20] or 0), rel=0.1)
    assert triples["join", 20] == 20 * 6
