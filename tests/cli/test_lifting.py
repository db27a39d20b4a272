"""`graphmap lift` with anyone's mapping: reports, strictness, distinct output, whole files, faults of a mapping."""

from __future__ import annotations

import json
import resource
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pyoxigraph
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Call

_PREFIXES = """@prefix rml: <http://w3id.org/rml/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.com/> .
"""
_SOURCE = 'ex:rows rml:source "rows.csv" ; rml:referenceFormulation rml:CSV .\n'
_MAP = """ex:row rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{id}" ; rml:class ex:Row ] ;
  rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap ex:number ] .
ex:number rml:reference "n" ; rml:datatype xsd:integer .
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a mapping and a table, in which one record is ill-typed and one cannot be read."""
    monkeypatch.chdir(tmp_path)
    Path("mapping.ttl").write_text(_PREFIXES + _SOURCE + _MAP, encoding="utf-8")
    Path("rows.csv").write_text("id,n\n1,10\n2,x\n1,10\n", encoding="utf-8")
    return tmp_path


def _report(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("report.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, json.loads(call("lift", "--report-schema").out))
    return found


def _leftovers() -> list[str]:
    known = ("mapping.ttl", "rows.csv", "report.json", "other.csv")
    return [each.name for each in Path().iterdir() if each.name not in known]


def test_a_mapping_is_strict_unless_best_effort_is_asked_for(call: Call) -> None:
    strict = call("lift", "--mapping", "mapping.ttl", "-o", "out.nq")
    assert strict.status == 3
    assert "rows.csv, row 2, /n: 'x' is not a value of" in strict.err
    assert "mapping.ttl, line 6" in strict.err
    assert _leftovers() == []
    best = call("lift", "--mapping", "mapping.ttl", "--best-effort", "-o", "out.nq")
    assert best.status == 1
    assert "2 records lifted, 1 left out" in best.err
    assert len(Path("out.nq").read_text(encoding="utf-8").splitlines()) == 4


def test_a_report_that_cannot_be_written_is_told_before_anything_is_read(call: Call, tmp_path: Path) -> None:
    Path("rows.csv").unlink()
    ended = call("lift", "--mapping", "mapping.ttl", "-o", "out.nq", "--report", tmp_path)
    assert ended.status == 3
    assert f"{tmp_path}: cannot be written: Is a directory" in ended.err
    assert _leftovers() == []


@pytest.mark.parametrize("syntax", ["turtle", "trig", "jsonld"])
def test_a_mapping_is_strict_in_every_syntax(call: Call, syntax: str) -> None:
    ended = call("lift", "--mapping", "mapping.ttl", "--format", syntax, "-o", "out")
    assert (ended.status, _leftovers()) == (3, [])
    assert "rows.csv, row 2, /n" in ended.err


@pytest.mark.parametrize(("name", "asked"), [("out.ttl", ()), ("out.data", ("--format", "turtle"))])
def test_the_ending_of_a_file_names_its_syntax_unless_one_is_asked_for(
    call: Call, name: str, asked: tuple[str, ...]
) -> None:
    assert call("lift", "--mapping", "mapping.ttl", "--best-effort", "-o", name, *asked).status == 1
    text = Path(name).read_text(encoding="utf-8")
    assert len(set(pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE))) == 2
    with pytest.raises(SyntaxError):
        list(pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_QUADS))


def test_a_record_that_cannot_be_read_ends_best_effort_with_3(call: Call) -> None:
    Path("rows.csv").write_text("id,n\n1,10\n2\n3,x\n", encoding="utf-8")
    best = call("lift", "--mapping", "mapping.ttl", "--best-effort", "--report", "report.json")
    assert best.status == 3
    assert [(each["kind"], each["row"], each["record"]) for each in _report(call)["errors"]] == [
        ("unreadable", 2, "2"),
        ("ill-typed", 3, '{"id":"3","n":"x"}'),
    ]


def test_a_report_counts_records_terms_and_errors_and_says_where(call: Call) -> None:
    call("lift", "--mapping", "mapping.ttl", "--best-effort", "--report", "report.json")
    found = _report(call)
    assert (found["outcome"], found["records"], found["setAside"]) == ("incomplete", 3, 1)
    assert found["errors"][0]["statement"] == {"file": "mapping.ttl", "line": 6, "column": 1}
    assert [(each["terms"], each["errors"]) for each in found["termMaps"]] == [(2, 0), (2, 1)]


