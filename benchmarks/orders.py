"""Two tables that meet in a join: orders, and the customers that they name by number."""

from __future__ import annotations

import csv
from random import Random
from typing import TYPE_CHECKING

from benchmarks import pools

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["write_tables"]


def write_tables(folder: Path, count: int, *, seed: int = 1) -> None:
    """Write `orders.csv` and `customers.csv` of as many rows each; every order is of some customer.

    Args:
        folder: it is there.
        count: rows of each table.
        seed: the same seed gives the same tables.
    """
    random = Random(seed)
    numbers = [f"{random.choice('KZAT')}-{identifier}" for identifier in range(1, count + 1)]
    customers = ((at, number, random.choice(pools.LAST_NAMES)) for at, number in enumerate(numbers, 1))
    _write(folder / "customers.csv", ("id", "number", "name"), customers)
    _write(folder / "orders.csv", ("order", "customer"), ((at, random.choice(numbers)) for at in range(1, count + 1)))


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
