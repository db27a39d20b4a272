"""Reports, in every format."""

import base64
import csv
import hashlib
import io
import json
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pyld.jsonld
import pyoxigraph
import pytest

from graphmap.errors import CallError
from graphmap.rdf.graph import Graph
from graphmap.rdf.terms import Triple
from graphmap.validation.engine.compiler import CompiledShape
from graphmap.validation.formats import REPORT_FORMATS, write_report
from graphmap.validation.formats.json import report_dict
from graphmap.validation.formats.rdf import finding_triples
from graphmap.validation.formats.terminal import summary
from graphmap.validation.report.coverage import Coverage
from graphmap.validation.report.finding import Finding, finding_of
from graphmap.validation.report.guidance import Guide
from graphmap.validation.report.report import Covered, Report, tallies
from graphmap.validation.report.result import Result
from graphmap.validation.shapes.property_paths import Path, PathKind, predicate_path, read_path
from graphmap.validation.shapes.vocabulary import sh

KEYS = ["conforms", "outcome", "records", "counts", "findings", "unread", "coverage"]
NASTY = 'x"]]><script>alert(1)</script>&\n\x07ü😀\u2028\\'
PATHS = [
    predicate_path("<http://example.org/p>"),
    Path(kind=PathKind.INVERSE, parts=(predicate_path("<http://example.org/p>"),)),
    Path(
        kind=PathKind.SEQUENCE,
        parts=(predicate_path("<http://example.org/p>"), predicate_path("<http://example.org/q>")),
    ),
    Path(
        kind=PathKind.ALTERNATIVE,
        parts=(
            Path(kind=PathKind.ZERO_OR_MORE, parts=(predicate_path("<http://example.org/p>"),)),
            Path(kind=PathKind.ZERO_OR_ONE, parts=(predicate_path("<http://example.org/q>"),)),
        ),
    ),
]


def finding(row: int = 1, *, severity: str = "Violation", rule: str | None = "limber.A.p.maxLength") -> Finding:
    return Finding(
        focus_node="<http://example.org/x>",
        result_path=PATHS[row % len(PATHS)],
        value='"abc"@en',
        source_shape="<http://example.org/Shape>",
        rule=rule,
        component="MaxLengthConstraintComponent",
        severity=severity,
        message="at most two characters",
        source="rows.csv",
        row=row,
        pointer="/p",
    )


def nasty() -> Finding:
    return Finding(message=NASTY, received=NASTY, source=NASTY, rule=NASTY, row=7, pointer="/=1+1")


def report(*findings: Finding, failures: tuple[str, ...] = (), fail_on: str = "Violation") -> Report:
    return Report(records=9, findings=findings, unread={"/a/b": 2}, failures=failures, fail_on=fail_on)


def text_of(found: Report, name: str) -> str:
    return "".join(write_report(found, name))


@pytest.mark.parametrize(
    ("severities", "fail_on", "conforms", "outcome"),
    [
        ([], "Violation", True, "conforms"),
        (["Warning"], "Violation", False, "conforms"),
        (["Warning"], "Warning", False, "violates"),
        (["Info"], "Warning", False, "conforms"),
        (["Info", "Violation"], "Violation", False, "violates"),
        (["http://example.org/own"], "Violation", False, "violates"),
    ],
)
def test_any_finding_breaks_conformance_and_the_threshold_decides_the_outcome(
    severities: list[str], fail_on: str, *, conforms: bool, outcome: str
) -> None:
    found = report(*(finding(severity=severity) for severity in severities), fail_on=fail_on)
    assert (found.conforms, found.outcome) == (conforms, outcome)


def test_what_could_not_be_evaluated_is_a_failure_whatever_was_found() -> None:
    found = report(failures=("sh:sparql is not part of SHACL Core",))
    assert (found.conforms, found.outcome) == (False, "failed")


def test_a_finding_is_made_of_a_result_and_its_place() -> None:
    result = Result(
        focus_node="<http://example.org/x>",
        path=predicate_path("<http://example.org/p>"),
        value='"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        source_shape="<http://example.org/Shape>",
        component=sh("DatatypeConstraintComponent"),
        severity=sh("Warning"),
        messages=('"Zahl"@de', '"number"@en'),
        rule="a.b.c",
    )
    assert finding_of(result, source="rows.csv", row=3, pointer="/p", received="one").as_dict() == {
        "focusNode": "http://example.org/x",
        "resultPath": "http://example.org/p",
        "value": "one",
        "sourceShape": "http://example.org/Shape",
        "rule": "a.b.c",
        "component": "DatatypeConstraintComponent",
        "severity": "Warning",
        "message": "number",
        "source": "rows.csv",
        "row": 3,
        "pointer": "/p",
        "property": "p",
    }


