"""Made-up tables that join each other in every direction: all ways to run them give the same statements and counts."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from graphmap.lifting.execution.logical_targets import lift_to_targets
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from graphmap.lifting.run_state.execution_report import ExecutionReport
from tests.lifting.mappings import mapping

if TYPE_CHECKING:
    from pathlib import Path

    from graphmap.lifting import Plan

_TABLES = "abc"
_CELLS = ("", "1", "2", "3", '"x,y"', '"q""q"', "é")


def _table(chance: random.Random) -> str:
    """A table of some size, so that either side of a join may be the smaller one."""
    rows = range(chance.choice([0, 2, 5, 40]))
    cells = [(chance.choice([row, "", 1]), chance.choice(_CELLS), chance.choice(_CELLS)) for row in rows]
    return "id,k,l\n" + "".join(f"{','.join(map(str, each))}\n" for each in cells)


def _join(parent: str, chance: random.Random) -> str:
    condition = f'[ rml:child "{chance.choice("kl")}" ; rml:parent "{chance.choice("kl")}" ]'
    more = chance.choice(["", ' , [ rml:child "l" ; rml:parent "k" ]'])
    graph = chance.choice(["", "", "; rml:graph ex:g"])
    target = chance.choice(["", "; rml:logicalTarget ex:out"])
    joined = f"rml:objectMap [ rml:parentTriplesMap ex:{parent} ; rml:joinCondition {condition} {more} {target} ]"
    return f"; rml:predicateObjectMap [ rml:predicate ex:to{chance.choice('12')} ; {joined} {graph} ]"


def _body(chance: random.Random) -> str:
    maps = 'ex:out rml:target [ rml:root rml:MappingDirectory ; rml:path "out.nq" ] .\n'
    for name in _TABLES:
        joins = "".join(_join(parent, chance) for parent in chance.sample(_TABLES, chance.choice([0, 1, 2])))
        maps += f"""ex:{name}s rml:source "{name}.csv" ; rml:referenceFormulation rml:CSV .
        ex:{name} rml:logicalSource ex:{name}s ; rml:subjectMap [ rml:template "http://e/{name}/{{id}}" ] ;
          rml:predicateObjectMap [ rml:predicate ex:k ; rml:objectMap [ rml:reference "k" ] ] {joins} .
        """
    return maps


def _lines(plan: Plan, folder: Path, **more: Any) -> set[str]:
    return set("".join(lift_plan(plan, RunOptions(folder=folder, bind={}, **more))).splitlines())


@pytest.mark.parametrize("seed", range(25))
def test_every_way_to_run_joins_gives_the_same(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for name in _TABLES:
        (tmp_path / f"{name}.csv").write_text(_table(chance), encoding="utf-8")
    plan = mapping(tmp_path, _body(chance))
    expected = _lines(plan, tmp_path, compiled=False)
    assert _lines(plan, tmp_path) == expected
    assert _lines(plan, tmp_path, memory=0) == expected
    rest = "".join(lift_to_targets(plan, RunOptions(folder=tmp_path, bind={}))).splitlines()
    out = tmp_path / "out.nq"
    assert {*rest, *(out.read_text(encoding="utf-8").splitlines() if out.exists() else ())} == expected
    counts = []
    for compiled in (True, False):
        with closing(ExecutionReport()) as report:
            assert _lines(plan, tmp_path, compiled=compiled, report=report) == expected
            counts.append([(each["terms"], each["nulls"]) for each in report.head()["termMaps"]])
    assert counts[0] == counts[1]
