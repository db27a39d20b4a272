"""Random records through random small mappings: interpreter and compiler agree, and each line parses as N-Quads."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pyoxigraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmap.errors import DataError
from graphmap.lifting import Interpreter, Plan, as_mapping, compile_plan, line_of
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from graphmap.records import Number, encode_json
from graphmap.records.value_forms import ValueForms
from tests.lifting.mappings import mapping, same
from tests.lifting.mutations import cells

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_PROBE = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
_RUNS = settings(_PROBE, max_examples=60)

_NUMBERS = st.integers() | st.sampled_from([10**400, -(2**63) - 1]).map(int)
_DECIMALS = st.sampled_from(["1.10", "-0.0", "1e400", "-1E-400", "0." + "1" * 60]).map(Number)
_TEXTS = st.text(max_size=4) | st.sampled_from(
    ["http://a/b", 'é\x00"\\', "\ud800", "\x1f\x7f\u2028\u0085", "\U0010ffff", "{$.a}", "", " "]
)
_SCALARS = st.none() | st.booleans() | _NUMBERS | _DECIMALS | _TEXTS
_NESTED = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=2), max_leaves=4)
_MEMBERS: dict[str, st.SearchStrategy[Any]] = {
    "a": _SCALARS,
    "b": _NESTED,
    "c": _SCALARS | st.lists(_SCALARS, max_size=3),
    "d": _NESTED | st.dictionaries(st.sampled_from("ab"), _NESTED),
    "e": st.lists(st.dictionaries(st.sampled_from("ab"), _SCALARS), max_size=3) | _NESTED,
}
_RECORDS = st.fixed_dictionaries({}, optional=_MEMBERS)

_PATHS = ("$.a", "$.b", "$.c[*]", "$.d.a", "$.d.b[*]", "$..b", "$['a','b']", "$.e[*].a", "$.b[0]", "$.none")
_FIELDS = ("a", "c", "c.#", "both", "loud", "d.a", "d.b", "d.#", "e.a", "e.#", "e.a.#")
_VIEW = """ex:view rml:viewOn ex:s ; rml:field
  [ rml:fieldName "a" ; rml:reference "$.a" ] , [ rml:fieldName "c" ; rml:reference "$.c[*]" ] ,
  [ rml:fieldName "both" ; rml:template "{$.a}/{$.c[*]}" ] ,
  [ rml:fieldName "loud" ; rml:functionExecution [ rml:function graphmap:upper ;
    rml:input [ rml:parameter graphmap:value ; rml:inputValueMap [ rml:reference "$.c[*]" ] ] ] ] ,
  [ rml:fieldName "d" ; rml:iterator "$.d" ; rml:field
    [ rml:fieldName "a" ; rml:reference "$.a" ] , [ rml:fieldName "b" ; rml:reference "$.b[*]" ] ] ,
  [ rml:fieldName "e" ; rml:iterator "$.e[*]" ; rml:field [ rml:fieldName "a" ; rml:reference "$.a" ] ] .
