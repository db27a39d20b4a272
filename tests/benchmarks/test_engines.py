from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import pyoxigraph as ox
import pytest

from benchmarks import peers
from benchmarks.engines import Run, morph_kgc, sdm_rdfizer
from benchmarks.envelopes import BASE, envelopes
from benchmarks.faulty import csv_text
from benchmarks.older import older_vocabulary
from benchmarks.orders import write_tables
from benchmarks.rows import rows
from graphmap.lifting.interpreter.interpreter import Interpreter
from graphmap.lifting.lift import lift
from graphmap.lifting.mapping.reader import read_mapping
from graphmap.records import decode_json
from graphmap.records.value_forms import ValueForms

pytestmark = pytest.mark.slow


def _needs(peer: peers.Peer) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not peers.is_ready(peer), reason=f"no {peer.name} here: python -m benchmarks.peers")


def _ours(mapping: Path, records: Iterable[Any]) -> set[str]:
    interpreter = Interpreter(read_mapping([mapping], base=BASE), forms=ValueForms())
    statements = (each for record in records for each in interpreter.lift(record).statements)
    return {f"{each.subject} {each.predicate} {each.object}" for each in statements}


def _theirs(out: Path) -> set[str]:
    parsed = ox.parse(path=str(out), format=ox.RdfFormat.N_TRIPLES)
    return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in parsed}


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    """A document of forty envelopes, as the mapping of their part names it."""
    path = tmp_path / "envelopes.json"
    path.write_text(json.dumps({"messages": list(envelopes(40, Random(9)))}), encoding="utf-8")
    return path


@_needs(peers.MORPH_KGC)
def test_morph_kgc_makes_the_same_triples_of_the_derived_mapping(root: Path, tmp_path: Path) -> None:
    records = list(rows(500, Random(9)))
    (tmp_path / "dim_customer.csv").write_text(csv_text(records), encoding="utf-8")
    mapping = root / "mappings" / "warehouse.ttl"
    cells = ({column: cell for column, cell in row.items() if cell} for row in records)
    theirs = _theirs(morph_kgc(older_vocabulary(mapping), tmp_path, processes=1).output)
    assert len(theirs) > 10_000
    assert theirs == _ours(mapping, cells)


@_needs(peers.MORPH_KGC)
def test_morph_kgc_makes_the_same_triples_of_the_part_of_an_envelope(root: Path, messages: Path) -> None:
    mapping = root / "benchmarks" / "part.ttl"
    theirs = _theirs(morph_kgc(mapping.read_text(encoding="utf-8"), messages.parent, processes=1).output)
    assert len(theirs) > 1_500
    assert theirs == _ours(mapping, [decode_json(messages.read_bytes())])


@_needs(peers.SDM_RDFIZER)
def test_sdm_rdfizer_makes_as_many_triples_of_the_part_of_an_envelope(root: Path, messages: Path) -> None:
    # not the same: it leaves IRIs unencoded, reads a text of digits as a number and escapes apostrophes
    mapping = root / "benchmarks" / "part.ttl"
    theirs = _theirs(sdm_rdfizer(mapping.read_text(encoding="utf-8"), messages.parent).output)
    assert len(theirs) > 1_500
    assert len(theirs) == len(_ours(mapping, [decode_json(messages.read_bytes())]))


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(lambda mapping, folder: morph_kgc(mapping, folder, processes=1), marks=_needs(peers.MORPH_KGC)),
        pytest.param(sdm_rdfizer, marks=_needs(peers.SDM_RDFIZER)),
    ],
    ids=["Morph-KGC", "SDM-RDFizer"],
)
def test_the_engines_make_the_same_triples_of_a_join(
    root: Path, tmp_path: Path, engine: Callable[[str, Path], Run]
) -> None:
    write_tables(tmp_path, 300)
    mapping = root / "benchmarks" / "join.ttl"
    output = engine(mapping.read_text(encoding="utf-8"), tmp_path).output
    theirs = {triple.replace("\\\\'", "'") for triple in _theirs(output)}  # SDM-RDFizer escapes apostrophes
    ours = lift(mapping, bind={name: str(tmp_path / name) for name in ("orders.csv", "customers.csv")})
    assert len(theirs) == 300 * 6
    assert theirs == {f"{quad.subject} {quad.predicate} {quad.object}" for quad in ours}