def test_tallies_put_the_worst_and_most_frequent_first_and_bound_their_samples() -> None:
    found = [finding(row, severity="Warning", rule="w") for row in range(9)]
    found += [finding(rule="v1"), finding(1, rule="v2"), finding(2, rule="v2")]
    rows = tallies(report(*found), samples=1)
    assert [(row.severity, row.rule, row.count) for row in rows] == [
        ("Violation", "v2", 2),
        ("Violation", "v1", 1),
        ("Warning", "w", 9),
    ]
    assert all(len(row.samples) == 1 for row in rows)


def test_the_json_report_has_its_keys_and_what_does_not_apply_is_null() -> None:
    read = json.loads(text_of(report(finding(), nasty()), "json"))
    assert list(read) == [*KEYS, "failures", "notes", "quality"]
    assert (read["counts"], read["unread"]) == ({"Violation": 2, "Warning": 0, "Info": 0}, {"/a/b": 2})
    assert read["findings"][1]["focusNode"] is None
    assert read["findings"][1]["value"] == NASTY
    assert read == report_dict(report(finding(), nasty()))


def test_an_empty_json_report_is_json() -> None:
    assert json.loads(text_of(Report(records=0), "json"))["findings"] == []


def test_coverage_is_reported() -> None:
    coverage = Coverage(["<a:Empty>"])
    coverage.note({"<a:x>": {}, "<a:y>": {}}, {"<a:x>": (CompiledShape(node="<a:Full>", checks=(), groups=()),)})
    found = Report(records=1, coverage=Covered.of(coverage))
    assert json.loads(text_of(found, "json"))["coverage"] == {
        "targets": {"a:Empty": 0, "a:Full": 1},
        "shapesWithoutTargets": ["a:Empty"],
        "subjectsWithoutShape": 1,
        "subjectsWithoutShapeSamples": ["a:y"],
    }


def test_the_csv_report_has_a_row_a_finding_and_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(report(finding(), nasty()), "csv"), newline="")))
    assert [(row["row"], row["severity"]) for row in rows] == [("1", "Violation"), ("7", "Violation")]
    assert rows[1]["value"] == NASTY
    assert text_of(report(Finding(message="=1+1")), "csv").splitlines()[1].startswith("Violation,,,,,,'=1+1")


def read_turtle(found: Report) -> Graph:
    quads = pyoxigraph.parse(text_of(found, "turtle"), pyoxigraph.RdfFormat.TURTLE)
    return Graph((str(q.subject), str(q.predicate), str(q.object)) for q in quads)


def test_the_turtle_report_is_the_report_of_the_standard() -> None:
    graph = read_turtle(report(*(finding(row) for row in range(4)), nasty(), failures=(NASTY,)))
    (node,) = graph.subjects("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", sh("ValidationReport"))
    assert graph.objects(node, sh("conforms")) == ('"false"^^<http://www.w3.org/2001/XMLSchema#boolean>',)
    results = graph.objects(node, sh("result"))
    assert len(results) == 5
    heads = [head for result in results for head in graph.objects(result, sh("resultPath"))]
    assert [read_path(graph, head) for head in heads] == PATHS
    assert graph.objects(results[0], sh("value")) == ('"abc"@en',)
    assert graph.objects(results[0], "<https://w3id.org/graphmap#row>")[0].startswith('"0"')
    assert graph.objects(results[4], sh("focusNode")) == ()


def test_a_finding_as_triples_says_what_its_turtle_says() -> None:
    numbers = iter(range(99))
    for row in range(4):
        triples = Graph(finding_triples(finding(row), "<a:r>", lambda: f"_:{next(numbers)}"))
        written = read_turtle(report(finding(row)))
        result = written.subjects("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", sh("ValidationResult"))[0]
        assert triples.forward["<a:r>"].keys() == written.forward[result].keys()
        assert read_path(triples, triples.objects("<a:r>", sh("resultPath"))[0]) == PATHS[row]


