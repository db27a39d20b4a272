"""What each command prints, and how it ends."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.cli.conftest import Call


def test_a_workspace_is_made_only_where_nothing_is(tmp_path: Path, call: Call) -> None:
    (tmp_path / "kept.txt").write_text("mine", encoding="utf-8")
    refused = call("init", tmp_path)
    assert refused.status == 2
    assert "there is something here already" in refused.err
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_without_a_workspace_the_next_step_is_told(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = call("query", "accounts-by-status")
    assert ended.status == 2
    assert "graphmap init DIR" in ended.err


def test_samples_load_and_answer_a_saved_query(workspace: Path, call: Call) -> None:
    loaded = call("load", *sorted((workspace / "samples").iterdir()))
    assert (loaded.status, loaded.out) == (0, "37 stored\n")
    asked = call("query", "accounts-by-status", "--param", "country=NZ", "--format", "csv")
    assert asked.status == 0
    assert ["A", "NZ", "2"] in list(csv.reader(io.StringIO(asked.out)))
    again = call("load", *sorted((workspace / "samples").iterdir()))
    assert (again.status, again.out) == (0, "37 unchanged\n")
    held = call("store", "stats").out
    assert "records stored from dim_customer" in held
    for vocabulary in ("https://schema.org/ ", "https://schema.limbergraph.com/limber/ "):
        assert f"things of class Country of {vocabulary}" in held


@pytest.mark.parametrize(
    ("syntax", "start"), [("json", '{"head"'), ("xml", "<?xml"), ("tsv", "?n"), ("table", "n"), ("csv", "n")]
)
def test_an_answer_comes_in_every_format(workspace: Path, call: Call, syntax: str, start: str) -> None:
    assert workspace.is_dir()
    asked = call("query", "-q", "SELECT (1 AS ?n) {}", "--format", syntax)
    assert asked.out.startswith(start)


def test_a_graph_comes_as_turtle(workspace: Path, call: Call) -> None:
    call("load", workspace / "samples" / "account-least.json")
    asked = call("query", "-q", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }")
    assert len(list(ox.parse(asked.out.encode(), ox.RdfFormat.TURTLE))) > 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("query", "no-such-query"), "there is no saved query and no file 'no-such-query'"),
        (("query", "accounts-by-status", "--param", "planet=NZ"), "has no parameter 'planet'"),
        (("query", "accounts-by-status", "--param", "country"), "is not a pair"),
        (("query", "-q", "SELECT * {"), "line 1"),
        (("query", "-q", "DROP ALL"), "update"),
        (("query", "-q", "SELECT * { SERVICE <http://example.com/> { ?s ?p ?o } }"), "SERVICE"),
        (("validate",), "name files"),
        (("load", "--follow", "incoming"), "incoming: there is no such folder (make it"),
        (("validate", "samples/accounts.jsonl", "--fail-on", "doom"), "use violation, warning or info"),
        (("validate", "samples/accounts.jsonl", "--report-format", "pdf"), "is not a report format"),
        (("lift",), "name files"),
        (("lift", "samples/accounts.jsonl", "--source", "moon"), "there is no source 'moon'"),
        (("lift", "samples/accounts.jsonl", "--source", "dim_customer"), "reads tables"),
        (("lift", "samples/accounts.jsonl", "--format", "pdf"), "is not a syntax"),
        (("query", "accounts-by-status", "--format", "yaml"), "is not an answer format (use table, json"),
        (("token", "a b"), "'a b' is not a name for a token"),
        (("rules", "show", "moon"), "there is no schema 'moon'"),
    ],
)
def test_a_wrong_call_is_told_in_one_line_and_ends_with_two(
    workspace: Path, call: Call, arguments: tuple[str, ...], told: str
) -> None:
    assert workspace.is_dir()
    ended = call(*arguments)
    assert ended.status == 2
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert ended.err.count("\n") == 1


BROKEN = [
    ("truncated.json", "row 1", "it ends in the middle"),
    ("bad-line-between.jsonl", "row 2", "it ends in the middle"),
    ("not-an-envelope.json", "row 1", "schemaName"),
    ("unknown-shape.json", "/shapeName", "limber/SalesOrder"),
    ("no-iri.json", "/dataId/iri", "no dataId.iri"),
    ("relative-iri.json", "/dataId/iri", "relative"),
    ("unknown-action.json", "/dataAction", "ARCHIVE"),
    ("column-too-many.csv", "row 2", "31 cells"),
    ("wrong-encoding.csv", "row 1, /firstname", "not UTF-8"),
    ("unknown-header.csv", "unknown-header.csv", "fits no source"),
    ("empty.csv", "empty.csv", "the file is empty"),
    ("empty.json", "empty.json", "the file is empty"),
    ("missing.json", "missing.json", "no such file"),
]


@pytest.mark.parametrize(("name", "place", "told"), BROKEN)
@pytest.mark.parametrize("command", ["validate", "load", "lift"])
def test_input_that_cannot_be_read_ends_with_three_and_says_where(
    workspace: Path, broken: Path, call: Call, command: str, name: str, place: str, told: str
) -> None:
    assert workspace.is_dir()
    ended = call(command, broken / name)
    if command == "lift" and name in ("unknown-shape.json", "unknown-action.json", "relative-iri.json"):
        return  # lifting alone does not ask what a source accepts, or what is to be done with a record
    assert ended.status == 3
    (line,) = [line for line in ended.err.splitlines() if line.startswith("graphmap: ")]
    assert place in line
    assert told in line
    assert "Traceback" not in ended.err


def test_good_records_around_a_broken_one_are_lifted_unless_strictness_is_asked_for(
    workspace: Path, broken: Path, call: Call
) -> None:
    assert workspace.is_dir()
    best = call("lift", broken / "bad-line-between.jsonl")
    assert "2 records lifted, 1 left out" in best.err
    strict = call("lift", "--strict", broken / "bad-line-between.jsonl", "-o", "out.nq")
    assert strict.status == 3
    assert not Path("out.nq").exists()


def test_a_lift_writes_the_same_triples_in_every_syntax(workspace: Path, call: Call) -> None:
    source = workspace / "samples" / "account-oak-and-ash.json"
    forms = {
        "nquads": ox.RdfFormat.N_QUADS,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "turtle": ox.RdfFormat.TURTLE,
        "trig": ox.RdfFormat.TRIG,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    found = []
    for name, form in forms.items():
        assert call("lift", source, "--format", name, "-o", f"out.{name}").status == 0
        found.append({quad.triple for quad in ox.parse(Path(f"out.{name}").read_bytes(), form)})
    assert len(found[0]) > 50
    assert all(each == found[0] for each in found)


def test_inferring_adds_what_the_ontology_entails(workspace: Path, call: Call) -> None:
    source = workspace / "samples" / "account-oak-and-ash.json"
    plain = set(call("lift", source).out.splitlines())
    inferred = call("lift", source, "--infer").out.splitlines()
    assert plain < set(inferred)
    assert len(inferred) == len(set(inferred))


def test_any_mapping_lifts_the_file_that_it_names(tmp_path: Path, call: Call) -> None:
    (tmp_path / "people.csv").write_text("id,name\n1,Zoë\n2,\n", encoding="utf-8")
    mapping = tmp_path / "people.ttl"
    mapping.write_text(
        """@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://example.com/> .
        ex:people a rml:TriplesMap ;
          rml:logicalSource [ rml:source [ a rml:RelativePathSource ; rml:path "people.csv" ] ;
            rml:referenceFormulation rml:CSV ] ;
          rml:subjectMap [ rml:template "http://example.com/{id}" ; rml:class ex:Person ] ;
          rml:predicateObjectMap [ rml:predicate ex:name ; rml:objectMap [ rml:reference "name" ] ] .""",
        encoding="utf-8",
    )
    lifted = call("lift", "--mapping", mapping)
    assert lifted.status == 0
    assert sorted(lifted.out.splitlines()) == [
        '<http://example.com/1> <http://example.com/name> "Zoë" .',
        "<http://example.com/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.com/Person> .",
        "<http://example.com/2> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.com/Person> .",
    ]


def test_a_mapping_may_join_its_sources(tmp_path: Path, call: Call) -> None:
    (tmp_path / "people.csv").write_text("id,sport\n1,10\n2,20\n", encoding="utf-8")
    (tmp_path / "sports.csv").write_text("id,name\n10,Judo\n", encoding="utf-8")
    mapping = tmp_path / "joined.ttl"
    mapping.write_text(
        """@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://example.com/> .
        ex:person a rml:TriplesMap ;
          rml:logicalSource [ rml:source [ a rml:RelativePathSource ; rml:path "people.csv" ] ;
            rml:referenceFormulation rml:CSV ] ;
          rml:subjectMap [ rml:template "http://example.com/p/{id}" ] ;
          rml:predicateObjectMap [ rml:predicate ex:plays ; rml:objectMap [ rml:parentTriplesMap ex:sport ;
            rml:joinCondition [ rml:child "sport" ; rml:parent "id" ] ] ] .
        ex:sport a rml:TriplesMap ;
          rml:logicalSource [ rml:source [ a rml:RelativePathSource ; rml:path "sports.csv" ] ;
            rml:referenceFormulation rml:CSV ] ;
          rml:subjectMap [ rml:template "http://example.com/s/{id}" ] .""",
        encoding="utf-8",
    )
    lifted = call("lift", "--mapping", mapping)
    assert lifted.status == 0
    assert lifted.out == "<http://example.com/p/1> <http://example.com/plays> <http://example.com/s/10> .\n"


def test_a_mapping_that_names_no_source_is_refused_before_anything_is_read(tmp_path: Path, call: Call) -> None:
    mapping = tmp_path / "nothing.ttl"
    mapping.write_text(
        "@prefix rml: <http://w3id.org/rml/> . <http://example.com/m> a rml:TriplesMap .", encoding="utf-8"
    )
    ended = call("lift", "--mapping", mapping)
    assert ended.status == 2
    assert "nothing.ttl" in ended.err


def test_a_report_is_complete_in_json_and_names_row_pointer_and_rule(workspace: Path, faulty: Path, call: Call) -> None:
    assert workspace.is_dir()
    ended = call("validate", faulty / "rows.csv", "--report", "report.json")
    assert ended.status == 1
    report = json.loads(Path("report.json").read_text(encoding="utf-8"))
    assert report["outcome"] == "violates"
    assert report["counts"]["Violation"] + report["counts"]["Warning"] == len(report["findings"])
    first = report["findings"][0]
    assert (first["row"], first["pointer"]) == (1, "/customer_id")
    assert first["rule"] == "warehouse.dim_customer.customer_id.minCount"


def test_warnings_fail_only_when_asked(workspace: Path, call: Call) -> None:
    table = workspace / "warned.csv"
    head = (workspace / "samples" / "dim_customer.csv").read_text(encoding="utf-8").splitlines()[0]
    cells = {"customer_id": "5", "locale": "german"}
    table.write_text(f"{head}\n{','.join(cells.get(name, '') for name in head.split(','))}\n", encoding="utf-8")
    assert call("validate", table).status == 0
    assert call("validate", table, "--fail-on", "warning").status == 1


def test_rdf_is_validated_too(workspace: Path, call: Call, samples: Path) -> None:
    assert workspace.is_dir()
    call("lift", samples / "account-oak-and-ash.json", "--format", "turtle", "-o", "account.ttl")
    assert call("validate", "account.ttl").status == 0
    Path("broken.ttl").write_text("<a> <b> .", encoding="utf-8")
    broken = call("validate", "broken.ttl")
    assert broken.status == 3
    assert "broken.ttl, line 1" in broken.err


def test_what_is_stored_conforms(workspace: Path, call: Call) -> None:
    call("load", *sorted((workspace / "samples").iterdir()))
    ended = call("validate", "--store")
    assert (ended.status, ended.out.splitlines()[0]) == (0, "conforms: 37 records, no findings")


def test_derived_files_are_fresh_and_a_change_is_shown_as_a_difference(workspace: Path, call: Call) -> None:
    assert call("derive", "--check").status == 0
    rules = workspace / "rules" / "warehouse.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("graphmap:size: 256", "graphmap:size: 255", 1), encoding="utf-8"
    )
    stale = call("derive", "--check")
    assert stale.status == 1
    assert "+    sh:maxLength 255" in stale.out
    assert "shapes/warehouse.ttl" in call("derive").out
    assert call("derive", "--check").status == 0


def test_rules_are_checked_and_shown(workspace: Path, call: Call) -> None:
    assert workspace.is_dir()
    checked = call("rules", "check")
    assert (checked.status, checked.out) == (0, "")
    assert "0 contradictions" in checked.err
    shown = call("rules", "show", "limber")
    assert "accountCode" in shown.out


@pytest.mark.parametrize(
    "command", [(), ("load",), ("validate",), ("lift",), ("query",), ("serve",), ("rules",), ("store",)]
)
def test_help_teaches(call: Call, command: tuple[str, ...]) -> None:
    told = call(*command, "--help")
    assert told.status == 0
    assert len(told.out) > 150


def test_a_workspace_that_cannot_be_made_is_told_with_its_folder(tmp_path: Path, call: Call) -> None:
    (tmp_path / "file").write_text("")
    ended = call("init", tmp_path / "file" / "customers")
    assert ended.status == 3
    assert "customers: cannot be made: Not a directory (check" in ended.err
