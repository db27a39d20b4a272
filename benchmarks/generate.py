"""Streams generated records to standard output: `python -m benchmarks.generate rows|envelopes N`.

Deterministic by seed. A share of the records can hold one planted error each, and a list of what was planted can be
written beside them, so that a report can be held against it.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TextIO

from benchmarks.envelope_faults import ENVELOPE_FAULTS
from benchmarks.envelopes import Envelope, envelopes
from benchmarks.row_faults import ROW_FAULTS
from benchmarks.rows import COLUMNS, Row, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.faults import Fault

__all__ = ["faulty_envelopes", "faulty_rows", "main"]


def faulty_rows(count: int, *, seed: int, errors: float) -> Iterator[tuple[Row, Fault[Row] | None]]:
    """Rows, a share of them with one error each.

    Args:
        count: how many rows.
        seed: the same seed gives the same rows and faults.
        errors: share of faulty rows, 0 to 1.

    Yields:
        Each row with its fault, or with `None`.
    """
    random, chance = Random(seed), Random(f"faults/{seed}")
    for row in rows(count, random):
        fault = chance.choice(ROW_FAULTS) if chance.random() < errors else None
        yield (row if fault is None else fault.spoil(row)), fault


def faulty_envelopes(count: int, *, seed: int, errors: float) -> Iterator[tuple[Envelope, Fault[Envelope] | None]]:
    """Envelopes, a share of them with one error each.

    Args:
        count: how many envelopes.
        seed: the same seed gives the same envelopes and faults.
        errors: share of faulty envelopes, 0 to 1.

    Yields:
        Each envelope with its fault, or with `None`.
    """
    random, chance = Random(seed), Random(f"faults/{seed}")
    for envelope in envelopes(count, random):
        fault = chance.choice(ENVELOPE_FAULTS) if chance.random() < errors else None
        yield (envelope if fault is None else fault.spoil(envelope)), fault


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the records that the arguments ask for."""
    options = _parser().parse_args(arguments)
    with ExitStack() as stack:
        planted = None
        if options.planted is not None:
            planted = stack.enter_context(options.planted.open("w", encoding="utf-8"))
        write = _write_rows if options.kind == "rows" else _write_envelopes
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]  # a text stream of CPython
        write(options, sys.stdout, planted)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("kind", choices=["rows", "envelopes"])
    parser.add_argument("count", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same records")
    parser.add_argument("--errors", type=float, default=0.0, help="share of faulty records, 0 to 1")
    parser.add_argument("--planted", type=Path, help="write what was planted to this file, as JSON Lines")
    return parser


def _write_rows(options: argparse.Namespace, out: TextIO, planted: TextIO | None) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    records = faulty_rows(options.count, seed=options.seed, errors=options.errors)
    for number, (row, fault) in enumerate(records, start=1):
        writer.writerow(row.values())
        _note(planted, number, fault)


def _write_envelopes(options: argparse.Namespace, out: TextIO, planted: TextIO | None) -> None:
    records = faulty_envelopes(options.count, seed=options.seed, errors=options.errors)
    for number, (envelope, fault) in enumerate(records, start=1):
        out.write(json.dumps(envelope, ensure_ascii=False, separators=(",", ":")) + "\n")
        _note(planted, number, fault)


def _note(planted: TextIO | None, number: int, fault: Fault[Row] | Fault[Envelope] | None) -> None:
    if planted is not None and fault is not None:
        note = {"row": number, "pointer": fault.pointer, "rule": fault.rule, "severity": fault.severity}
        planted.write(json.dumps(note) + "\n")


if __name__ == "__main__":
    main()
