"""Elements of large arrays inside of JSON documents, read in portions."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphmap.errors import SourceError
from graphmap.records import Refusal, WholeDocument, encode_json
from graphmap.records.readers.json_arrays import Elements, Part, array_portions
from graphmap.records.readers.json_stream import JsonText

_ELEMENTS = Part(names=(), elements=True)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab,"\\{}[] \n:é', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('a,"', max_size=2), inner, max_size=3),
    max_leaves=8,
)


def _read(content: bytes, part: Part = _ELEMENTS) -> tuple[list[tuple[int, Any]], list[Refusal]]:
    refused: list[Refusal] = []
    portions = array_portions(io.BytesIO(content), part, name="x.json")
    return list(Elements("x.json", portions, refuse=refused.append)), refused


def _values(content: bytes, *names: str, elements: bool = True) -> list[Any]:
    read, refused = _read(content, Part(names=names, elements=elements))
    assert not refused
    return [value for _, value in read]


@given(values=st.lists(_JSON, max_size=6), size=st.integers(1, 40), indent=st.sampled_from([None, 1]))
@example(values=[{"a": [{"a": 1}, {"a": 2}]}] * 3, size=12, indent=None)
@example(values=["},{", '"', "\\", [], {}], size=1, indent=None)
def test_wherever_an_array_is_cut_its_elements_are_the_same(values: list[Any], size: int, indent: int | None) -> None:
    text = json.dumps(values, indent=indent).encode()
    portions = list(JsonText(io.BytesIO(text), "x").array(size=size))
    assert [value for portion in portions for value in json.loads(portion)] == values
    apart = list(JsonText(io.BytesIO(text), "x").array(apart=True))
    assert [json.loads(portion) for portion in apart] == [[value] for value in values]


@given(before=_JSON, values=st.lists(_JSON, max_size=4), after=_JSON)
def test_a_part_is_found_whatever_stands_around_it(before: Any, values: list[Any], after: Any) -> None:
    document = {"before": before, "a": {"x": before, "b": values, "y": after}, "after": after}
    content = encode_json(document).encode()
    assert _values(content, "a", "b") == values
    assert _values(content, "a", "b", elements=False) == [values]
    assert _values(content, "nowhere", "b") == []


def test_a_large_array_comes_in_many_portions_that_are_arrays_themselves() -> None:
    values = [{"id": number, "lines": [{"id": number}, {"id": -1}], "text": "},{"} for number in range(20_000)]
    for separators in ((",", ":"), (", ", ": ")):
        content = json.dumps({"a": values}, separators=separators).encode()
        portions = list(array_portions(io.BytesIO(content), Part(names=("a",), elements=True), name="x"))
        assert len(portions) > 10
        assert max(map(len, portions)) < 100_000
        assert [value for portion in portions for value in json.loads(portion)] == values


def test_values_of_an_object_are_elements_as_a_wildcard_has_it_and_a_scalar_has_none() -> None:
    assert _values(b'{"a": {"x": 1, "y": [2]}}', "a") == [1, [2]]
    assert _values(b'{"a": 5, "b": []}', "a") == _values(b'{"b": 1}', "a") == _values(b"17") == []


def test_documents_one_after_another_each_give_their_part() -> None:
    assert _values(b'{"a":[1]}\n{"b":0}\n\n{"a":[2,3]}', "a") == [1, 2, 3]


def test_small_arrays_of_many_documents_come_together_in_few_portions() -> None:
    content = b'{"a":[{"n":1}, {"n":2}]}\n{"a":[]}\n{"a":[{"n":3}]}\n' * 5_000
    portions = list(array_portions(io.BytesIO(content), Part(names=("a",), elements=True), name="x"))
    assert len(portions) < 10
    assert [each["n"] for portion in portions for each in json.loads(portion)] == [1, 2, 3] * 5_000
    read, (refusal,) = _read(content + b'{"a":[{"n":1}, {"n":[2]', Part(names=("a",), elements=True))
    assert len(read) == 15_001
    assert refusal.error.where.row == 15_002


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert _values(b'\xef\xbb\xbf[{"a":1}]') == [{"a": 1}]


def test_a_faulty_element_costs_only_itself() -> None:
    read, refused = _read(b'[{"a":1}, {"a":tru}, {"b":"\xff"}, {"c":1},, [2]]')
    assert read == [(1, {"a": 1}), (4, {"c": 1}), (6, [2])]
    assert [each.error.where.row for each in refused] == [2, 3, 5]
    assert refused[0].payload.strip() == '{"a":tru}'


def test_ten_thousand_levels_cost_only_their_element() -> None:
    read, (refusal,) = _read(b'[1, {"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}, 3]")
    assert read == [(1, 1), (3, 3)]
    assert "nested too deeply" in refusal.error.what


@pytest.mark.parametrize("content", [b'[{"a":1},{"a"', b'[{"a":1},', b'[{"a":1},{"a":"x'])
def test_an_array_that_is_cut_short_refuses_what_is_not_whole_with_its_number(content: bytes) -> None:
    for text, part in ((content, _ELEMENTS), (b'{"x":' + content, Part(names=("x",), elements=True))):
        read, (refusal,) = _read(text, part)
        assert read == [(1, {"a": 1})]
        assert (refusal.error.where.source, refusal.error.where.row) == ("x.json", 2)


def test_a_text_that_is_empty_or_in_another_encoding_is_an_error() -> None:
    for content in (b"", b" \n", '{"a": [1]}'.encode("utf-16"), b"nonsense", b"1 nonsense", b"<a/>"):
        with pytest.raises(SourceError, match=r"x\.json: is not JSON"):
            _read(content, Part(names=("a",), elements=True))


@pytest.mark.parametrize("content", [b'{"a":[1]', b'{"a":[1],"b":{"c', b'{"a":[1] 5}', b'{"a" 1}', b"{5:1}"])
def test_what_is_broken_around_the_part_is_an_error_that_names_the_byte(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"x\.json: is not JSON: .* \(byte \d+\)"):
        _read(content, Part(names=("a",), elements=True))


def test_documents_are_whole_whatever_their_outermost_value_is() -> None:
    def whole(content: bytes, encoding: str = "utf-8") -> list[tuple[int, Any]]:
        return list(WholeDocument("x.json", encoding=encoding, stream=io.BytesIO(content)))

    assert whole(b' [1, {"a": "]"}]\n') == [(1, [1, {"a": "]"}])]
    assert whole(b'{"a":1}\n{"a":2}\n') == [(1, {"a": 1}), (2, {"a": 2})]
    assert whole(b'"x" 5 true') == [(1, "x"), (2, 5), (3, True)]
    assert whole('["é"]'.encode("utf-16"), "utf-16") == [(1, ["é"])]
    with pytest.raises(SourceError, match="is not utf-16"):
        whole(b"[1]\n\xd8\x00\xd8", "utf-16")


def test_a_document_that_is_no_json_is_refused_and_the_others_are_read() -> None:
    refused: list[Refusal] = []
    read = list(WholeDocument("x.json", refuse=refused.append, stream=io.BytesIO(b'{"a":1}\n{"a":}\n{"a":')))
    assert read == [(1, {"a": 1})]
    assert [each.error.where.row for each in refused] == [2, 3]
    refused.clear()
    assert list(WholeDocument("x.json", refuse=refused.append, stream=io.BytesIO(b""))) == []
    assert [each.error.where.row for each in refused] == [1]