"""


def _call(function: str, *inputs: tuple[str, str]) -> str:
    given_ = " , ".join(
        f"[ rml:parameter graphmap:{name} ; rml:inputValueMap [ {term_map} ] ]" for name, term_map in inputs
    )
    return f"rml:functionExecution [ rml:function graphmap:{function} ; rml:input {given_} ]"


_NAMING: tuple[Callable[[str, str], str], ...] = (
    lambda one, _: f'rml:reference "{one}" ; rml:termType rml:IRI',
    lambda one, _: f'rml:reference "{one}" ; rml:termType rml:BlankNode',
    lambda one, other: f'rml:template "http://e/{{{one}}}/{{{other}}}"',
    lambda one, _: f'rml:template "{{{one}}}"',
    lambda one, _: f'rml:template "http://{{{one}}}/"',
    lambda one, _: f'rml:template "b{{{one}}}" ; rml:termType rml:BlankNode',
    lambda one, _: f'rml:template "{{{one}}}" ; rml:termType rml:URI',
)
_ANY: tuple[Callable[[str, str], str], ...] = (
    *_NAMING,
    lambda one, _: f'rml:reference "{one}"',
    lambda one, _: f'rml:reference "{one}" ; rml:datatype xsd:integer',
    lambda one, _: f'rml:reference "{one}" ; rml:datatype xsd:decimal',
    lambda one, _: f'rml:reference "{one}" ; rml:language "en"',
    lambda one, other: f'rml:reference "{one}" ; rml:languageMap [ rml:reference "{other}" ]',
    lambda one, other: f'rml:reference "{one}" ; rml:datatypeMap [ rml:template "http://e/{{{other}}}" ]',
    lambda one, other: f'rml:template "{{{one}}}-{{{other}}}" ; rml:termType rml:Literal',
    lambda one, _: _call("lower", ("value", f'rml:reference "{one}"')),
    lambda one, other: _call("coalesce", ("first", f'rml:reference "{one}"'), ("second", f'rml:reference "{other}"')),
    lambda one, other: _call("when", ("condition", f'rml:reference "{one}"'), ("value", f'rml:reference "{other}"')),
    lambda one, other: f'rml:gather ( [ rml:reference "{one}" ] [ rml:reference "{other}" ] ) ; rml:gatherAs rdf:List',
    lambda one, _: (
        f'rml:template "http://e/{{{one}}}" ; rml:gather ( [ rml:reference "{one}" ] ) ; rml:gatherAs rdf:Bag'
    ),
    lambda _one, _other: "rml:termType rml:BlankNode",
)


def _made(kinds: Sequence[Callable[[str, str], str]], names: Sequence[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda kind, one, other: kinds[kind](one, other),
        st.integers(0, len(kinds) - 1),
        st.sampled_from(names),
        st.sampled_from(names),
    )


def _maps(names: Sequence[str]) -> st.SearchStrategy[list[tuple[str, str, str]]]:
    """Subject map, object map and graph map, empty for none, of each triples map."""
    graphs = st.just("") | _made(_NAMING, names)
    return st.lists(st.tuples(_made(_NAMING, names), _made(_ANY, names), graphs), min_size=1, max_size=3)


def _body(maps: Sequence[tuple[str, str, str]], source: str = "ex:s") -> str:
    made = []
    for number, (subject, obj, graph) in enumerate(maps):
        named = f"; rml:graphMap [ {graph} ]" if graph else ""
        made.append(
            f"ex:m{number} rml:logicalSource {source} ; rml:subjectMap [ {subject} ] ; rml:predicateObjectMap "
            f"[ rml:predicate ex:p ; rml:objectMap [ {obj} ] {named} ] , [ rml:predicate ex:q ; rml:object 1 ] .\n"
        )
    return "".join(made)


def _agree(plan: Plan, raw: Any, header: tuple[str, ...] | None = None) -> None:
    record = raw if header is None else as_mapping(header, raw, frozenset())
    lifted = Interpreter(plan, forms=ValueForms()).lift(record)
    lines = list(dict.fromkeys(map(line_of, lifted.statements)))
    for line in lines:
        assert len(list(pyoxigraph.parse(line, pyoxigraph.RdfFormat.N_QUADS))) == 1
    quick = compile_plan(plan, header=header, forms=ValueForms()).lift(raw)
    if quick is not None:
        assert not lifted.faults
        found = quick[1].split("\n")[:-1]  # a text may hold other line breaks
        assert len(found) == len(set(found)) == len(lines)
        assert same(quick[1], "".join(lines))


@_PROBE
@given(
    maps=_maps(_PATHS),
    formulation=st.sampled_from(["rml:JSONPath", "graphmap:LaxJSONPath"]),
    iterator=st.sampled_from(["$", "$.items[*]", "$..[?@.a == 'x']", "$.items[*].e[*]"]),
    records=st.lists(_RECORDS, min_size=1, max_size=3),
)
def test_documents_lift_alike(
    tmp_path: Path, maps: list[tuple[str, str, str]], formulation: str, iterator: str, records: list[Any]
) -> None:
    source = f'ex:s rml:source "x" ; rml:referenceFormulation {formulation} ; rml:iterator "{iterator}" .\n'
    plan = mapping(tmp_path, source + _body(maps))
    for record in records:
        _agree(plan, {"items": [record, {"a": "x"}], **record})


@_PROBE
@given(maps=_maps(_FIELDS), records=st.lists(_RECORDS, max_size=3))
def test_views_lift_alike(tmp_path: Path, maps: list[tuple[str, str, str]], records: list[Any]) -> None:
    source = 'ex:s rml:source "x" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .\n'
    _agree(mapping(tmp_path, source + _VIEW + _body(maps, "ex:view")), records)


@_PROBE
@given(maps=_maps("abc"), rows=st.lists(st.tuples(cells, cells, cells).map(list), min_size=1, max_size=3))
def test_rows_lift_alike(tmp_path: Path, maps: list[tuple[str, str, str]], rows: list[list[str]]) -> None:
    plan = mapping(tmp_path, 'ex:s rml:source "x" ; rml:referenceFormulation rml:CSV .\n' + _body(maps))
    for row in rows:
        _agree(plan, row, ("a", "b", "c"))


# a file of JSON cannot hold half a character
_KEYED = st.fixed_dictionaries(
    {}, optional={"k": st.sampled_from(["x", "y", 1, None]), "v": _SCALARS.filter(lambda value: value != "\ud800")}
)
_JOINED = """ex:l rml:source "left.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .
ex:r rml:source "right.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .
ex:right rml:viewOn ex:r ; rml:field [ rml:fieldName "k" ; rml:reference "$.k" ] ,
  [ rml:fieldName "v" ; rml:reference "$.v" ] .