def test_a_reference_that_no_record_has_is_named_beside_a_report(call: Call) -> None:
    Path("rows.json").write_text('[{"id": 1, "name": "a"}, {"id": 2, "number": null}]', encoding="utf-8")
    read = 'ex:rows rml:source "rows.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .\n'
    maps = "".join(
        f" ;\n rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {each} ] ]"
        for each in ('rml:reference "nmae"', 'rml:reference "name"', 'rml:template "{id}-{nmae}"')
    )
    subject = 'ex:row rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{id}" ]'
    Path("mapping.ttl").write_text(f"{_PREFIXES}{read}{subject}{maps} .\n", encoding="utf-8")
    told = call("lift", "--mapping", "mapping.ttl", "-o", "out.nq", "--report", "report.json")
    assert told.status == 0
    assert [line for line in told.err.splitlines() if "no record gave" in line] == [
        "mapping.ttl, line 5, column 62: no record gave a term, from 'nmae'; is this spelt as in the data?",
        "mapping.ttl, line 7, column 62: no record gave a term, from 'id' and 'nmae'; is this spelt as in the data?",
    ]


def test_a_strict_run_that_fails_leaves_a_report_too(call: Call) -> None:
    assert call("lift", "--mapping", "mapping.ttl", "--report", "report.json").status == 3
    found = _report(call)
    assert (found["outcome"], found["failure"]["row"]) == ("failed", 2)
    assert [each["termMap"] for each in found["errors"]] == ["http://example.com/number"]


def test_a_report_in_turtle_goes_to_standard_output_where_the_statements_do_not(call: Call) -> None:
    arguments = ("lift", "--mapping", "mapping.ttl", "--best-effort", "--report", "-", "--report-format", "turtle")
    assert call(*arguments).status == 2
    ended = call(*arguments, "-o", "out.nq")
    assert len(list(pyoxigraph.parse(ended.out, pyoxigraph.RdfFormat.TURTLE))) > 20
    assert call("lift", "--mapping", "mapping.ttl", "--report", "r.pdf", "--report-format", "pdf").status == 2
    assert call("lift", "--mapping", "mapping.ttl", "--report", "nowhere/r.json").status == 2


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_report_counts_alike_however_many_share_the_work(call: Call, processes: str) -> None:
    rows = "".join(f"{number},{'x' if number % 7000 == 0 else number}\n" for number in range(1, 30_001))
    Path("rows.csv").write_text(f"id,n\n{rows}", encoding="utf-8")
    options = ("--best-effort", "--processes", processes, "-o", "out.nq")
    call("lift", "--mapping", "mapping.ttl", "--report", "report.json", *options)
    found = _report(call)
    assert (found["records"], found["setAside"]) == (30_000, 4)
    assert [each["row"] for each in found["errors"]] == [7000, 14_000, 21_000, 28_000]
    assert [(each["terms"], each["nulls"]) for each in found["termMaps"]] == [(29_996, 0), (29_996, 0)]
    written = Path("out.nq").read_bytes()
    call("lift", "--mapping", "mapping.ttl", *options)  # by columns, whose statements have another order
    assert sorted(Path("out.nq").read_bytes().splitlines()) == sorted(written.splitlines())