def test_the_jsonld_report_holds_the_triples_of_the_turtle_report() -> None:
    found = report(*(finding(row) for row in range(4)), finding(severity="http://example.org/own"), failures=("one",))
    quads = pyld.jsonld.to_rdf(json.loads(text_of(found, "jsonld")), {"format": "application/n-quads"})
    ours = pyoxigraph.Dataset(pyoxigraph.parse(text_of(found, "turtle"), pyoxigraph.RdfFormat.TURTLE))
    theirs = pyoxigraph.Dataset(pyoxigraph.parse(quads, pyoxigraph.RdfFormat.N_QUADS))
    for dataset in (ours, theirs):
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    assert ours == theirs


def test_the_html_report_is_one_page_that_runs_nothing_from_the_data() -> None:
    scripts: list[str] = []

    class Page(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            links = [value for name, value in attrs if name in ("src", "href") and value is not None]
            assert all(link.startswith(("#", "data:,")) for link in links)
            assert not any(name.startswith("on") for name, _ in attrs)
            if tag == "script":
                scripts.append(tag)

    page = text_of(report(nasty(), *(finding(row) for row in range(90)), failures=(NASTY,)), "html")
    Page().feed(page)
    assert len(scripts) == 1
    script = page[page.index("<script>") + len("<script>") : page.index("</script>")]
    assert f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}" in page
    assert "50 of 90 shown" in page
    assert 'name="viewport"' in page


def test_the_html_report_tells_why_and_how_to_mend_it() -> None:
    guide = Guide(name="length of p", why="Labels hold two characters.", page="page, row p")
    page = text_of(Report(records=1, findings=[finding()], guides={"limber.A.p.maxLength": guide}), "html")
    wanted = ("length of p", "Labels hold two characters.", "page, row p", "Shorten the value", "rows.csv, row 1, /p")
    for text in wanted:
        assert text in page


def test_a_page_of_very_many_rules_stays_bounded_and_its_totals_exact() -> None:
    found = report(*(finding(row, rule=f"r{row % 1000}") for row in range(20_000)))
    page = text_of(found, "html")
    assert page.count('<tr class="finding"') == 4_000
    assert "20,000" in page


def test_the_junit_report_counts_rules_that_fail() -> None:
    found = report(nasty(), finding(1), finding(2), finding(severity="Warning", rule="w"), failures=(NASTY,))
    suite = ET.fromstring(text_of(found, "junit"))  # noqa: S314  # our own text
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "2", "1")
    assert len(suite.findall("testcase")) == 4
    assert suite.find("testcase/system-out") is not None


def test_a_junit_report_without_findings_has_a_case_that_passes() -> None:
    suite = ET.fromstring(text_of(Report(records=1), "junit"))  # noqa: S314  # our own text
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert len(suite.findall("testcase")) == 1


def test_the_summary_shows_totals_places_values_and_expectations_on_safe_lines() -> None:
    lines = list(summary(report(nasty(), *(finding(row) for row in range(9))), samples=2))
    assert lines[0] == "violates: 9 records, 10 violations"
    assert "  rows.csv, row 1, /p: received 'abc'; at most two characters" in lines
    assert "  and 7 more" in lines
    assert "  /a/b: 2" in lines
    assert all(line.isprintable() for line in lines)


def test_a_summary_names_no_more_rules_than_asked() -> None:
    lines = list(summary(report(*(finding(rule=f"r{number}") for number in range(5))), rules=2))
    assert "3 more rules with findings; a CSV, JSON or HTML report has them all" in lines


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_two_runs_write_the_same_bytes(name: str) -> None:
    found = report(finding(), nasty())
    assert text_of(found, name) == text_of(found, name)


def test_an_unknown_format_is_named_with_those_that_exist() -> None:
    with pytest.raises(CallError, match="turtle, jsonld, json, csv, html, junit"):
        write_report(Report(records=0), "yaml")


def test_a_finding_without_a_subject_has_no_focus_node_in_its_triples() -> None:
    triples = list(finding_triples(nasty(), "<a:r>", lambda: "_:0"))
    assert Triple("<a:r>", sh("resultSeverity"), sh("Violation")) in triples
    assert all(triple.predicate != sh("focusNode") for triple in triples)
