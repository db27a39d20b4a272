"""What is wrong with a logical view is said before a record is read, with the statement and a caret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphmap.errors import DataError, MappingError
from tests.lifting.mappings import lifted, mapping

if TYPE_CHECKING:
    from pathlib import Path

_SOURCES = """
ex:people rml:source "people.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$.people[*]" .
ex:rows rml:source "people.csv" ; rml:referenceFormulation rml:CSV .
"""
_NAME = 'rml:field [ rml:fieldName "name" ; rml:reference "name" ] ;'
_JSON_NAME = 'rml:field [ rml:fieldName "name" ; rml:reference "$.name" ] ;'
_T = 'rml:field [ rml:fieldName "t" ; rml:reference "$.t" ]'
_ITEM = f'rml:field [ rml:fieldName "item" ; rml:iterator "$.items[*]" ; {_T} ] ;'
_VIEW = f"ex:view rml:viewOn ex:people ; {_JSON_NAME} {_ITEM} .\n"
_CONDITION = 'rml:joinCondition [ rml:child "name" ; rml:parent "name" ] ;'


def _join(parent: str, name: str = "taken", *, condition: str = _CONDITION, more: str = "") -> str:
    field = f'rml:field [ rml:fieldName "{name}" ; rml:reference "name" {more} ]' if name else ""
    return f"rml:leftJoin [ rml:parentLogicalView {parent} ; {condition} {field} ] ;"


def _map(reference: str = "name", view: str = "ex:view") -> str:
    return f"""ex:map rml:logicalSource {view} ; rml:subjectMap [ rml:template "http://e/{{name}}" ] ;
    rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "{reference}" ] ] ."""


_FAULTS = {
    "a key that is not there": (_VIEW + _map("nothing"), "no field 'nothing'"),
    "the records of the view": (_VIEW + _map("<it>"), "'<it>' stands for records"),
    "an iterable field": (_VIEW + _map("item"), "'item' stands for records"),
    "a view without fields": ("ex:view rml:viewOn ex:people .\n" + _map(), "has no fields"),
    "a view on itself": (f"ex:view rml:viewOn ex:view ; {_NAME} .\n" + _map(), "is on itself"),
    "views on each other": (
        f"ex:view rml:viewOn ex:other ; {_NAME} .\nex:other rml:viewOn ex:view ; {_NAME} .\n" + _map(),
        "is on itself, or joins itself",
    ),
    "a view that joins itself": (
        f"ex:view rml:viewOn ex:rows ; {_NAME} {_join('ex:view')} .\n" + _map(),
        "is on itself, or joins itself",
    ),
    "views that join each other": (
        f"ex:view rml:viewOn ex:rows ; {_NAME} {_join('ex:other')} .\n"
        f"ex:other rml:viewOn ex:people ; {_JSON_NAME} {_join('ex:view')} .\n" + _map(),
        "is on itself, or joins itself",
    ),
    "a field in itself": (
        "ex:view rml:viewOn ex:people ; rml:field ex:f .\n"
        'ex:f rml:fieldName "name" ; rml:iterator "$" ; rml:field ex:f .\n' + _map(),
        "is a field of itself",
    ),
    "two fields of one name": (f"ex:view rml:viewOn ex:rows ; {_NAME} {_NAME} .\n" + _map(), "defined twice"),
    "a joined field of a name that is taken": (
        _VIEW.replace("ex:view", "ex:other")
        + f"ex:view rml:viewOn ex:rows ; {_NAME} {_join('ex:other', 'name')} ."
        + _map(),
        "'name' is defined twice",
    ),
    "joined fields of one name": (
        _VIEW.replace("ex:view", "ex:other")
        + f"ex:view rml:viewOn ex:rows ; {_NAME} {_join('ex:other')} {_join('ex:other')} ."
        + _map(),
        "'taken' is defined twice",
    ),
    "a join with a source": (
        f"ex:view rml:viewOn ex:rows ; {_NAME} {_join('ex:people')} ." + _map(),
        "is not a logical view",
    ),
    "a view on one with a full join": (
        _VIEW + f"ex:full rml:viewOn ex:rows ; {_NAME} {_join('ex:view').replace('leftJoin', 'fullJoin')} .\n"
        f"ex:outer rml:viewOn ex:full ; {_NAME} .\n" + _map(view="ex:outer"),
        "on one with a full join",
    ),
    "a join with a view that has a full join": (
        _VIEW + f"ex:full rml:viewOn ex:rows ; {_NAME} {_join('ex:view').replace('leftJoin', 'fullJoin')} .\n"
        f"ex:outer rml:viewOn ex:rows ; {_NAME} {_join('ex:full')} .\n" + _map(view="ex:outer"),
        "has a full join",
    ),
    "a join without a condition": (
        _VIEW.replace("ex:view", "ex:other")
        + f"ex:view rml:viewOn ex:rows ; {_NAME} {_join('ex:other', condition='')} ."
        + _map(),
        "has no condition",
    ),
    "a join without fields": (
        _VIEW.replace("ex:view", "ex:other")
        + f"ex:view rml:viewOn ex:rows ; {_NAME} {_join('ex:other', '')} ."
        + _map(),
        "takes no fields",
    ),
    "a joined field with fields": (
        _VIEW.replace("ex:view", "ex:other")
        + f"ex:view rml:viewOn ex:rows ; {_NAME} {_join('ex:other', more='; ' + _NAME.rstrip(';'))} ."
        + _map(),
        "without fields of its own",
    ),
    "a field without a name": (
        'ex:view rml:viewOn ex:rows ; rml:field [ rml:reference "name" ] .\n' + _map(),
        "the field has no name",
    ),
    "a field without an expression": (
        'ex:view rml:viewOn ex:rows ; rml:field [ rml:fieldName "name" ] .\n' + _map(),
        "has no reference and no iterator",
    ),
    "an iterator of the view's own": (
        f'ex:view rml:viewOn ex:people ; rml:iterator "$" ; {_JSON_NAME} .\n' + _map(),
        "no rml:iterator of its own",
    ),
    "another formulation on records": (
        f"ex:view rml:viewOn ex:people ; {_JSON_NAME} "
        f'rml:field [ rml:fieldName "x" ; rml:referenceFormulation rml:CSV ; {_NAME} ] .\n' + _map(),
        "another reference formulation begins at a text",
    ),
    "iterations over a text in no formulation": (
        'ex:view rml:viewOn ex:people ; rml:field [ rml:fieldName "name" ; rml:reference "$.name" ; '
        'rml:field [ rml:fieldName "x" ; rml:iterator "$" ] ] .\n' + _map(),
        "does not say how that is written",
    ),
    "an expression over a text": (
        'ex:view rml:viewOn ex:people ; rml:field [ rml:fieldName "name" ; rml:reference "$.name" ; '
        'rml:field [ rml:fieldName "x" ; rml:reference "$" ] ] .\n' + _map(),
        "reads from a text",
    ),
}


@pytest.mark.parametrize("kind", _FAULTS)
def test_a_view_that_cannot_be_is_refused_where_it_stands(tmp_path: Path, kind: str) -> None:
    body, what = _FAULTS[kind]
    with pytest.raises(MappingError, match=what) as caught:
        mapping(tmp_path, _SOURCES + body)
    where = caught.value.where
    assert where is not None
    assert (where.source, where.line is not None) == (str(tmp_path / "mapping.ttl"), True)
    assert "^" in str(caught.value)


def _annotated(*annotations: str) -> str:
    unique = 'rml:structuralAnnotation [ a rml:UniqueAnnotation ; rml:onFields ("name") ]'
    other = f"ex:other rml:viewOn ex:rows ; {_NAME} {unique} .\n"
    told = "".join(f"rml:structuralAnnotation [ {each} ] ; " for each in annotations)
    return f"{_SOURCES}{other}ex:view rml:viewOn ex:people ; {_JSON_NAME} {_ITEM} {told} .\n{_map()}"


_LINK = 'rml:onFields ("name") ; rml:targetView ex:other ; rml:targetFields'
_KEY = 'a rml:PrimaryKeyAnnotation ; rml:onFields ("name" "item.t")'


@pytest.mark.parametrize(
    "annotations",
    [
        (_KEY, 'a rml:NotNullAnnotation ; rml:onFields ("name")'),
        ('a rml:UniqueAnnotation ; rml:onFields ("name" "item.#")', 'a rml:IriSafeAnnotation ; rml:onFields ("name")'),
        (f'a rml:ForeignKeyAnnotation ; {_LINK} ("name")', f'a rml:InclusionAnnotation ; {_LINK} ("name")'),
    ],
)
def test_annotations_change_nothing(tmp_path: Path, annotations: tuple[str, ...]) -> None:
    files = {
        "people.json": '{"people": [{"name": "a", "items": [{"t": 1}]}, {"name": "a"}]}',
        "people.csv": "name\nb\n",
    }
    assert lifted(tmp_path, _annotated(*annotations), files) == lifted(tmp_path, _annotated(), files)


@pytest.mark.parametrize(
    ("annotations", "what"),
    [
        (('rml:onFields ("name")',), "of no kind"),
        (("a rml:UniqueAnnotation",), "rml:onFields is missing"),
        (("a rml:UniqueAnnotation ; rml:onFields ()",), "empty list"),
        (('a rml:NotNullAnnotation ; rml:onFields ("none")',), "no field 'none'"),
        ((_KEY, _KEY), "more than one primary key"),
        (('a rml:ForeignKeyAnnotation ; rml:onFields ("name")',), "rml:targetView is missing"),
        ((f'a rml:InclusionAnnotation ; {_LINK} ("none")',), "no field 'none'"),
        ((f'a rml:InclusionAnnotation ; {_LINK} ("name" "name.#")',), "not as many"),
        ((f'a rml:ForeignKeyAnnotation ; {_LINK} ("name.#")',), "not unique"),
        ((f'a rml:ForeignKeyAnnotation ; {_LINK.replace("ex:other", "ex:rows")} ("name")',), "not a logical view"),
    ],
)
def test_an_annotation_that_says_nothing_is_refused(tmp_path: Path, annotations: tuple[str, ...], what: str) -> None:
    with pytest.raises(MappingError, match=what):
        mapping(tmp_path, _annotated(*annotations))


@pytest.mark.parametrize(
    ("formulation", "text", "what"),
    [
        ("JSONPath", '{"t": ', "the text is not JSON"),
        ("CSV", "t,u\n1\n", "row 1 of the table in the text"),
        ("XPath", "<a>", "the text is not XML"),
    ],
)
def test_a_text_that_is_no_document_is_a_data_error_at_its_place(
    tmp_path: Path, formulation: str, text: str, what: str
) -> None:
    field = 'rml:field [ rml:fieldName "t" ; rml:reference "t" ]'.replace(
        '"t" ]', '"$.t" ]' if "JSON" in formulation else '"t" ]'
    )
    body = f"""{_SOURCES}ex:view rml:viewOn ex:rows ; {_NAME} rml:field [ rml:fieldName "doc" ; rml:reference "doc" ;
      rml:field [ rml:fieldName "it" ; rml:referenceFormulation rml:{formulation} ; {field} ] ] .\n{_map("doc.it.t")}"""
    quoted = text.replace('"', '""')
    with pytest.raises(DataError, match=what) as caught:
        lifted(tmp_path, body, {"people.csv": f'name,doc\na,"{quoted}"\n'})
    assert caught.value.where is not None
    assert (caught.value.where.row, caught.value.where.pointer) == (1, "/doc")