def test_a_report_on_a_source_of_the_workspace(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call("init", tmp_path / "customers")
    monkeypatch.chdir(tmp_path / "customers")
    samples = Path("samples")
    for name in ("dim_customer.csv", "account-oak-and-ash.json"):
        assert call("lift", samples / name, "--report", "report.json", "-o", "out.nq").status == 0
        found = _report(call)
        assert found["outcome"] == "complete"
        assert found["records"] == found["lifted"] > 0
        assert all(Path(each["statement"]["file"]).is_file() for each in found["termMaps"])
        assert sum(each["terms"] for each in found["termMaps"]) > 20


@pytest.mark.parametrize(("syntax", "status"), [("ntriples", 2), ("turtle", 2), ("trig", 0), ("nquads", 0)])
def test_named_graphs_are_not_written_where_they_would_be_lost(call: Call, syntax: str, status: int) -> None:
    Path("rows.csv").write_text("id,n\n1,10\n", encoding="utf-8")
    Path("mapping.ttl").write_text(_PREFIXES + _SOURCE + _MAP.replace("rml:class", "rml:graph ex:g ; rml:class"))
    ended = call("lift", "--mapping", "mapping.ttl", "--format", syntax)
    assert ended.status == status
    assert ("named graphs" in ended.err) == (status == 2)


def test_the_default_graph_may_be_named_in_any_syntax(call: Call) -> None:
    Path("rows.csv").write_text("id,n\n1,10\n", encoding="utf-8")
    body = _MAP.replace("rml:class", "rml:graph rml:defaultGraph ; rml:class")
    Path("mapping.ttl").write_text(_PREFIXES + _SOURCE + body, encoding="utf-8")
    assert call("lift", "--mapping", "mapping.ttl", "--format", "ntriples").out.count("\n") == 2


@pytest.mark.parametrize("memory", ["0", "256"])
def test_distinct_output_has_each_statement_once(call: Call, memory: str) -> None:
    options = ("--best-effort", "--distinct", "--memory", memory)
    lines = call("lift", "--mapping", "mapping.ttl", *options).out.splitlines()
    assert len(lines) == len(set(lines)) == 2


_JOIN = """ex:row rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:to ; rml:objectMap [ rml:parentTriplesMap ex:other ;
    rml:joinCondition [ rml:child "n" ; rml:parent "n" ] ] ] .
ex:others rml:source "other.csv" ; rml:referenceFormulation rml:CSV .
ex:other rml:logicalSource ex:others ; rml:subjectMap [ rml:template "http://o/{id}" ] .
"""


@pytest.mark.parametrize(("memory", "processes"), [("0", "1"), ("256", "2")])
def test_a_join_of_large_tables_is_the_same_in_memory_on_disk_and_by_several(
    call: Call, memory: str, processes: str
) -> None:
    Path("mapping.ttl").write_text(_PREFIXES + _SOURCE + _JOIN, encoding="utf-8")
    for name, step in (("rows.csv", 3), ("other.csv", 2)):
        rows = "".join(f"{number},key {number * step}\n" for number in range(20_000))
        Path(name).write_text(f"id,n\n{rows}", encoding="utf-8")
    ended = call("lift", "--mapping", "mapping.ttl", "--memory", memory, "--processes", processes)
    assert ended.status == 0
    lines = ended.out.splitlines()
    assert lines[:2] == [f"<http://e/{2 * at}> <http://example.com/to> <http://o/{3 * at}> ." for at in (0, 1)]
    assert len(lines) == 6667


@contextmanager
def _small_files(size: int) -> Iterator[None]:
    """No file may grow beyond a size, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    ("options", "target"),
    [
        ((), ""),
        (("--distinct", "--memory", "0"), ""),
        ((), "rml:logicalTarget [ rml:target [ rml:root rml:MappingDirectory ; rml:path 'target.nq' ] ] ; "),
        (("--memory", "0"), "join"),
        (("--format", "turtle"), ""),
    ],
)
def test_a_full_disk_is_a_clear_error_and_leaves_no_file(call: Call, options: tuple[str, ...], target: str) -> None:
    rows = "".join(f"{number},{number}\n" for number in range(20_000))
    Path("rows.csv").write_text(f"id,n\n{rows}", encoding="utf-8")
    Path("other.csv").write_text(f"id,n\n{rows}", encoding="utf-8")
    body = _JOIN if target == "join" else _MAP.replace("rml:datatype", f"{target}rml:datatype")
    Path("mapping.ttl").write_text(_PREFIXES + _SOURCE + body, encoding="utf-8")
    with _small_files(100_000):
        ended = call("lift", "--mapping", "mapping.ttl", "-o", "out.nq", "--processes", "1", *options)
    assert ended.status == 3
    assert ended.err.startswith("graphmap: ")
    assert "written" in ended.err
    assert _leftovers() == []


@pytest.mark.parametrize(("join", "option"), [(True, "--memory"), (False, "--distinct")])
def test_a_full_disk_for_temporary_files_is_a_clear_error(
    call: Call,
    join: bool,  # noqa: FBT001  # a parameter
    option: str,
) -> None:
    rows = "".join(f"{number},{'9' * 40}{number}\n" for number in range(40_000))
    Path("rows.csv").write_text(f"id,n\n{rows}", encoding="utf-8")
    Path("other.csv").write_text(f"id,n\n{rows}", encoding="utf-8")
    Path("mapping.ttl").write_text(_PREFIXES + _SOURCE + (_JOIN if join else _MAP), encoding="utf-8")
    options = ("--memory", "0") if option == "--memory" else ("--memory", "0", "--distinct")
    with _small_files(50_000):
        ended = call("lift", "--mapping", "mapping.ttl", "--processes", "1", *options)
    assert ended.status == 3
    assert "temporary file" in ended.err
    assert "--memory" in ended.err


_FAULTS = {
    "an unknown term": (_MAP.replace("rml:reference", "rml:refrence"), "rml:refrence"),
    "an unknown term type": (_MAP.replace("rml:datatype", "rml:termType rml:Text ; rml:datatype"), "rml:termType"),
    "a missing subject map": (_MAP.replace("rml:subjectMap", "ex:nothing"), "ex:row"),
    "a template with an open brace": (_MAP.replace("{id}", "{id"), '{id"'),
    "a template with a brace that was not opened": (_MAP.replace("{id}", "id}"), '}"'),
    "a term map without expression": (_MAP.replace('rml:reference "n" ;', ""), "ex:number"),
    "two subject maps": (_MAP.replace("rml:subjectMap", "rml:subjectMap ex:number , "), "rml:subjectMap"),
    "a syntax fault": (_MAP.replace("ex:number ]", "ex:number } ]"), "} ]"),
    "a cycle of views": (
        "ex:rows rml:viewOn ex:rows .\n" + _MAP,
        "",
    ),
    "a cycle of two views": (
        _MAP.replace("ex:rows", "ex:a") + "ex:a rml:viewOn ex:b . ex:b rml:viewOn ex:a .\n",
        "",
    ),
    "a cycle of joins": (
        _MAP.replace("ex:rows", "ex:a")
        + """ex:a rml:viewOn ex:rows ; rml:field [ rml:fieldName "id" ; rml:reference "id" ] ; rml:leftJoin [
          rml:parentLogicalView ex:b ; rml:joinCondition [ rml:child "id" ; rml:parent "id" ] ;
          rml:field [ rml:fieldName "n" ; rml:reference "n" ] ] .
        ex:b rml:viewOn ex:rows ; rml:field [ rml:fieldName "id" ; rml:reference "id" ] ; rml:leftJoin [
          rml:parentLogicalView ex:a ; rml:joinCondition [ rml:child "id" ; rml:parent "id" ] ;
          rml:field [ rml:fieldName "n" ; rml:reference "n" ] ] .
        """,
        "",
    ),
}


@pytest.mark.parametrize("kind", _FAULTS)
def test_a_mapping_that_cannot_run_is_refused_with_its_line_and_a_caret_before_any_record_is_read(
    call: Call, kind: str
) -> None:
    body, under = _FAULTS[kind]
    Path("mapping.ttl").write_text(_PREFIXES + _SOURCE * ("cycle of views" not in kind) + body, encoding="utf-8")
    Path("rows.csv").unlink()
    ended = call("lift", "--mapping", "mapping.ttl", "-o", "out.nq", "--report", "report.json")
    assert ended.status == 2
    first, shown, caret = ended.err.splitlines()[-3:]
    assert first.startswith("graphmap: mapping.ttl, line ")
    assert first.endswith(")")
    assert shown[caret.index("^") :].startswith(under)
    assert not Path("out.nq").exists()
    assert not Path("report.json").exists()


def test_a_hyphen_as_output_is_standard_output(call: Call) -> None:
    named = call("lift", "--mapping", "mapping.ttl", "--best-effort", "-o", "-")
    assert named == call("lift", "--mapping", "mapping.ttl", "--best-effort")
    assert named.out.count("\n") == 4
    assert not Path("-").exists()
    assert call("lift", "--mapping", "mapping.ttl", "-o", "-", "--report", "-").status == 2


@pytest.mark.parametrize(
    ("datatype", "message"),
    [("rdf:langString", "the datatype of texts with a language"), ("xsd:gYear", "'10' is not a value of")],
)
def test_a_datatype_that_a_text_does_not_fit_is_an_error(call: Call, datatype: str, message: str) -> None:
    prefix = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    Path("mapping.ttl").write_text(prefix + _PREFIXES + _SOURCE + _MAP.replace("xsd:integer", datatype), "utf-8")
    ended = call("lift", "--mapping", "mapping.ttl")
    assert ended.status == (2 if datatype == "rdf:langString" else 3)
    assert message in ended.err


_GREETING = """ex:row rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:functionExecution [ rml:function ex:twice ;
    rml:input [ rml:parameter ex:value ; rml:inputValueMap [ rml:reference "n" ] ] ] ] ] .
