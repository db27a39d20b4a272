"""Tables and mappings that each stretch a mapping engine in one way, after the scenarios of the KROWN benchmark.

Everything is written by a seed. The mappings are in the older vocabulary, which all engines here read.
Source: Van Assche and others, "KROWN: A Benchmark for RDF Graph Materialisation" (2024), section 4.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

__all__ = ["SCENARIOS", "Scenario"]

_COLUMNS = 20
_PREFIXES = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix ex: <http://example.org/> .
"""
_HEADER = ",".join(("id", *(f"p{at}" for at in range(1, _COLUMNS + 1)))) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario.

    Args:
        write: writes its tables into a folder, with so many rows each, and gives the mapping.
        graphs: whether it gives named graphs.
        options: of `graphmap lift`.
    """

    write: Callable[[Path, int], str]
    graphs: bool = False
    options: tuple[str, ...] = ()


def _row(number: int, numbers: random.Random, *, empty: float = 0.0) -> str:
    cells = ("" if numbers.random() < empty else f"value {number} {at}" for at in range(1, _COLUMNS + 1))
    return f"{number},{','.join(cells)}\n"


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(lines)


def _map(name: str, table: str, objects: str, *, subject: str = "") -> str:
    source = f'rml:logicalSource [ rml:source "{table}" ; rml:referenceFormulation ql:CSV ]'
    subjects = f'rr:subjectMap [ rr:template "http://example.org/{table[:-4]}/{{id}}" {subject} ]'
    return f"ex:{name} a rr:TriplesMap ; {source} ; {subjects} ; {objects} .\n"


def _properties(numbers: Iterable[int]) -> str:
    return " ; ".join(
        f'rr:predicateObjectMap [ rr:predicate ex:p{at} ; rr:objectMap [ rml:reference "p{at}" ] ]' for at in numbers
    )


def _raw(folder: Path, rows: int) -> str:
    numbers = random.Random(1)
    _write(folder / "data.csv", (_HEADER, *(_row(number, numbers) for number in range(rows))))
    return _PREFIXES + _map("Data", "data.csv", _properties(range(1, _COLUMNS + 1)))


def _one_map(folder: Path, rows: int) -> str:
    _raw(folder, rows)
    return _PREFIXES + _map("Data", "data.csv", _properties(range(1, 16)))


def _many_maps(folder: Path, rows: int) -> str:
    _raw(folder, rows)
    return _PREFIXES + "".join(_map(f"Data{at}", "data.csv", _properties([at])) for at in range(1, 16))


def _duplicates(folder: Path, rows: int) -> str:
    numbers = random.Random(2)
    half = [_row(number, numbers) for number in range(rows // 2)]
    both = half + half
    numbers.shuffle(both)
    _write(folder / "data.csv", (_HEADER, *both))
    return _PREFIXES + _map("Data", "data.csv", _properties(range(1, _COLUMNS + 1)))


def _empty(folder: Path, rows: int) -> str:
    numbers = random.Random(3)
    _write(folder / "data.csv", (_HEADER, *(_row(number, numbers, empty=0.5) for number in range(rows))))
    return _PREFIXES + _map("Data", "data.csv", _properties(range(1, _COLUMNS + 1)))


def _named_graphs(folder: Path, rows: int) -> str:
    _raw(folder, rows)
    return _PREFIXES + _map("Data", "data.csv", _properties(range(1, 16)), subject="; rr:graph ex:graph")


def _joined(children: int, parents: int) -> Callable[[Path, int], str]:
    """Two tables: so many rows of each have the same key, for half of the keys of either."""

    def write(folder: Path, rows: int) -> str:
        numbers = random.Random(4)
        for name, alike, offset in (("child", children, 0), ("parent", parents, rows)):
            shared = [f"key{number // alike}" for number in range(rows // 2)]
            keys = shared + [f"{name}{number // alike + offset}" for number in range(rows - rows // 2)]
            numbers.shuffle(keys)
            lines = (f"{number},{key},value {number}\n" for number, key in enumerate(keys))
            _write(folder / f"{name}.csv", ("id,key,p1\n", *lines))
        join = (
            "rr:predicateObjectMap [ rr:predicate ex:joined ; rr:objectMap [ a rr:RefObjectMap ; "
            'rr:parentTriplesMap ex:Parent ; rr:joinCondition [ rr:child "key" ; rr:parent "key" ] ] ]'
        )
        return _PREFIXES + _map("Child", "child.csv", join) + _map("Parent", "parent.csv", _properties([1]))

    return write


SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "20 columns": Scenario(write=_raw),
        "one map, 15 properties": Scenario(write=_one_map),
        "15 maps, one property": Scenario(write=_many_maps),
        "half of the rows twice": Scenario(write=_duplicates),
        "half of the rows twice, each line once": Scenario(write=_duplicates, options=("--distinct",)),
        "half of the cells empty": Scenario(write=_empty),
        "named graph": Scenario(write=_named_graphs, graphs=True),
        "join 1-5": Scenario(write=_joined(1, 5)),
        "join 5-3": Scenario(write=_joined(5, 3)),
    }
)
"""Name to scenario."""
