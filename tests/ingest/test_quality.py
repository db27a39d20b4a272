"""Quality of rows that were proved on their cells, held against the same rows as graphs."""

from __future__ import annotations

from pathlib import Path

from graphmap.ingest import InputCheck, Knowledge, report_on
from graphmap.ingest.check.input_check import validated_records
from graphmap.ingest.detect_input import open_input
from graphmap.rdf.graph import Graph
from graphmap.validation.report.quality import Measurement


def by_field(measurements: tuple[Measurement, ...]) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {(each.shape, each.path): (each.targets, each.present, each.valid) for each in measurements}


def test_cells_and_graphs_tell_the_same_completeness(samples: Path, knowledge: Knowledge) -> None:
    cells, graphs = InputCheck(knowledge.engine), InputCheck(knowledge.engine)
    opened = open_input(str(samples / "dim_customer.csv"), knowledge, refuse=cells.refuse)
    for _, validated in validated_records(opened, knowledge, cells, infer=False):
        cells.add(validated, "rows")
        graphs.check(Graph.of_lines(validated.asserted), "rows")
    fast, careful = by_field(cells.report().measurements), by_field(graphs.report().measurements)
    assert len(fast) > 40
    assert {field: careful[field] for field in fast} == fast


def test_a_faulty_value_is_present_and_not_valid(faulty: Path, knowledge: Knowledge) -> None:
    report = report_on([str(path) for path in sorted(faulty.glob("*.csv"))], knowledge)
    country = next(each for each in report.measurements if each.path.endswith("warehouse/country"))
    assert country.present > country.valid > 0
    assert country.validity is not None
    assert 0 < country.validity < 1
