"""`graphmap validate`: inputs, reports, verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.conftest import Call

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix e: <http://example.org/> .\n"
SHAPES = PREFIXES + "e:S a sh:NodeShape ; sh:targetClass e:A ; sh:property e:P .\ne:P sh:path e:p ; sh:maxLength 3 .\n"
DATA = PREFIXES + 'e:x a e:A ; e:p "secret" . e:y a e:A ; e:p "abc" , "other" . e:z e:p "unseen" .\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no workspace, with data and shapes of anyone's."""
    (tmp_path / "data.ttl").write_text(DATA)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text())
    assert isinstance(found, dict)
    return found


def test_rdf_and_shapes_of_anyones_need_no_workspace(folder: Path, call: Call) -> None:
    done = call("validate", "data.ttl", "--shapes", "shapes.ttl", "--report", "r.json")
    assert done.status == 1
    assert [each["focusNode"] for each in read(folder / "r.json")["findings"]] == [
        "http://example.org/x",
        "http://example.org/y",
    ]
    assert read(folder / "r.json")["coverage"]["subjectsWithoutShape"] == 1


def test_records_without_a_workspace_are_told_what_they_lack_and_what_to_do(folder: Path, call: Call) -> None:
    (folder / "x.json").write_text("{}")
    for shapes in ((), ("--shapes", "shapes.ttl")):
        done = call("validate", "data.ttl", "x.json", *shapes)
        assert done.status == 2
        assert "no graphmap.toml here or above, and x.json is not an RDF file" in done.err
        assert "graphmap init" in done.err
        assert "graphmap lift --mapping" in done.err


def test_every_json_report_fits_the_published_schema(folder: Path, call: Call, workspace: Path, faulty: Path) -> None:
    schema = json.loads(call("validate", "--report-schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    data, shapes, out = folder / "data.ttl", folder / "shapes.ttl", folder / "r.json"
    for arguments in (
        [data, "--shapes", shapes, "--profile"],
        [data, "--shapes", shapes, "--baseline", out, "--redact"],
        [*sorted(faulty.glob("*.jsonl")), *sorted(faulty.glob("*.csv"))],
        [*sorted((workspace / "samples").iterdir())],
    ):
        assert call("validate", *arguments, "--report", out).status in (0, 1, 3)
        jsonschema.validate(read(out), schema)
    assert (workspace / "graphmap.toml").exists()


def test_a_baseline_lets_only_new_findings_fail(folder: Path, call: Call) -> None:
    call("validate", "data.ttl", "--shapes", "shapes.ttl", "--report", "before.json")
    again = call("validate", "data.ttl", "--shapes", "shapes.ttl", "--baseline", "before.json", "--report", "r.json")
    assert again.status == 0
    assert read(folder / "r.json")["baseline"] == {"known": 2, "new": 0, "resolved": 0}
    assert "0 new, 2 known, 0 resolved" in again.err
    (folder / "data.ttl").write_text(DATA.replace('"abc"', '"abcd"').replace('"secret"', '"sec"'))
    worse = call("validate", "data.ttl", "--shapes", "shapes.ttl", "--baseline", "before.json")
    assert worse.status == 1
    assert "1 new, 1 known, 1 resolved" in worse.out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no such baseline"),
        (b"[", "is not JSON"),
        (b'["\xff"]', "is not JSON"),
        (b"{}", "has no findings"),
    ],
)
def test_a_baseline_that_is_none_is_a_wrong_call(folder: Path, call: Call, content: bytes | None, words: str) -> None:
    if content is not None:
        (folder / "before.json").write_bytes(content)
    done = call("validate", "data.ttl", "--shapes", "shapes.ttl", "--baseline", "before.json")
    assert done.status == 2
    assert words in done.err
    assert "name a JSON report" in done.err
    assert "Errno" not in done.err


