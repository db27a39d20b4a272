from __future__ import annotations

from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest

from benchmarks import peers
from benchmarks.engines import morph_kgc
from benchmarks.faulty import csv_text
from benchmarks.rows import rows
from graphmap.lifting.interpreter import Interpreter
from graphmap.lifting.mapping import read_mapping
from graphmap.lifting.values import ValueForms


def _ours(root: Path, records: list[dict[str, str]]) -> set[str]:
    plan = read_mapping([root / "mappings" / "warehouse.ttl"], base="https://schema.limbergraph.com/")
    interpreter = Interpreter(plan, forms=ValueForms())
    cells = ({column: cell for column, cell in row.items() if cell} for row in records)
    statements = (each for row in cells for each in interpreter.lift(row).statements)
    return {f"{each.subject} {each.predicate} {each.object}" for each in statements}


@pytest.mark.slow
@pytest.mark.skipif(not peers.is_ready(peers.MORPH_KGC), reason="Morph-KGC is not set up: python -m benchmarks.peers")
def test_morph_kgc_makes_the_same_triples_of_the_derived_mapping(root: Path, tmp_path: Path) -> None:
    records = list(rows(500, Random(9)))
    source = tmp_path / "dim_customer.csv"
    source.write_text(csv_text(records), encoding="utf-8")
    out = morph_kgc(source, processes=1).output
    parsed = ox.parse(path=str(out), format=ox.RdfFormat.N_TRIPLES)
    theirs = {f"{quad.subject} {quad.predicate} {quad.object}" for quad in parsed}
    assert len(theirs) > 10_000
    assert theirs == _ours(root, records)
