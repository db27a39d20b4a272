"""The examples of RML-LV, one by one, and more of the same kind: by the fast path and by the interpreter.

Source: RML-LV, sections 2 to 6; the data are those of the examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lifting.mappings import lifted

if TYPE_CHECKING:
    from pathlib import Path

_ALICE = '{"name": "alice", "items": [{"type": "sword", "weight": 1500}, {"type": "shield", "weight": 2500}]}'
_BOB = '{"name": "bob", "items": [{"type": "flower", "weight": 15}]}'
_CAROL = '{"name": "carol", "items": [{"type": "book", "weight": 500}]}'
_FILES = {
    "people.json": f'{{"people": [{_ALICE}, {_BOB}, {_CAROL}]}}',
    "people.csv": "name,birthyear\nalice,1995\nbob,1999\ntobias,2005\n",
    "ids.csv": "name,id\nalice,123\nbob,456\ntobias,789\n",
    "json-in-csv.csv": (
        'name,item\nalice,"{""type"":""sword"",""weight"":2500}"\n'
        'alice,"{""type"":""shield"",""weight"":1500}"\nbob,"{""type"":""flower"",""weight"":15}"\n'
    ),
    "arrays-in-csv.csv": 'name,items\nalice,"[{""type"":""sword""},{""type"":""shield""}]"\nbob,[]\n',
    "csv-in-json.json": (
        '{"people": [{"name": "alice", "items": "type,weight\\nsword,1500\\nshield,2500"},'
        ' {"name": "bob", "items": "type,weight\\nflower,15"}, {"name": "carol"}]}'
    ),
    "xml-in-json.json": '[{"id": 1, "doc": "<a><b>x</b><b>y</b></a>"}, {"id": 2, "doc": null}]',
}


def _expression(name: str, reference: str, more: str = "") -> str:
    return f'rml:field [ a rml:ExpressionField ; rml:fieldName "{name}" ; rml:reference "{reference}" {more} ] ;'


def _written(name: str, formulation: str, fields: str, more: str = "") -> str:
    """A field over the text of the one around it."""
    kind = "a rml:IterableField ;"
    return f'; rml:field [ {kind} rml:fieldName "{name}" ; rml:referenceFormulation {formulation} ; {more} {fields} ]'


_TYPE, _WEIGHT = _expression("type", "$.type"), _expression("weight", "$.weight")
_ITEM = f'rml:field [ a rml:IterableField ; rml:fieldName "item" ; rml:iterator "$.items[*]" ; {_TYPE} {_WEIGHT} ] ;'
_JSON = f"""
ex:people rml:source "people.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$.people[*]" .
ex:view a rml:LogicalView ; rml:viewOn ex:people ; {_expression("name", "$.name")} {_ITEM} .
"""
_CSV = """
ex:rows rml:source "people.csv" ; rml:referenceFormulation rml:CSV .
ex:ids rml:source "ids.csv" ; rml:referenceFormulation rml:CSV .
"""
_NAME_AND_YEAR = _expression("name", "name") + _expression("birthyear", "birthyear")


def _join(kind: str, parent: str, *fields: tuple[str, str]) -> str:
    taken = " ".join(_expression(name, reference) for name, reference in fields)
    condition = 'rml:joinCondition [ rml:parent "name" ; rml:child "name" ]'
    return f"rml:{kind} [ rml:parentLogicalView {parent} ; {condition} ; {taken} ] ;"


_ITEMS_TAKEN = (("item_type", "item.type"), ("item_weight", "item.weight"))


def _rows(view: str, *columns: str) -> str:
    """A triples map that says each column of each iteration of a view; its subject tells the iterations apart."""
    pairs = " , ".join(f"[ rml:predicate ex:c{at} ; rml:objectMap [ {column} ] ]" for at, column in enumerate(columns))
    subject = "rml:subjectMap [ rml:termType rml:BlankNode ]"
    return f"ex:map rml:logicalSource {view} ; {subject} ; rml:predicateObjectMap {pairs} ."


def _table(lines: list[str]) -> list[tuple[str | None, ...]]:
    """The iterations that `_rows` said, as rows of texts."""
    found: dict[str, dict[int, str]] = {}
    for line in lines:
        subject, predicate, value = line.removesuffix(" .").split(" ", 2)
        found.setdefault(subject, {})[int(predicate.rsplit("/c", 1)[1].rstrip(">"))] = value
    width = 1 + max(at for row in found.values() for at in row)
    rows = [tuple(row.get(at) for at in range(width)) for row in found.values()]
    return sorted(rows, key=lambda row: [cell or "" for cell in row])


def _integer(number: int) -> str:
    return f'"{number}"^^<http://www.w3.org/2001/XMLSchema#integer>'


def _columns(*names: str) -> list[str]:
    return [f'rml:reference "{name}"' for name in names]


def _view(folder: Path, body: str, *names: str) -> list[tuple[str | None, ...]]:
    """The iterations of `ex:joined`, or of `ex:view`, as rows of the named fields."""
    view = "ex:joined" if "ex:joined" in body else "ex:view"
    return _table(lifted(folder, body + _rows(view, *_columns(*names)), _FILES))


def test_names_of_a_nested_object_reach_its_items(tmp_path: Path) -> None:
    body = (
        _JSON
        + """ex:map rml:logicalSource ex:view ; rml:subjectMap [ rml:template "http://e/{name}/{item.type}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:type ; rml:objectMap [ rml:reference "item.type" ] ] ,
        [ rml:predicate ex:weight ; rml:objectMap [ rml:reference "item.weight" ] ] ."""
    )
    assert lifted(tmp_path, body, _FILES) == [
        '<http://e/alice/shield> <http://example.com/type> "shield" .',
        f"<http://e/alice/shield> <http://example.com/weight> {_integer(2500)} .",
        '<http://e/alice/sword> <http://example.com/type> "sword" .',
        f"<http://e/alice/sword> <http://example.com/weight> {_integer(1500)} .",
        '<http://e/bob/flower> <http://example.com/type> "flower" .',
        f"<http://e/bob/flower> <http://example.com/weight> {_integer(15)} .",
        '<http://e/carol/book> <http://example.com/type> "book" .',
        f"<http://e/carol/book> <http://example.com/weight> {_integer(500)} .",
    ]


def test_an_iteration_has_its_index_keys(tmp_path: Path) -> None:
    names = ("#", "name.#", "name", "item.#", "item.type.#", "item.type", "item.weight.#", "item.weight")
    none = _integer(0)
    assert _view(tmp_path, _JSON, *names) == [
        (none, none, '"alice"', none, none, '"sword"', none, _integer(1500)),
        (none, none, '"alice"', _integer(1), none, '"shield"', none, _integer(2500)),
        (_integer(1), none, '"bob"', none, none, '"flower"', none, _integer(15)),
        (_integer(2), none, '"carol"', none, none, '"book"', none, _integer(500)),
    ]


def test_a_triples_map_without_a_join_condition_meets_its_parent_within_the_iteration(tmp_path: Path) -> None:
    body = (
        _JSON
        + """ex:person rml:logicalSource ex:view ; rml:subjectMap [ rml:template "http://e/{name}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:item ; rml:objectMap [ rml:parentTriplesMap ex:thing ] ] .
    ex:thing rml:logicalSource ex:view ; rml:subjectMap [ rml:template "http://e/{name}/{item.#}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:type ; rml:objectMap [ rml:reference "item.type" ] ] ."""
    )
    assert lifted(tmp_path, body, _FILES) == [
        '<http://e/alice/0> <http://example.com/type> "sword" .',
        '<http://e/alice/1> <http://example.com/type> "shield" .',
        "<http://e/alice> <http://example.com/item> <http://e/alice/0> .",
        "<http://e/alice> <http://example.com/item> <http://e/alice/1> .",
        '<http://e/bob/0> <http://example.com/type> "flower" .',
        "<http://e/bob> <http://example.com/item> <http://e/bob/0> .",
        '<http://e/carol/0> <http://example.com/type> "book" .',
        "<http://e/carol> <http://example.com/item> <http://e/carol/0> .",
    ]


def test_the_position_of_a_row_is_that_of_its_line(tmp_path: Path) -> None:
    body = _CSV + f"ex:view rml:viewOn ex:rows ; {_NAME_AND_YEAR} ."
    assert _view(tmp_path, body, "#", "name") == [
        (_integer(0), '"alice"'),
        (_integer(1), '"bob"'),
        (_integer(2), '"tobias"'),
    ]


def test_an_expression_of_several_values_makes_an_iteration_of_each(tmp_path: Path) -> None:
    body = f"""ex:people rml:source "people.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$.people[*]" .
    ex:view rml:viewOn ex:people ; {_expression("name", "$.name")} {_expression("type", "$.items[*].type")} ."""
    assert _view(tmp_path, body, "name", "type.#", "type") == [
        ('"alice"', _integer(0), '"sword"'),
        ('"alice"', _integer(1), '"shield"'),
        ('"bob"', _integer(0), '"flower"'),
        ('"carol"', _integer(0), '"book"'),
    ]
    twice = (
        'ex:map rml:logicalSource ex:view ; rml:subjectMap [ rml:template "http://e/{type}" ] ; rml:predicateObjectMap '
    )
    twice += '[ rml:predicate ex:p ; rml:objectMap [ rml:reference "type" ] ] .'
    found = lifted(tmp_path, body + twice, _FILES)
    assert [line.split(" ")[::2] for line in found] == [
        [f"<http://e/{each}>", f'"{each}"'] for each in ("book", "flower", "shield", "sword")
    ]


def test_json_in_a_column_is_read_below_its_field(tmp_path: Path) -> None:
    inner = _written("it", "rml:JSONPath", _TYPE, 'rml:iterator "$" ;')
    body = f"""ex:rows rml:source "json-in-csv.csv" ; rml:referenceFormulation rml:CSV .
    ex:view rml:viewOn ex:rows ; {_expression("name", "name")} {_expression("item", "item", inner)} ."""
    assert _view(tmp_path, body, "name", "item.it.type") == [
        ('"alice"', '"shield"'),
        ('"alice"', '"sword"'),
        ('"bob"', '"flower"'),
    ]


def test_an_array_in_a_column_is_iterated_over(tmp_path: Path) -> None:
    inner = (
        f'; rml:field [ rml:fieldName "it" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" ; {_TYPE} ]'
    )
    body = f"""ex:rows rml:source "arrays-in-csv.csv" ; rml:referenceFormulation rml:CSV .
    ex:view rml:viewOn ex:rows ; {_expression("name", "name")} {_expression("items", "items", inner)} ."""
    assert _view(tmp_path, body, "name", "items.it.#", "items.it.type") == [
        ('"alice"', _integer(0), '"sword"'),
        ('"alice"', _integer(1), '"shield"'),
        ('"bob"', None, None),
    ]


def test_a_table_in_a_member_is_read_row_by_row(tmp_path: Path) -> None:
    columns = _expression("type", "type") + _expression("weight", "weight")
    inner = _written("row", "rml:CSV", columns)
    body = f"""ex:people rml:source "csv-in-json.json" ; rml:referenceFormulation rml:JSONPath ;
      rml:iterator "$.people[*]" .
    ex:view rml:viewOn ex:people ; {_expression("name", "$.name")} {_expression("items", "$.items", inner)} ."""
    assert _view(tmp_path, body, "name", "items.row.#", "items.row.type", "items.row.weight") == [
        ('"alice"', _integer(0), '"sword"', '"1500"'),
        ('"alice"', _integer(1), '"shield"', '"2500"'),
        ('"bob"', _integer(0), '"flower"', '"15"'),
        ('"carol"', None, None, None),
    ]


def test_xml_in_a_member_is_read_by_xpath(tmp_path: Path) -> None:
    inner = _written("b", "rml:XPath", _expression("text", "."), 'rml:iterator "/a/b" ;')
    body = f"""ex:docs rml:source "xml-in-json.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .
    ex:view rml:viewOn ex:docs ; {_expression("id", "$.id")} {_expression("doc", "$.doc", inner)} ."""
    assert _view(tmp_path, body, "id", "doc.b.text") == [
        (_integer(1), '"x"'),
        (_integer(1), '"y"'),
        (_integer(2), None),
    ]


_LEFT = f"{_JSON}{_CSV}ex:joined rml:viewOn ex:rows ; {_NAME_AND_YEAR} {_join('leftJoin', 'ex:view', *_ITEMS_TAKEN)}"
_BOTH_JOINED = [
    ('"alice"', '"1995"', _integer(0), '"sword"', _integer(1500)),
    ('"alice"', '"1995"', _integer(1), '"shield"', _integer(2500)),
    ('"bob"', '"1999"', _integer(0), '"flower"', _integer(15)),
]
_JOINED = ("name", "birthyear", "item_type.#", "item_type", "item_weight")


def test_a_left_join_keeps_what_meets_nothing(tmp_path: Path) -> None:
    assert _view(tmp_path, _LEFT + " .", *_JOINED) == [*_BOTH_JOINED, ('"tobias"', '"2005"', None, None, None)]


def test_an_inner_join_drops_what_meets_nothing(tmp_path: Path) -> None:
    assert _view(tmp_path, _LEFT.replace("leftJoin", "innerJoin") + " .", *_JOINED) == _BOTH_JOINED


def test_a_full_join_keeps_what_meets_nothing_on_either_side(tmp_path: Path) -> None:
    taken = (("p_name", "name"), *_ITEMS_TAKEN)
    body = f"{_JSON}{_CSV}ex:joined rml:viewOn ex:rows ; {_NAME_AND_YEAR} {_join('fullJoin', 'ex:view', *taken)} ."
    names = ("#", "name", "birthyear", "p_name", "item_type.#", "item_type", "item_weight")
    assert _view(tmp_path, body, *names) == [
        (None, None, None, '"carol"', _integer(0), '"book"', _integer(500)),
        (_integer(0), '"alice"', '"1995"', '"alice"', _integer(0), '"sword"', _integer(1500)),
        (_integer(0), '"alice"', '"1995"', '"alice"', _integer(1), '"shield"', _integer(2500)),
        (_integer(1), '"bob"', '"1999"', '"bob"', _integer(0), '"flower"', _integer(15)),
        (_integer(2), '"tobias"', '"2005"', None, None, None, None),
    ]


def test_two_triples_maps_over_a_full_join_meet_within_the_iteration(tmp_path: Path) -> None:
    joined = _join("fullJoin", "ex:view", ("p_name", "name"), *_ITEMS_TAKEN)
    body = f"""{_JSON}{_CSV}ex:joined rml:viewOn ex:rows ; {_NAME_AND_YEAR} {joined} .
    ex:child rml:logicalSource ex:joined ; rml:subjectMap [ rml:template "http://e/{{name}}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:born ; rml:objectMap [ rml:reference "birthyear" ] ] .
    ex:parent rml:logicalSource ex:joined ; rml:subjectMap [ rml:template "http://e/{{p_name}}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:item ; rml:objectMap [ rml:parentTriplesMap ex:item ] ] .
    ex:item rml:logicalSource ex:joined ; rml:subjectMap [ rml:template "http://e/i/{{item_type}}" ] ."""
    assert lifted(tmp_path, body, _FILES) == [
        '<http://e/alice> <http://example.com/born> "1995" .',
        "<http://e/alice> <http://example.com/item> <http://e/i/shield> .",
        "<http://e/alice> <http://example.com/item> <http://e/i/sword> .",
        '<http://e/bob> <http://example.com/born> "1999" .',
        "<http://e/bob> <http://example.com/item> <http://e/i/flower> .",
        "<http://e/carol> <http://example.com/item> <http://e/i/book> .",
        '<http://e/tobias> <http://example.com/born> "2005" .',
    ]


_IDS = f"ex:more rml:viewOn ex:ids ; {_expression('name', 'name')} {_expression('id', 'id')} ."


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("leftJoin", "leftJoin", ["alice", "alice", "bob", "tobias"]),
        ("innerJoin", "leftJoin", ["alice", "alice", "bob"]),
        ("leftJoin", "innerJoin", ["alice", "alice", "bob", "tobias"]),
        ("innerJoin", "innerJoin", ["alice", "alice", "bob"]),
    ],
)
def test_a_view_may_join_two_views(tmp_path: Path, first: str, second: str, names: list[str]) -> None:
    body = _LEFT.replace("leftJoin", first) + _join(second, "ex:more", ("id", "id")) + " ." + _IDS
    ids = {"alice": '"123"', "bob": '"456"', "tobias": '"789"'}
    found = _view(tmp_path, body, "name", "id", "id.#", "item_type")
    assert [row[:3] for row in found] == [(f'"{name}"', ids[name], _integer(0)) for name in names]


