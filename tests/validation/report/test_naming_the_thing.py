"""A report says which property of which thing is wrong, and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphmap.cli import main
from graphmap.validation.formats.registry import write_report
from graphmap.validation.formats.terminal import summary
from graphmap.validation.report.finding import Finding
from graphmap.validation.report.positions import positions
from graphmap.validation.validate import validate

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.test/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def findings(shape: str, data: str) -> list[Finding]:
    report = validate(PREFIXES + data, f"{PREFIXES} e:S sh:targetNode e:n ; {shape} .")
    return list(report.findings)


@pytest.mark.parametrize(
    ("constraint", "value", "reason"),
    [
        ("sh:datatype xsd:hexBinary", '"zz"', "is an xsd:string, expected xsd:hexBinary"),
        ("sh:datatype xsd:date", '"2020-02-31"^^xsd:date', "is an ill-formed xsd:date, expected xsd:date"),
        ("sh:datatype xsd:string", '"a"@en', "is a text in language en, expected xsd:string"),
        ("sh:nodeKind sh:IRI", "[]", "is a blank node, expected sh:IRI"),
        ("sh:nodeKind sh:Literal", "e:x", "is an IRI, expected sh:Literal"),
        ("sh:class e:C", "e:x", "is no instance of C"),
        ("sh:class e:C", "1", "is an xsd:integer, and is no instance of C"),
        ("sh:minLength 3", '"a"', "The value must have at least 3 characters"),
        ("sh:maxCount 0", "1", "There must be at most 0 values"),
        ("sh:in ( 2 )", "1", "The value must be one of 2"),
    ],
)
def test_the_reason_is_told_beside_a_message_of_the_shape(constraint: str, value: str, reason: str) -> None:
    found = findings(f'sh:property [ sh:path e:code ; sh:message "Wrong" ; {constraint} ]', f"e:n e:code {value} .")
    assert [(each.message, each.reason, each.property) for each in found] == [("Wrong", reason, "code")]


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        ('sh:property [ sh:path e:code ; sh:name "the code" ; sh:minCount 1 ]', "the code"),
        ("sh:property [ sh:path e:code ; sh:minCount 1 ]", "code"),
        ("sh:property [ sh:path ( e:a [ sh:inversePath e:b ] ) ; sh:minCount 1 ]", "a/^b"),
        ("sh:nodeKind sh:Literal", None),
    ],
)
def test_the_property_is_named(shape: str, name: str | None) -> None:
    assert [each.property for each in findings(shape, "e:n e:x 1 .")] == [name]


def test_a_closed_shape_names_the_predicate() -> None:
    (found,) = findings("sh:closed true", "e:n e:extra 1 .")
    assert (found.property, found.reason) == ("extra", "the shape does not list extra")


INNER = "[ sh:path e:q ; sh:minCount 1 ]"


@pytest.mark.parametrize(
    "constraint",
    [
        f"sh:node [ sh:property {INNER} ]",
        f"sh:and ( [ sh:property {INNER} ] )",
        f"sh:or ( [ sh:property {INNER} ] )",
        f"sh:xone ( [ sh:property {INNER} ] )",
        f"sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:property {INNER} ]",
    ],
)
def test_details_say_why_a_value_does_not_conform(constraint: str) -> None:
    shapes = f"{PREFIXES} e:S sh:targetNode e:n ; sh:property [ sh:path e:p ; {constraint} ] ."
    report = validate(f"{PREFIXES} e:n e:p e:m .", shapes)
    (found,) = report.findings
    assert [(each.property, each.focus_node) for each in found.details] == [("q", "<http://e.test/m>")]
    assert json.loads("".join(write_report(report, "json")))["findings"][0]["detail"][0]["property"] == "q"
    assert "sh:detail" in "".join(write_report(report, "turtle"))
    assert "because of q" in "\n".join(summary(report))


def test_every_format_for_people_names_property_label_value_and_reason() -> None:
    shapes = (
        f'{PREFIXES} e:S sh:targetClass e:C ; sh:property [ sh:path e:born ; sh:datatype xsd:date ; sh:message "No" ] .'
    )
    report = validate(f'{PREFIXES} e:ada a e:C ; rdfs:label "Ada" ; e:born "soon" .', shapes)
    texts = ["\n".join(summary(report))]
    texts += ["".join(write_report(report, name)) for name in ("html", "junit", "json", "sarif")]
    for text in texts:
        for word in ("born", "Ada", "soon", "is an xsd:string, expected xsd:date"):
            assert word in text


def test_a_blank_shape_keeps_its_name_when_another_stands_above_it() -> None:
    shape = "e:S sh:targetNode e:n ; sh:property [ sh:path e:p ; sh:minCount 1 ] ."
    other = "e:O sh:targetNode e:o ; sh:property [ sh:path e:p ; sh:minCount 0 ] , [ sh:path e:q ; sh:minCount 0 ] ."
    names = [
        {each.source_shape for each in validate(f"{PREFIXES} e:n e:x 1 .", PREFIXES + text).findings}
        for text in (shape, other + shape)
    ]
    assert names[0] == names[1]
    assert len(names[0]) == 1


def test_line_and_column_are_those_of_the_property_else_of_the_node(tmp_path: Path) -> None:
    (tmp_path / "s.ttl").write_text(
        f"{PREFIXES} e:S sh:targetClass e:C ; "
        "sh:property [ sh:path e:p ; sh:maxLength 1 ] , [ sh:path e:q ; sh:minCount 1 ] ."
    )
    data = f'{PREFIXES}# e:n e:p "no"\ne:m e:z "e:n e:p" .\ne:n a e:C ;\n  e:o [ e:p 1 ] ;\n  e:p "long" .\n'
    (tmp_path / "d.ttl").write_text(data)
    report = tmp_path / "r.json"
    with pytest.raises(SystemExit):
        main(["validate", str(tmp_path / "d.ttl"), "--shapes", str(tmp_path / "s.ttl"), "--report", str(report)])
    found = {
        each["resultPath"][-1]: (each["line"], each["column"]) for each in json.loads(report.read_text())["findings"]
    }
    lines = data.split("\n")
    assert found == {"p": (lines.index('  e:p "long" .') + 1, 3), "q": (lines.index("e:n a e:C ;") + 1, 1)}


def test_places_are_found_in_n_triples_and_behind_brackets() -> None:
    assert positions("<a:s> <a:p> <a:o> .\n<a:t> <a:p> 1 .", {"<a:t>"})["<a:t>", "<a:p>"] == (2, 7)
    assert positions("[ <a:x> 1 ] <a:y> 2 . <a:s> <a:p> ( 1 2 ) ; <a:q> 1 .", {"<a:s>"})["<a:s>", "<a:q>"] == (1, 45)
