"""A verdict is only given where every shape was understood and something was looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.cli import main
from graphmap.errors import ShapesError
from graphmap.validation.report.report import Report
from graphmap.validation.validate import validate

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.test/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONE = "sh:property [ sh:path e:name ; sh:minCount 1 ]"
GOOD = f"e:Good a sh:NodeShape ; sh:targetClass e:T ; {ONE} .\n"
DATA = "e:n a e:T ; e:code 1 ."


def report(shapes: str, data: str = DATA, **options: bool) -> Report:
    return validate(PREFIXES + data, PREFIXES + shapes, deadline_s=30.0, **options)  # type: ignore[arg-type]  # flags


def test_the_good_shape_alone_gives_a_verdict() -> None:
    found = report(GOOD)
    assert (found.outcome, found.failures, found.notes, len(found.findings)) == ("violates", (), (), 1)


@pytest.mark.parametrize("kind", ["owl:Class", "rdfs:Class", "sh:ShapeClass", "e:Meta"])
def test_a_shape_that_is_a_class_of_any_kind_targets_its_instances(kind: str) -> None:
    found = report(f"e:T a {kind} , sh:NodeShape ; {ONE} . e:Meta rdfs:subClassOf owl:Class .")
    assert [each.component for each in found.findings] == ["MinCountConstraintComponent"]


@pytest.mark.parametrize(
    ("shapes", "named"),
    [
        (f"e:S a sh:NodeShape ; sh:targetclass e:T ; {ONE} .", "did you mean sh:targetClass?"),
        (f"e:S a sh:NodeShape ; sh:targetNodes e:n ; {ONE} .", "did you mean sh:targetNode?"),
        (f"e:S a sh:NodeShape ; sh:targetSubjectOf e:code ; {ONE} .", "did you mean sh:targetSubjectsOf?"),
        ("e:S sh:targetClass e:T ; sh:property [ sh:path e:name ; sh:minCuont 1 ] .", "did you mean sh:minCount?"),
        (f"e:S <http://www.w3.org/ns/shacl/targetClass> e:T ; {ONE} .", "namespace of SHACL"),
        (f"e:S <https://www.w3.org/ns/shacl#targetClass> e:T ; {ONE} .", "namespace of SHACL"),
        (f"e:S <http://www.w3.org/ns/SHACL#targetClass> e:T ; {ONE} .", "namespace of SHACL"),
        (f"e:S <http://www.w3.org/ns/shacI#targetClass> e:T ; {ONE} .", "namespace of SHACL"),
        ("<http://e.test/o> owl:imports <http://e.test/none> .", "imports <http://e.test/none>"),
        ("e:S sh:targetClass e:T ; sh:targetWhere [] .", "draft of SHACL 1.2"),
    ],
)
def test_what_was_not_understood_fails_by_name_beside_a_shape_that_was(shapes: str, named: str) -> None:
    found = report(GOOD + shapes)
    assert found.outcome == "failed"
    assert any(named in failure for failure in found.failures), found.failures


@pytest.mark.parametrize(
    ("shapes", "data"),
    [
        ("e:a e:b e:c .", DATA),
        (f"e:S a sh:NodeShape ; {ONE} .", DATA),
        (f"e:S a sh:NodeShape ; sh:deactivated true ; sh:targetClass e:T ; {ONE} .", DATA),
        (GOOD, "e:n a e:Other ."),
    ],
)
def test_a_validation_that_looks_at_nothing_fails_unless_that_is_allowed(shapes: str, data: str) -> None:
    assert report(shapes, data).outcome == "failed"
    assert "--allow-no-targets" in report(shapes, data).failures[0]
    assert report(shapes, data, allow_no_targets=True).outcome == "conforms"


@pytest.mark.parametrize(
    ("shape", "fault"),
    [
        ("e:Bad sh:targetClass e:T ; sh:property [ sh:minCount 1 ] .", "without sh:path"),
        ('e:Bad sh:targetClass e:T ; sh:minLength "x" .', "sh:minLength must be an integer"),
        ("e:Bad sh:targetClass e:T ; sh:in e:notAList .", "sh:in must be a list"),
        ("e:Bad sh:targetClass e:T ; sh:node e:Bad .", "refers to itself"),
        ('e:Bad sh:targetNode e:n ; sh:pattern "(" .', "not a regular expression"),
    ],
)
def test_one_ill_formed_shape_fails_the_run_by_name_and_the_others_run(shape: str, fault: str) -> None:
    found = report(GOOD + shape)
    assert found.outcome == "failed"
    assert any(fault in failure for failure in found.failures), found.failures
    assert [each.as_dict()["sourceShape"] for each in found.findings if each.component == "MinCountConstraintComponent"]


def test_strict_shapes_refuse_the_whole_set() -> None:
    with pytest.raises(ShapesError, match="sh:in must be a list"):
        report(GOOD + "e:Bad sh:targetClass e:T ; sh:in e:notAList .", strict=True)


@pytest.mark.parametrize("around", ["sh:not e:Bad", "sh:or ( e:Bad e:Else )", "sh:node [ sh:property e:P ]"])
def test_a_shape_that_cannot_be_evaluated_decides_nothing_where_another_depends_on_it(around: str) -> None:
    bad = "e:Bad sh:nodeKind e:Kind . e:Else sh:nodeKind sh:Literal . e:P sh:path e:code ; sh:in e:notAList ."
    found = report(f"e:S sh:targetClass e:T ; {around} . {bad}")
    assert found.outcome == "failed"
    assert list(found.findings) == []


@pytest.mark.parametrize(
    ("pattern", "fits", "differs"),
    [
        (r"^[^\\/]+\\/[^\\/]+$", "text/html", "html"),
        (r"^(?=.*a)b", "ba", "bc"),
        (r"^(?!a)", "b", "a"),
        (r"\\x21", "a!", "a"),
        (r"^\\u0041$", "A", "B"),
        (r"^\\@\\-$", "@-", "@"),
    ],
)
def test_a_pattern_of_another_dialect_runs_and_is_remarked_upon(pattern: str, fits: str, differs: str) -> None:
    shapes = f'e:S sh:targetClass e:T ; sh:property [ sh:path e:m ; sh:pattern "{pattern}" ] .'
    found = report(shapes, f'e:a a e:T ; e:m "{fits}" , "{differs}" .')
    assert [each.as_dict()["value"] for each in found.findings] == [differs]
    assert found.outcome == "violates"
    assert "not an XPath regular expression" in found.notes[0]


def test_a_unicode_block_is_xpath_and_needs_no_remark() -> None:
    shapes = r'e:S sh:targetClass e:T ; sh:property [ sh:path e:m ; sh:pattern "^\\p{IsBasicLatin}+$" ] .'
    found = report(shapes, 'e:a a e:T ; e:m "abc" , "ü" .')
    assert [each.as_dict()["value"] for each in found.findings] == ["ü"]
    assert found.notes == ()


def test_a_blank_node_in_a_list_of_values_leaves_the_others_and_is_remarked_upon() -> None:
    found = report("e:S sh:targetClass e:T ; sh:property [ sh:path e:code ; sh:in ( 2 [] ) ] .")
    assert [each.component for each in found.findings] == ["InConstraintComponent"]
    assert any("blank node" in note for note in found.notes)


def test_a_shape_that_is_its_own_sparql_constraint_is_evaluated() -> None:
    shapes = (
        "e:S sh:targetClass e:T ; sh:sparql e:S ; sh:select 'SELECT $this WHERE { $this <http://e.test/code> 1 }' ."
    )
    found = report(shapes)
    assert (found.outcome, len(found.findings)) == ("violates", 1)


def test_imports_are_read_from_files_beside(tmp_path: Path) -> None:
    main_file, more = tmp_path / "main.ttl", tmp_path / "more.ttl"
    main_file.write_text(f"{PREFIXES} <http://e.test/main> owl:imports <http://e.test/more> , sh: .")
    more.write_text(f"{PREFIXES} <http://e.test/more> owl:imports <http://e.test/main> . {GOOD}")
    (tmp_path / "data.ttl").write_text(PREFIXES + DATA)
    found = validate(tmp_path / "data.ttl", main_file)
    assert (found.outcome, found.failures) == ("violates", ())


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as end:
        main(["validate", *map(str, arguments)])
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    shapes, data, ontology = tmp_path / "s.ttl", tmp_path / "d.ttl", tmp_path / "o.ttl"
    shapes.write_text(PREFIXES + "e:S sh:targetClass e:Top ; sh:property [ sh:path e:is ; sh:class e:Code ] .")
    data.write_text(PREFIXES + "e:n a e:T ; e:is e:one .")
    ontology.write_text(PREFIXES + "e:T rdfs:subClassOf e:Top . e:one a e:Code . e:other a e:Top ; e:is e:none .")
    return shapes, data, ontology


def test_an_ontology_is_used_beside_the_data_and_not_validated_itself(
    files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    shapes, data, ontology = files
    assert run(data, "--shapes", shapes) == 3
    assert run(data, "--shapes", shapes, "--ontology", ontology) == 0
    assert "e.test/other" not in capsys.readouterr().out


def test_a_shape_and_a_focus_node_can_be_chosen(
    files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    shapes, data, _ = files
    chosen = ("--shape", "http://e.test/S", "--focus", "http://e.test/n")
    assert run(data, "--shapes", shapes, *chosen) == 1
    assert run(data, "--shapes", shapes, "--shape", "http://e.test/X") == 2
    assert "did you mean <http://e.test/S>?" in capsys.readouterr().err