def test_a_joined_field_makes_a_subject(tmp_path: Path) -> None:
    body = f"""{_JSON}{_CSV}{_IDS} ex:joined rml:viewOn ex:people ; {_expression("name", "$.name")} {_ITEM}
      {_join("innerJoin", "ex:more", ("id", "id"))} .
    ex:map rml:logicalSource ex:joined ; rml:subjectMap [ rml:template "http://e/{{id}}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:item ; rml:objectMap [ rml:reference "item.type" ] ] ."""
    assert lifted(tmp_path, body, _FILES) == [
        '<http://e/123> <http://example.com/item> "shield" .',
        '<http://e/123> <http://example.com/item> "sword" .',
        '<http://e/456> <http://example.com/item> "flower" .',
    ]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ('rml:childMap [ rml:reference "name" ] ; rml:parentMap [ rml:reference "name" ]', {"alice", "bob"}),
        ('rml:childMap [ rml:constant "bob" ] ; rml:parent "name"', {"alice", "bob", "tobias"}),
        ('rml:childMap [ rml:template "{name}!" ] ; rml:parentMap [ rml:template "{name}!" ]', {"alice", "bob"}),
    ],
)
def test_a_join_condition_takes_any_expression(tmp_path: Path, condition: str, names: set[str]) -> None:
    body = _LEFT.replace('rml:parent "name" ; rml:child "name"', condition).replace("leftJoin", "innerJoin") + " ."
    assert {row[0] for row in _view(tmp_path, body, "name", "item_type")} == {f'"{name}"' for name in names}


