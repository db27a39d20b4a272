"""Measures graphmap beside its peers and prints one table: `python -m benchmarks.run --sizes small`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from benchmarks.engines import Bench, compile_graphmap
from benchmarks.peers import PEERS_FOLDER
from benchmarks.table import Line, table, told

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SIZES", "Sizes", "lines", "main"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many records each kind of work gets.

    Args:
        rows: numbers of warehouse rows.
        envelopes: numbers of Limber envelopes.
        reference_rows: how many rows pySHACL gets; 0 leaves it out.
    """

    rows: tuple[int, ...]
    envelopes: tuple[int, ...]
    reference_rows: int


SIZES = MappingProxyType(
    {
        "smoke": Sizes(rows=(500,), envelopes=(50,), reference_rows=0),
        "small": Sizes(rows=(10_000,), envelopes=(1_000,), reference_rows=1_000),
        "full": Sizes(rows=(10_000, 100_000), envelopes=(1_000, 10_000), reference_rows=1_000),
    }
)


def lines(bench: Bench, sizes: Sizes) -> Iterator[Line]:
    """Each measured run, in the order of the table; one at a time, so that none disturbs another."""
    for count in sizes.rows:
        yield from _records(bench, "rows", count)
    for count in sizes.envelopes:
        yield from _records(bench, "envelopes", count)
    if sizes.reference_rows:
        yield bench.pyshacl(bench.generated("rows", sizes.reference_rows), sizes.reference_rows)


def _records(bench: Bench, kind: str, count: int) -> Iterator[Line]:
    records = bench.generated(kind, count)
    yield bench.lift(records, count)
    yield bench.validate(records, count)
    yield from bench.load(kind, count)


def main() -> None:
    """Measure, saying on standard error what is being done, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--sizes", choices=sorted(SIZES), default="small")
    options = parser.parse_args()
    compile_graphmap()
    sys.stdout.write(table(told(lines(Bench(PEERS_FOLDER / f"data-{options.sizes}"), SIZES[options.sizes]))))


if __name__ == "__main__":
    main()
