"""JSON documents of one input, cut where they end."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import RecordError, SourceError
from graphmap.records import Documents, Number, Refusal, decode_json, encode_json
from graphmap.records.readers.json import _pieces

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
_OBJECTS = st.dictionaries(st.text(max_size=4), _JSON, max_size=4)


class _Trickle(io.RawIOBase):
    """Bytes that come a few at a time, whatever was asked for."""

    def __init__(self, content: bytes, size: int) -> None:
        self._inner = io.BytesIO(content)
        self._size = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._inner.read(min(len(buffer), self._size))
        buffer[: len(part)] = part
        return len(part)


def _read(content: bytes, *, largest: int = 1 << 20) -> tuple[list[tuple[int, Any]], list[Refusal]]:
    refused: list[Refusal] = []
    documents = Documents("x.json", refuse=refused.append, largest=largest, stream=io.BytesIO(content))
    return list(documents), refused


def test_a_single_document_over_many_lines_is_one_record() -> None:
    assert _read(b'{\n  "a": {\n    "b": [1, 2]\n  }\n}\n') == ([(1, {"a": {"b": [1, 2]}})], [])


def test_documents_of_an_array_are_records_of_their_own() -> None:
    assert _read(b' [ {"a": 1},\n {"a": 2} ] ') == ([(1, {"a": 1}), (2, {"a": 2})], [])


def test_each_line_of_json_lines_is_a_record_and_blank_lines_are_none() -> None:
    assert _read(b'{"a":1}\n\n{"a":2}\r\n{"a":3}') == ([(1, {"a": 1}), (2, {"a": 2}), (3, {"a": 3})], [])


def test_documents_one_after_another_are_records() -> None:
    assert _read(b'{"a":1}{"a":2}\n {"a":3}')[0] == [(1, {"a": 1}), (2, {"a": 2}), (3, {"a": 3})]


def test_a_byte_order_mark_and_blank_lines_before_the_first_document_are_no_part_of_it() -> None:
    assert _read(b'\xef\xbb\xbf{"a":1}')[0] == [(1, {"a": 1})]
    assert _read(b'\n\n{"a":1}')[0] == [(1, {"a": 1})]


def test_an_empty_input_and_an_empty_array_hold_no_records() -> None:
    assert _read(b"") == _read(b" \n\n") == _read(b"[]") == _read(b" [ ]\n") == ([], [])


def test_a_document_that_is_cut_short_is_refused_with_its_number() -> None:
    read, (refusal,) = _read(b'{"a":1}\n{"a":')
    assert read == [(1, {"a": 1})]
    assert (refusal.error.where.source, refusal.error.where.row, refusal.payload) == ("x.json", 2, '{"a":')
    assert "ends in the middle" in refusal.error.what


def test_an_array_that_is_cut_between_two_documents_is_refused_after_its_last() -> None:
    read, (refusal,) = _read(b'[{"a":1},')
    assert read == [(1, {"a": 1})]
    assert refusal.error.where.row == 2


def test_a_broken_first_line_of_json_lines_costs_only_itself() -> None:
    read, (refusal,) = _read(b'{"a":\n{"a":2}\n{"a":3}\n')
    assert read == [(2, {"a": 2}), (3, {"a": 3})]
    assert refusal.error.where.row == 1


def test_a_document_whose_second_line_is_an_object_is_not_taken_for_json_lines() -> None:
    assert _read(b'{"items": [\n{"a":1}\n]}\n') == ([(1, {"items": [{"a": 1}]})], [])


def test_what_stands_between_documents_is_refused_and_their_neighbours_are_read() -> None:
    read, (refusal,) = _read(b'{"a":1} oops {"a":3}')
    assert read == [(1, {"a": 1}), (3, {"a": 3})]
    assert (refusal.error.where.row, refusal.payload) == (2, "oops")


def test_scalars_in_an_array_are_not_lost_in_silence() -> None:
    read, (refusal,) = _read(b"[1, 2]")
    assert (read, refusal.payload) == ([], "1, 2")


def test_a_stray_closing_brace_is_refused() -> None:
    read, (refusal,) = _read(b'} {"a":1}')
    assert (read, refusal.payload) == ([(2, {"a": 1})], "}")


def test_text_that_is_no_utf_8_is_refused_and_kept_readable() -> None:
    read, (refusal,) = _read(b'{"a":"\xff"}\n{"a":2}\n')
    assert read == [(2, {"a": 2})]
    assert refusal.payload == '{"a":"\\xff"}'


def test_ten_thousand_levels_are_refused_as_nested_too_deeply() -> None:
    _, (refusal,) = _read(b"[" * 10_000 + b"]" * 10_000)
    assert refusal.error.what == "the document is nested too deeply"


def test_a_document_above_the_limit_ends_the_reading_with_the_limit_in_the_message() -> None:
    with pytest.raises(SourceError, match="larger than 100 bytes"):
        _read(b'{"a":"' + b"x" * 200 + b'"', largest=100)
    with pytest.raises(SourceError, match="larger than 100 bytes"):
        _read(b'{"a":1}\n{"a":"' + b"x" * 200 + b'"}\n', largest=100)


def test_the_limit_is_for_each_document_of_an_array_and_not_for_all_of_them() -> None:
    small = b'{"a":"' + b"x" * 80 + b'"}'
    assert len(_read(b"[" + b",".join([small] * 9_000) + b"]", largest=100)[0]) == 9_000
    for large in (200, 1_000_000):
        with pytest.raises(SourceError, match=r"larger than \d+ bytes"):
            _read(b"[" + small + b',{"a":"' + b"x" * large + b'"}]', largest=100)


def test_documents_after_an_array_are_read_and_what_is_none_is_refused() -> None:
    read, refused = _read(b'[{"a":1},{"a":2}]\n{"a":3} oops [{"a":4}]')
    assert read == [(1, {"a": 1}), (2, {"a": 2}), (3, {"a": 3}), (5, [{"a": 4}])]
    assert [refusal.payload for refusal in refused] == ["oops"]


def test_a_large_array_is_read_document_by_document() -> None:
    documents = [{"id": number, "inner": [{"id": 1}, {"id": 2}], "text": "},{"} for number in range(20_000)]
    for indent in (None, 1):
        assert [value for _, value in _read(json.dumps(documents, indent=indent).encode())[0]] == documents
    broken = json.dumps(documents).replace('"id": 7000,', '"id": x,')
    read, (refusal,) = _read(broken.encode())
    assert len(read) == 19_999
    assert refusal.error.where.row == 7_001


def test_without_a_place_for_refusals_the_first_one_ends_the_reading() -> None:
    with pytest.raises(RecordError) as caught:
        list(Documents("x.json", stream=io.BytesIO(b'{"a":1}\nnonsense\n')))
    assert caught.value.where.row == 2


def test_numbers_keep_every_digit() -> None:
    decoded = decode_json('{"i": 123456789012345678901234567890, "d": 1.10, "e": 1e400}')
    assert decoded == {"i": 123456789012345678901234567890, "d": "1.10", "e": "1e400"}
    assert isinstance(decoded["d"], Number)
    assert encode_json(decoded) == '{"i":123456789012345678901234567890,"d":1.10,"e":1e400}'


def test_text_that_is_no_json_is_a_value_error_that_says_where() -> None:
    with pytest.raises(ValueError, match="byte 4"):
        decode_json("nonsense")
    with pytest.raises(ValueError, match="nested too deeply"):
        decode_json("[" * 10_000)


@given(
    documents=st.lists(_OBJECTS, max_size=4),
    form=st.sampled_from(["array", "lines", "together", "indented"]),
    size=st.integers(1, 9),
)
def test_wherever_the_input_is_cut_into_chunks_the_documents_are_the_same(
    documents: list[dict[str, Any]], form: str, size: int
) -> None:
    texts = [encode_json(document) for document in documents]
    between = {"array": ",", "lines": "\n", "together": "", "indented": "\n \n"}[form]
    joined = between.join(texts)
    content = (f"[{joined}]" if form == "array" else joined).encode()
    stream = io.BufferedReader(_Trickle(content, size), size)
    assert list(Documents("x.json", stream=stream)) == list(enumerate(documents, start=1))


@given(_JSON)
def test_what_is_decoded_and_encoded_again_is_the_same(value: Any) -> None:
    assert decode_json(encode_json(value)) == value


@given(_JSON)
def test_the_text_made_without_recursion_is_the_same(value: Any) -> None:
    assert b"".join(_pieces(value)).decode() == encode_json(value)


def test_what_is_nested_too_deeply_for_recursion_is_encoded_all_the_same() -> None:
    deep: Any = Number("1.10")
    for level in range(3_000):
        deep = {"a": deep, "b": 1} if level % 2 else [deep]
    assert encode_json(deep) == '{"a":[' * 1_500 + "1.10" + '],"b":1}' * 1_500