"""
_PYTHON = """from graphmap.lifting import Function, of_each
FUNCTIONS = {"http://example.com/twice": Function(
    parameters=("http://example.com/value",), apply=of_each(lambda value: [int(value) * 2]))}
"""


def test_functions_of_ones_own_come_from_a_file_that_the_command_names(call: Call, tmp_path: Path) -> None:
    Path("mapping.ttl").write_text(_PREFIXES + _SOURCE + _GREETING, encoding="utf-8")
    file = tmp_path / "other.csv"
    file.write_text(_PYTHON, encoding="utf-8")
    assert "is not a known function" in call("lift", "--mapping", "mapping.ttl").err
    ended = call("lift", "--mapping", "mapping.ttl", "--functions", file, "--best-effort")
    assert '"20"' in ended.out
    assert "the function <http://example.com/twice> fails: ValueError" in ended.err
    assert "1 left out" in ended.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FUNCTIONS = (", "cannot be run"),
        ("1 / 0", "cannot be run"),
        ("FUNCTIONS = {'a': 1}", "holds no FUNCTIONS"),
        ("", "no"),
    ],
)
def test_a_file_without_functions_is_refused(call: Call, tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "other.csv"
    file.write_text(text, encoding="utf-8")
    ended = call("lift", "--mapping", "mapping.ttl", "--functions", file)
    assert ended.status == 2
    assert message in ended.err