@pytest.mark.parametrize("form", ["turtle", "jsonld", "json", "csv", "html", "junit"])
def test_a_redacted_report_holds_no_value_in_any_format(folder: Path, call: Call, form: str) -> None:
    shapes = SHAPES.replace("sh:maxLength 3", 'sh:maxLength 3 ; sh:message "{?value} is long"')
    (folder / "shapes.ttl").write_text(shapes)
    arguments = ("validate", "data.ttl", "--shapes", "shapes.ttl", "--report", "-", "--report-format", form)
    assert "secret" in call(*arguments).out
    assert "secret" not in "".join(call(*arguments, "--redact")[1:])


def test_a_profile_tells_the_time_of_each_shape(folder: Path, call: Call) -> None:
    done = call("validate", "data.ttl", "--shapes", "shapes.ttl", "--profile", "--report", "r.json")
    assert list(read(folder / "r.json")["profile"]) == ["http://example.org/S"]
    assert "time in the engine" in done.err


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ("e:S sh:targetClass e:A ; sh:property [ sh:minCount 1 ] .", "without sh:path"),
        ("e:S sh:targetClass e:A ; sh:node e:S .", "refers to itself"),
        ("e:S sh:targetClass e:A ; sh:nodeKind e:Nonsense .", "one of the six node kinds"),
        ("e:S sh:targetClass .", "line 3"),
    ],
)
def test_shapes_that_are_wrong_end_with_two_and_name_the_fault(
    folder: Path, call: Call, shapes: str, words: str
) -> None:
    (folder / "shapes.ttl").write_text(PREFIXES + shapes)
    done = call("validate", "data.ttl", "--shapes", "shapes.ttl", "--strict-shapes")
    assert done.status == 2
    assert words in done.err
    assert done.err.count("\n") == 1
    if "line" not in words:  # what parses is read as far as it goes, and the outcome is failed
        done = call("validate", "data.ttl", "--shapes", "shapes.ttl")
        assert (done.status, words in done.out) == (3, True)


def test_data_that_does_not_parse_ends_with_three_and_says_where(folder: Path, call: Call) -> None:
    (folder / "data.ttl").write_text(DATA + "e:x e:p\n")
    done = call("validate", "data.ttl", "--shapes", "shapes.ttl")
    assert done.status == 3
    assert "data.ttl, line 5" in done.err


def test_a_report_that_cannot_be_written_leaves_nothing_behind(folder: Path, call: Call) -> None:
    (folder / "r.json").mkdir()
    for report in ("missing/r.json", "r.json"):
        done = call("validate", "data.ttl", "--shapes", "shapes.ttl", "--report", report)
        assert (done.status, done.out) == (3, "")
        assert f"{report}: cannot be written" in done.err
    assert sorted(path.name for path in folder.iterdir()) == ["data.ttl", "r.json", "shapes.ttl"]


def test_a_constraint_that_cannot_be_evaluated_ends_with_three(folder: Path, call: Call) -> None:
    (folder / "shapes.ttl").write_text(SHAPES + "e:S sh:js [] .")
    done = call("validate", "data.ttl", "--shapes", "shapes.ttl")
    assert done.status == 3
    assert "could not be evaluated: <http://example.org/S>: sh:js" in done.out


def test_explain_says_of_every_constraint_where_it_is_checked_and_why(workspace: Path, call: Call) -> None:
    done = call("validate", "--explain", "--workspace", workspace)
    assert done.status == 0
    rows = {tuple(cell.strip() for cell in line.split("│")[:4]) for line in done.out.splitlines()}
    assert (
        "dim_customer",
        "warehouse.dim_customer.email.maxLength",
        "MaxLengthConstraintComponent",
        "raw values",
    ) in rows
    unique = ("limber.CustomerAccount.accountCode.unique", "MaxCountConstraintComponent", "across records")
    assert ("dim_customer", *unique) in rows
    assert ("customer-account", *unique) in rows
    assert any(row[:1] == ("customer-account",) and row[3] == "engine" for row in rows if len(row) == 4)


