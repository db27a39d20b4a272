"""The example workspace: its saved queries over rows in a file, held against the loaded store."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random

import pyoxigraph
import pytest

from benchmarks.rows import COLUMNS, rows
from graphmap.cli import main
from graphmap.lifting.lift import lift
from graphmap.reasoning import Saturation, close_files
from graphmap.saved_queries import bind, load_queries
from graphmap.virtual import VirtualGraph
from graphmap.workspace import read_workspace
from tests.virtual.comparison import bag, expected
from tests.virtual.worlds import rail_duckdb, rail_mapping

_VALUES = {
    "thing": "https://schema.limbergraph.com/limber/CustomerAccount#Warehouse-7",
    "system": "Warehouse",
    "number": "7",
    "organisation": "7100",
    "country": "DE",
    "rule": "warehouse.dim_customer.country.in",
    "code": "Warehouse-7",
}
_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rows") / "rows.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows(120, Random(11)))
    return file


@pytest.fixture(scope="module")
def saturation() -> Saturation:
    workspace = read_workspace(_ROOT, {})
    return Saturation.of(close_files(workspace.ontology(), cache=workspace.cache))


@pytest.fixture(scope="module")
def store(table: Path, saturation: Saturation) -> pyoxigraph.Store:
    """The same rows, lifted by both mappings, with what the ontology entails."""
    made = pyoxigraph.Store()
    for mapping in read_workspace(_ROOT, {}).sources["dim_customer"].mappings:
        made.bulk_extend(lift(mapping, bind={"dim_customer": str(table)}))
    asserted = [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in made]
    entailed = "".join(f"{' '.join(triple)} .\n" for triple in saturation.entailed(asserted))
    made.load(entailed, pyoxigraph.RdfFormat.N_TRIPLES)
    return made


def test_saved_queries_are_answered_as_by_the_loaded_store(
    table: Path, store: pyoxigraph.Store, saturation: Saturation
) -> None:
    workspace = read_workspace(_ROOT, {})
    source = workspace.sources["dim_customer"]
    differ, with_rows = [], 0
    with VirtualGraph(
        source.mappings, bind={"dim_customer": str(table)}, saturation=saturation, forms=source.forms
    ) as graph:
        for name, saved in load_queries(workspace.queries).items():
            needed = {each.name for each in saved.parameters if each.required}
            text = bind(saved, {name: value for name, value in _VALUES.items() if name in needed})
            found = bag(graph.query(text))
            with_rows += found[1].total() > 0
            if "LIMIT" not in text and found != expected(store, text):
                differ.append(name)
        everything = bag(graph.query("SELECT * { ?s ?p ?o }"))
    assert differ == []
    assert with_rows >= 4
    assert everything[1].total() == len(store)


def test_the_command_answers_from_a_file(table: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s a <https://schema.limbergraph.com/limber/CustomerAccount> }"
    with pytest.raises(SystemExit) as ended:
        main(["virtual", "query", "-w", str(_ROOT), "--bind", f"dim_customer={table}", "-q", text, "--format", "json"])
    assert ended.value.code == 0
    answer = json.loads(capfd.readouterr().out)
    assert answer["results"]["bindings"][0]["n"]["value"] == "120"


def test_explain_shows_the_sql_and_no_secret(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    mapping = rail_mapping(tmp_path)
    text = "SELECT ?s { ?s <http://example.org/rail/tracks> 3 }"
    bound = f"database={rail_duckdb(tmp_path, seed=1)}"
    with pytest.raises(SystemExit) as ended:
        main(["virtual", "explain", "--mapping", str(mapping), "--bind", bound, "-q", text])
    assert ended.value.code == 0
    told = capfd.readouterr().out
    assert told.startswith("-- one query in SQL\n")
    assert '"tracks" = 3' in told


def test_a_password_in_a_refused_address_is_not_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bound = "database=postgresql://someone:not-to-be-shown@127.0.0.1:1/none"
    with pytest.raises(SystemExit) as ended:
        main(["virtual", "query", "--mapping", str(rail_mapping(tmp_path)), "--bind", bound, "-q", "ASK { ?s ?p ?o }"])
    assert ended.value.code == 3
    captured = capfd.readouterr()
    assert "not-to-be-shown" not in captured.out + captured.err
    assert "cannot connect" in captured.err
