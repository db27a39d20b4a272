"""Documents that are lifted part by part, held against the same documents in one piece."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmap.errors import GraphmapError, MappingError, RecordError, SourceError
from graphmap.lifting import Interpreter, Plan, line_of
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from graphmap.lifting.optimizer.split_documents import in_parts
from graphmap.records.readers.json_arrays import Part
from graphmap.records.value_forms import ValueForms
from tests.lifting.mappings import mapping, same

if TYPE_CHECKING:
    from pathlib import Path

_KEYS = st.sampled_from(["a", "b", "id"])
_SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text('x"\\é,[{', max_size=3)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)
_CUT = {
    "$[*]": Part(names=(), elements=True),
    "$.a[*]": Part(names=("a",), elements=True),
    "$.a.b[*]": Part(names=("a", "b"), elements=True),
    "$.a[*].b[*]": Part(names=("a",), elements=True),
    "$.a[*]..b": Part(names=("a",), elements=True),
    "$.a": Part(names=("a",), elements=False),
    "$.a[0]": Part(names=("a",), elements=False),
    "$.a[?@.b]": Part(names=("a",), elements=False),
    "$['a']['*'][*]": Part(names=("a", "*"), elements=True),
}
_UNCUT = ["$", "$..a", "$[0]", "$[*, 0]"]


def _plan(folder: Path, *iterators: str) -> Plan:
    maps = (
        f"""ex:map{number} rml:logicalSource [ rml:source "x.json" ; rml:referenceFormulation rml:JSONPath ;
          rml:iterator "{iterator}" ] ; rml:subjectMap [ rml:template "http://e/{number}/{{id}}" ; rml:class ex:C ] ;
          rml:predicateObjectMap [ rml:predicate ex:b ; rml:objectMap [ rml:reference "b" ] ] ."""
        for number, iterator in enumerate(iterators)
    )
    return mapping(folder, "\n".join(maps))


def _cut(plan: Plan) -> Plan:
    return in_parts(plan, lambda *_: True)


def _lift(plan: Plan, folder: Path, content: bytes, *, compiled: bool = True) -> tuple[str, list[GraphmapError]]:
    (folder / "x.json").write_bytes(content)
    faults: list[GraphmapError] = []
    conditions = RunOptions(
        folder=folder,
        bind={},
        compiled=compiled,
        meet=faults.append,
        refuse=lambda refusal: faults.append(refusal.error),
    )
    return "".join(lift_plan(plan, conditions)), faults


@pytest.mark.parametrize(("iterator", "part"), _CUT.items(), ids=_CUT)
def test_a_simple_iterator_is_cut(tmp_path: Path, iterator: str, part: Part) -> None:
    assert [source.part for source in _cut(_plan(tmp_path, iterator)).sources] == [part]


@pytest.mark.parametrize("iterator", _UNCUT)
def test_another_iterator_reads_whole_documents(tmp_path: Path, iterator: str) -> None:
    plan = _plan(tmp_path, iterator)
    assert _cut(plan) == plan


def test_a_source_of_which_something_reads_all_is_not_cut(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "$.a[*]", "$..b")
    assert _cut(plan) == plan


def test_several_parts_of_a_source_are_read_apart_unless_it_can_be_read_once_only(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "$.a[*]", "$.b[*]", "$.a[*].b[*]")
    assert [source.part for source in _cut(plan).sources] == [_CUT["$.a[*]"], Part(names=("b",), elements=True)]
    assert in_parts(plan, lambda _, parts: len(parts) == 1) == plan


def test_a_view_that_reads_around_its_array_is_not_cut(tmp_path: Path) -> None:
    view = """ex:view rml:viewOn [ rml:source "x.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$" ] ;
      rml:field [ rml:fieldName "day" ; rml:reference "day" ] ,
        [ rml:fieldName "item" ; rml:iterator "$.items[*]" ; rml:field [ rml:fieldName "id" ; rml:reference "id" ] ] .
    ex:map rml:logicalSource ex:view ; rml:subjectMap [ rml:template "http://e/{item.id}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:day ; rml:objectMap [ rml:reference "day" ] ] ."""
    plan = mapping(tmp_path, view)
    assert _cut(plan) == plan
    text, _ = _lift(plan, tmp_path, b'{"day": "Monday", "items": [{"id": 1}, {"id": 2}]}')
    assert text.count("Monday") == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(document=_JSON, iterators=st.lists(st.sampled_from([*_CUT, *_UNCUT]), min_size=1, max_size=3, unique=True))
def test_parts_give_what_the_whole_document_gives(tmp_path: Path, document: Any, iterators: list[str]) -> None:
    plan = _plan(tmp_path, *iterators)
    lifted = Interpreter(plan, forms=ValueForms()).lift(document)
    for compiled in (True, False):
        text, faults = _lift(plan, tmp_path, json.dumps(document).encode(), compiled=compiled)
        assert bool(faults) == bool(lifted.faults)
        if not faults:
            assert same(text, "".join(map(line_of, lifted.statements)))


def test_a_faulty_element_costs_only_itself_and_is_told_with_its_number(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "$.a[*]")
    text, faults = _lift(
        plan, tmp_path, b'{"a": [{"id":1,"b":"x"}, {"id":2,"b":tru}, {"id":3,"b":[1]}, {"id":4,"b":"y"}]}'
    )
    assert text.count("http://example.com/b") == 2
    assert [(fault.where.row, fault.where.pointer) for fault in faults] == [(2, None), (3, "/b")]


def test_a_document_that_is_cut_short_or_broken_is_an_error_with_its_place(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "$.a[*]")
    (tmp_path / "x.json").write_text('{"a": [{"id":1}, {"id"')
    with pytest.raises(RecordError, match=r"x\.json, row 2: the document is not JSON: it ends in the middle"):
        list(lift_plan(plan, RunOptions(folder=tmp_path, bind={})))
    (tmp_path / "x.json").write_text('{"a": [{"id":1}], "b"')
    with pytest.raises(SourceError, match=r"x\.json: is not JSON: it ends in the middle \(byte 21\)"):
        list(lift_plan(plan, RunOptions(folder=tmp_path, bind={})))


def test_a_join_with_elements_reads_them_one_by_one(tmp_path: Path) -> None:
    body = """ex:child rml:logicalSource [ rml:source "x.json" ; rml:referenceFormulation rml:JSONPath ;
        rml:iterator "$.a[*]" ] ; rml:subjectMap [ rml:template "http://e/a/{id}" ] ; rml:predicateObjectMap [
        rml:predicate ex:is ; rml:objectMap [ rml:parentTriplesMap ex:parent ; rml:joinCondition [
          rml:childMap [ rml:reference "b" ] ; rml:parentMap [ rml:reference "id" ] ] ] ] .
    ex:parent rml:logicalSource [ rml:source "x.json" ; rml:referenceFormulation rml:JSONPath ;
        rml:iterator "$.b[*]" ] ; rml:subjectMap [ rml:template "http://e/b/{id}" ] ."""
    plan = mapping(tmp_path, body)
    assert len(_cut(plan).sources) == 2
    text, _ = _lift(plan, tmp_path, b'{"a": [{"id": 1, "b": "x"}, {"id": 2}], "b": [{"id": "x"}, {"id": "y"}]}')
    assert text == "<http://e/a/1> <http://example.com/is> <http://e/b/x> .\n"


def _xml(folder: Path, iterator: str, reference: str = "b") -> Plan:
    body = f"""ex:xml a rml:XPathReferenceFormulation ; rml:namespace [ rml:namespacePrefix "p" ;
        rml:namespaceURL "http://p/" ] .
      ex:map rml:logicalSource [ rml:source "x.xml" ; rml:referenceFormulation ex:xml ; rml:iterator "{iterator}" ] ;
      rml:subjectMap [ rml:template "http://e/{{@id}}" ; rml:class ex:C ] ;
      rml:predicateObjectMap [ rml:predicate ex:b ; rml:objectMap [ rml:reference "{reference}" ] ] ."""
    return mapping(folder, body)


def test_a_path_of_elements_from_the_root_is_cut(tmp_path: Path) -> None:
    for iterator, names in (("/a/b-c", ("a", "b-c")), ("/p:a/x/p:b", ("{http://p/}a", "x", "{http://p/}b"))):
        (found,) = _cut(_xml(tmp_path, iterator)).sources
        assert found.part == Part(names=names, elements=True)
    for iterator in ("/a", "//b", "/a/*", "/a/b[1]", "/a/b/@c", "a/b", "/a/b | /a/c"):
        plan = _xml(tmp_path, iterator)
        assert _cut(plan) == plan, iterator


def test_references_that_leave_their_element_need_the_whole_document(tmp_path: Path) -> None:
    for reference in (
        "b",
        "@b",
        "./b//c",
        "b/text()",
        "count(b)",
        "b[@c = 'x']/d",
        "p:b",
        "*",
        "b[text() and not(@c)]",
    ):
        assert _cut(_xml(tmp_path, "/a/b", reference)).sources[0].part is not None, reference
    for reference in (
        "../b",
        "/a/@x",
        "//b",
        "count(//b)",
        "ancestor::a",
        "child::text()",
        "b[/a/c]",
        "preceding-sibling::b",
    ):
        plan = _xml(tmp_path, "/a/b", reference)
        assert _cut(plan) == plan, reference


def test_elements_of_xml_give_what_their_whole_document_gives(tmp_path: Path) -> None:
    rows = "".join(f"<r id='{n}'><b>x{n}</b><c/><b>y</b></r><other/>" for n in range(500))
    (tmp_path / "x.xml").write_text(f"<a><list><before/>{rows}</list></a>")
    plan = _xml(tmp_path, "/a/list/r")
    assert _cut(plan) != plan
    cases = [(plan, True), (plan, False), (_xml(tmp_path, "//r"), True)]
    texts = [
        "".join(lift_plan(each, RunOptions(folder=tmp_path, bind={}, compiled=compiled))) for each, compiled in cases
    ]
    assert texts[0].count("\n") == 1_500
    assert len({frozenset(text.splitlines()) for text in texts}) == 1


_PROGRAM = """
import resource, sys
from pathlib import Path
from graphmap.lifting import read_mapping
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
folder = Path(sys.argv[1])
plan = read_mapping([folder / "mapping.ttl"], base="http://b/")
count = sum(map(len, lift_plan(plan, RunOptions(folder=folder, bind={}))))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_document(tmp_path: Path) -> None:
    _plan(tmp_path, "$.a[*]")
    peaks = []
    for number in (2_000, 60_000):
        element = json.dumps({"id": 1, "b": "x", "text": "y" * 500})
        with (tmp_path / "x.json").open("w") as file:
            file.write('{"before": [[]], "a": [\n  ' + element)
            file.writelines(f",\n  {element}" for _ in range(number - 1))
            file.write('\n], "after": {}}')
        command = [sys.executable, "-c", _PROGRAM, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603  # our own program
        count, peak = map(int, done.stdout.split())
        assert count > number * 50
        peaks.append(peak)
    assert peaks[1] < peaks[0] + 8 * 1024  # the larger document has 32 MB


@pytest.mark.parametrize("iterator", ["/a/b[q:f()]", "/a/b[unheard-of()]", "/a/[b"])
def test_an_xpath_with_an_unknown_function_is_refused_before_anything_is_read(tmp_path: Path, iterator: str) -> None:
    with pytest.raises(MappingError, match="is not a path"):
        _xml(tmp_path, iterator)


def test_views_that_join_are_cut_on_both_sides(tmp_path: Path) -> None:
    plan = mapping(
        tmp_path,
        """ex:left rml:source "left.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$.a[*]" .
        ex:right rml:source "right.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .
        ex:other rml:viewOn ex:right ; rml:field [ rml:fieldName "k" ; rml:reference "$.k" ] ,
          [ rml:fieldName "v" ; rml:reference "$.v[*]" ] .
        ex:view rml:viewOn ex:left ; rml:field [ rml:fieldName "k" ; rml:reference "$.k" ] ;
          rml:fullJoin [ rml:parentLogicalView ex:other ; rml:joinCondition [ rml:child "k" ; rml:parent "k" ] ;
            rml:field [ rml:fieldName "v" ; rml:reference "v" ] ] .
        ex:map rml:logicalSource ex:view ; rml:subjectMap [ rml:constant ex:s ] ; rml:predicateObjectMap
          [ rml:predicate ex:k ; rml:objectMap [ rml:reference "k" ] ] ,
          [ rml:predicate ex:v ; rml:objectMap [ rml:reference "v" ] ] .""",
    )
    assert {each.name: each.part for each in _cut(plan).sources} == {
        "left.json": Part(names=("a",), elements=True),
        "right.json": Part(names=(), elements=True),
    }
    (tmp_path / "left.json").write_text('{"a": [{"k": 1}, {"k": 2}]}')
    (tmp_path / "right.json").write_text('[{"k": 1, "v": ["x", "y"]}, {"k": 3, "v": ["z"]}]')
    lines = "".join(lift_plan(plan, RunOptions(folder=tmp_path, bind={}))).splitlines()
    assert sorted({line.split(" ")[2].partition("^")[0] for line in lines}) == ['"1"', '"2"', '"x"', '"y"', '"z"']
