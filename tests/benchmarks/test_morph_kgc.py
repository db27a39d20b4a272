from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pyoxigraph as ox
import pytest

from benchmarks import peers
from benchmarks.engines import morph_kgc
from benchmarks.envelopes import BASE, envelopes
from benchmarks.faulty import csv_text
from benchmarks.older import older_vocabulary
from benchmarks.rows import rows
from graphmap.lifting.interpreter import Interpreter
from graphmap.lifting.mapping import read_mapping
from graphmap.lifting.values import ValueForms
from graphmap.records import decode_json

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not peers.is_ready(peers.MORPH_KGC), reason="no Morph-KGC here: python -m benchmarks.peers"),
]


def _ours(mapping: Path, records: Iterable[Any]) -> set[str]:
    interpreter = Interpreter(read_mapping([mapping], base=BASE), forms=ValueForms())
    statements = (each for record in records for each in interpreter.lift(record).statements)
    return {f"{each.subject} {each.predicate} {each.object}" for each in statements}


def _theirs(mapping: str, folder: Path) -> set[str]:
    out = morph_kgc(mapping, folder, processes=1).output
    parsed = ox.parse(path=str(out), format=ox.RdfFormat.N_TRIPLES)
    return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in parsed}


def test_morph_kgc_makes_the_same_triples_of_the_derived_mapping(root: Path, tmp_path: Path) -> None:
    records = list(rows(500, Random(9)))
    (tmp_path / "dim_customer.csv").write_text(csv_text(records), encoding="utf-8")
    mapping = root / "mappings" / "warehouse.ttl"
    cells = ({column: cell for column, cell in row.items() if cell} for row in records)
    theirs = _theirs(older_vocabulary(mapping), tmp_path)
    assert len(theirs) > 10_000
    assert theirs == _ours(mapping, cells)


def test_morph_kgc_makes_the_same_triples_of_its_part_of_an_envelope(root: Path, tmp_path: Path) -> None:
    text = json.dumps(list(envelopes(40, Random(9))))
    (tmp_path / "envelopes.json").write_text(text, encoding="utf-8")
    mapping = root / "benchmarks" / "part.ttl"
    theirs = _theirs(mapping.read_text(encoding="utf-8"), tmp_path)
    assert len(theirs) > 1_500
    assert theirs == _ours(mapping, [decode_json(text)])