def test_one_graph_of_the_store_is_validated_alone(workspace: Path, call: Call) -> None:
    call("load", *sorted((workspace / "samples").iterdir()))
    everything = call("validate", "--store", "--report", "all.json")
    assert everything.status == 0
    assert read(workspace / "all.json")["records"] > 10
    unknown = call("validate", "--store", "--graph", "http://example.org/none")
    assert unknown.status == 2
    assert "no graph <http://example.org/none>" in unknown.err


def test_quality_of_each_field_is_in_the_report_and_after_a_load_in_the_graph(workspace: Path, call: Call) -> None:
    call("validate", *sorted((workspace / "samples").iterdir()), "--report", "r.json")
    fields = {each["path"].rpartition("/")[2]: each for each in read(workspace / "r.json")["quality"]}
    assert fields["customer_id"]["completeness"] == 1.0
    assert fields["accountCode"]["uniqueness"] == 1.0
    call("load", *sorted((workspace / "samples").iterdir()))
    query = """SELECT ?value WHERE { GRAPH ?g { ?m a <http://www.w3.org/ns/dqv#QualityMeasurement> ;
      <http://www.w3.org/ns/dqv#isMeasurementOf> <https://w3id.org/graphmap#completeness> ;
      <https://w3id.org/graphmap#path> <https://schema.limbergraph.com/warehouse/customer_id> ;
      <http://www.w3.org/ns/dqv#value> ?value } }"""
    assert call("query", "-q", query, "--format", "csv").out.splitlines() == ["value", "1"]


OWN_SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix w: <https://schema.limbergraph.com/warehouse/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
w: sh:declare [ sh:prefix "w" ; sh:namespace "https://schema.limbergraph.com/warehouse/"^^xsd:anyURI ] .
<https://example.org/S> a sh:NodeShape ; sh:targetClass w:dim_customer ; sh:severity sh:Warning ;
  <https://w3id.org/graphmap#rule> "own.lastname" ;
  sh:sparql [ sh:prefixes w: ; sh:message "{?value} is a long name" ;
    sh:select "SELECT $this ?value WHERE { $this w:lastname ?value FILTER(STRLEN(?value) > 8) }" ] .
"""


def test_a_sparql_constraint_of_ones_own_judges_rows_and_names_its_rule(workspace: Path, call: Call) -> None:
    (workspace / "shapes" / "custom").mkdir(exist_ok=True)
    (workspace / "shapes" / "custom" / "own.ttl").write_text(OWN_SHAPE)
    done = call("validate", "samples/dim_customer.csv", "--report", "r.json")
    assert done.status == 0
    found = read(workspace / "r.json")
    assert {(each["rule"], each["component"]) for each in found["findings"]} == {
        ("own.lastname", "SPARQLConstraintComponent")
    }
    assert all(each["row"] and len(each["value"]) > 8 for each in found["findings"])
    assert found["coverage"]["targets"]["https://example.org/S"] == found["records"]


def test_rdf_in_a_workspace_is_validated_with_an_ontology_beside_it(workspace: Path, call: Call) -> None:
    (workspace / "shapes" / "own.ttl").write_text(SHAPES + "e:S sh:property [ sh:path e:q ; sh:class e:Code ] .\n")
    (workspace / "data.ttl").write_text(PREFIXES + 'e:x a e:B ; e:p "abcd" ; e:q e:one .\n')
    rdfs = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    (workspace / "codes.ttl").write_text(PREFIXES + rdfs + "e:B rdfs:subClassOf e:A . e:one a e:Code .\n")
    alone = call("validate", workspace / "data.ttl", "--report", "-", "--report-format", "json")
    assert json.loads(alone.out)["outcome"] == "failed", "nothing was looked at"
    done = call(
        "validate", workspace / "data.ttl", "--ontology", workspace / "codes.ttl",
        "--report", "-", "--report-format", "json",
    )  # fmt: skip
    assert [each["value"] for each in json.loads(done.out)["findings"]] == ["abcd"]
    (sample,) = (workspace / "samples").glob("*.csv")
    refused = call("validate", sample, "--ontology", workspace / "codes.ttl")
    assert (refused.status, "--ontology goes with RDF files" in refused.err) == (2, True)
