"""Writes `tests/data/faulty`: a faulty record for each rule and an index of them: `python -m benchmarks.faulty DIR`.

Each record was valid before its one fault. Faults between records (a key used twice) have files of their own, and what
no row can have wrong stands as RDF; there a node may break two rules.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.envelope_faults import ENVELOPE_FAULTS
from benchmarks.envelopes import Envelope, envelopes
from benchmarks.node_faults import NODE_FAULTS
from benchmarks.row_faults import ROW_FAULTS
from benchmarks.rows import COLUMNS, Row, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from benchmarks.faults import Fault

__all__ = ["csv_text", "faulty_files", "main"]

_SEED = 11


def faulty_files() -> Mapping[str, str]:
    """Text of each file by its name; the same every time."""
    good_rows = list(rows(len(ROW_FAULTS), Random(_SEED)))
    good_envelopes = list(envelopes(len(ENVELOPE_FAULTS), Random(_SEED)))
    broken_rows = [fault.spoil(row) for fault, row in zip(ROW_FAULTS, good_rows, strict=True)]
    broken = [fault.spoil(envelope) for fault, envelope in zip(ENVELOPE_FAULTS, good_envelopes, strict=True)]
    index = [
        *_index("rows.csv", ROW_FAULTS),
        *_index("envelopes.jsonl", ENVELOPE_FAULTS),
        *_collisions(),
        *_node_index(),
    ]
    return {
        "rows.csv": csv_text(broken_rows),
        "envelopes.jsonl": _json_lines(broken),
        "twice.csv": csv_text(_rows_that_collide()),
        "twice.jsonl": _json_lines(_envelopes_that_collide()),
        "nodes.nt": "".join(f"{line}\n" for line in dict.fromkeys(line for each in NODE_FAULTS for line in each.lines)),
        "faulty.json": json.dumps(index, indent=2) + "\n",
    }


def _index(file: str, faults: Iterable[Fault[Row] | Fault[Envelope]]) -> list[dict[str, Any]]:
    return [
        {"file": file, "row": row, "pointer": fault.pointer, "rule": fault.rule, "severity": fault.severity}
        for row, fault in enumerate(faults, start=1)
    ]


def _node_index() -> list[dict[str, Any]]:
    return [
        {"file": "nodes.nt", "focusNode": fault.focus, "rule": rule, "severity": severity}
        for fault in NODE_FAULTS
        for rule, severity in fault.broken
    ]


def _rows_that_collide() -> list[Row]:
    """Rows 1 and 2 share their primary key, 3 and 4 a customer number, 5 and 6 the number at a third party."""
    first, _, third, fourth, fifth, sixth = (row | {"archived": "false"} for row in rows(6, Random(_SEED)))
    for row in (third, fourth):
        row["customer_number"] = "KLN-7"
    for row in (fifth, sixth):
        row["third_party_id"] = "crm:7"
        row["customer_number"] = f"KLN-{row['customer_id']}"
    first["customer_number"] = "KLN-1"
    return [first, dict(first), third, fourth, fifth, sixth]


def _envelopes_that_collide() -> list[Envelope]:
    """Two accounts with one account code."""
    first, second = (deepcopy(envelope) for envelope in envelopes(2, Random(_SEED)))
    code = first["data"]["accountCode"]
    second["data"]["accountCode"] = second["dataId"]["keys"][0]["accountCode"] = second["dataId"]["label"] = code
    return [first, second]


def _collisions() -> list[dict[str, Any]]:
    """What a report says of the files above: one finding for each record that collides."""
    of_rows = (
        (1, "customer_id", "Violation"), (2, "customer_id", "Violation"), (3, "customer_number", "Violation"),
        (4, "customer_number", "Violation"), (5, "third_party_id", "Warning"), (6, "third_party_id", "Warning"),
    )  # fmt: skip
    found: list[dict[str, Any]] = [
        {
            "file": "twice.csv", "row": row, "pointer": f"/{column}", "severity": severity,
            "rule": f"warehouse.dim_customer.{column}.unique",
        }
        for row, column, severity in of_rows
    ]  # fmt: skip
    rule = "limber.CustomerAccount.accountCode.unique"
    place = {"file": "twice.jsonl", "pointer": "/data/accountCode", "rule": rule, "severity": "Violation"}
    return found + [place | {"row": row} for row in (1, 2)]


def csv_text(records: Iterable[Row]) -> str:
    """Rows under their header, as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def _json_lines(records: Iterable[Envelope]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records)


def main() -> None:
    """Write the files into the folder that the command line names."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in faulty_files().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