ex:view rml:viewOn ex:l ; rml:field [ rml:fieldName "k" ; rml:reference "$.k" ] ,
  [ rml:fieldName "v" ; rml:reference "$.v" ] ; rml:%s [ rml:parentLogicalView ex:right ;
  rml:joinCondition [ rml:child "k" ; rml:parent "k" ] ; rml:field [ rml:fieldName "w" ; rml:reference "v" ] ] .
"""


@_RUNS
@given(
    maps=_maps(("k", "v", "w", "#", "w.#")),
    kind=st.sampled_from(["leftJoin", "innerJoin", "fullJoin"]),
    left=st.lists(_KEYED, max_size=4),
    right=st.lists(_KEYED, max_size=4),
)
def test_joined_views_lift_alike(
    tmp_path: Path, maps: list[tuple[str, str, str]], kind: str, left: list[Any], right: list[Any]
) -> None:
    plan = mapping(tmp_path, _JOINED % kind + _body(maps, "ex:view"))
    for name, records in (("left.json", left), ("right.json", right)):
        (tmp_path / name).write_text(encode_json(records), encoding="utf-8")
    found = [_outcome(plan, RunOptions(folder=tmp_path, bind={}, compiled=each)) for each in (True, False)]
    assert found[0] == found[1] or (None not in found and same(*map(str, found)))


_CELLS = st.sampled_from(["x", "y", "", "N", 'say "hi"\\é', "http://a/b", "7"])
_JOINED_ROWS = (
    """ex:l rml:source [ rml:path "left.csv" ; rml:root rml:MappingDirectory ; rml:null "N" ] ;
  rml:referenceFormulation rml:CSV .
ex:r rml:source "right.csv" ; rml:referenceFormulation rml:CSV .
"""
    + _JOINED.partition("ex:right ")[1]
    + _JOINED.partition("ex:right ")[2].replace("$.", "")
)


@_RUNS
@given(
    maps=_maps(("k", "v", "w", "#", "w.#")),
    kind=st.sampled_from(["leftJoin", "innerJoin", "fullJoin"]),
    left=st.lists(st.tuples(_CELLS, _CELLS), max_size=4),
    right=st.lists(st.tuples(_CELLS, _CELLS), max_size=4),
)
def test_rows_of_joined_views_lift_alike(
    tmp_path: Path, maps: list[tuple[str, str, str]], kind: str, left: list[Any], right: list[Any]
) -> None:
    plan = mapping(tmp_path, _JOINED_ROWS % kind + _body(maps, "ex:view"))
    for name, rows in (("left.csv", left), ("right.csv", right)):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("k", "v"), *rows])
    found = [_outcome(plan, RunOptions(folder=tmp_path, bind={}, compiled=each)) for each in (True, False)]
    assert found[0] == found[1] or (None not in found and same(*map(str, found)))


def _outcome(plan: Plan, conditions: RunOptions) -> str | None:
    """The text of a run, `None` where a value gives no proper term."""
    try:
        lines = "".join(lift_plan(plan, conditions)).split("\n")[:-1]  # a text may hold other line breaks
    except DataError:
        return None
    text = "".join(f"{line}\n" for line in dict.fromkeys(lines))
    assert len(list(pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_QUADS))) == len(set(lines))
    return text