def test_a_joined_field_is_a_template_or_a_constant(tmp_path: Path) -> None:
    taken = 'rml:field [ rml:fieldName "both" ; rml:template "{name}/{item.type}" ] ; '
    taken += 'rml:field [ rml:fieldName "from" ; rml:constant "json" ] ;'
    condition = 'rml:joinCondition [ rml:parent "name" ; rml:child "name" ] ;'
    body = f"""{_JSON}{_CSV}ex:joined rml:viewOn ex:rows ; {_expression("name", "name")}
      rml:leftJoin [ rml:parentLogicalView ex:view ; {condition} {taken} ] ."""
    assert _view(tmp_path, body, "name", "both", "from") == [
        ('"alice"', '"alice/shield"', '"json"'),
        ('"alice"', '"alice/sword"', '"json"'),
        ('"bob"', '"bob/flower"', '"json"'),
        ('"tobias"', None, None),
    ]


def test_a_joined_view_may_join_another(tmp_path: Path) -> None:
    middle = (
        f"ex:middle rml:viewOn ex:ids ; {_expression('name', 'name')} {_join('innerJoin', 'ex:view', *_ITEMS_TAKEN)} ."
    )
    body = f"""{_JSON}{_CSV}{middle} ex:joined rml:viewOn ex:rows ; {_NAME_AND_YEAR}
      {_join("leftJoin", "ex:middle", ("thing", "item_type"))} ."""
    assert _view(tmp_path, body, "name", "thing") == [
        ('"alice"', '"shield"'),
        ('"alice"', '"sword"'),
        ('"bob"', '"flower"'),
        ('"tobias"', None),
    ]


def test_a_referencing_object_map_joins_a_triples_map_over_a_joined_view(tmp_path: Path) -> None:
    body = f"""{_LEFT} .
    ex:item rml:logicalSource ex:joined ; rml:subjectMap [ rml:template "http://e/item/{{item_type}}" ] .
    ex:id rml:logicalSource ex:ids ; rml:subjectMap [ rml:template "http://e/{{id}}" ] ; rml:predicateObjectMap
      [ rml:predicate ex:has ; rml:objectMap [ rml:parentTriplesMap ex:item ;
        rml:joinCondition [ rml:child "name" ; rml:parent "name" ] ] ] ."""
    assert lifted(tmp_path, body, _FILES) == [
        "<http://e/123> <http://example.com/has> <http://e/item/shield> .",
        "<http://e/123> <http://example.com/has> <http://e/item/sword> .",
        "<http://e/456> <http://example.com/has> <http://e/item/flower> .",
    ]


def test_nested_iterable_fields_name_their_way(tmp_path: Path) -> None:
    inner = f'rml:field [ rml:fieldName "measures" ; rml:iterator "$.measures" ; {_WEIGHT} ] ;'
    item = f'rml:field [ rml:fieldName "item" ; rml:iterator "$.items[*]" ; {_TYPE} {inner} ] ;'
    body = f"""ex:s rml:source "deep.json" ; rml:referenceFormulation rml:JSONPath .
    ex:view rml:viewOn ex:s ; {_expression("name", "$.name")} {item} .
    """ + _rows("ex:view", *_columns("name", "item.type", "item.measures.weight"))
    deep = '{"name": "a", "items": [{"type": "x", "measures": {"weight": 3}}, {"type": "y"}]}'
    assert _table(lifted(tmp_path, body, {"deep.json": deep})) == [('"a"', '"x"', _integer(3)), ('"a"', '"y"', None)]


def test_a_record_without_items_keeps_what_it_says_of_itself(tmp_path: Path) -> None:
    body = (
        _JSON
        + """ex:map rml:logicalSource ex:view ; rml:subjectMap [ rml:template "http://e/{name}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:name ; rml:objectMap [ rml:reference "name" ] ] ,
        [ rml:predicate ex:type ; rml:objectMap [ rml:reference "item.type" ] ] ."""
    )
    files = {"people.json": '{"people": [{"name": "dan", "items": []}, {"name": "eve"}]}'}
    assert lifted(tmp_path, body, files) == [
        '<http://e/dan> <http://example.com/name> "dan" .',
        '<http://e/eve> <http://example.com/name> "eve" .',
    ]
