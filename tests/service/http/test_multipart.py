"""Parts of multipart bodies are found as RFC 2046 has them, or the body is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from graphmap.service.http.multipart import Part, parts

KIND = "multipart/form-data; boundary=xx"
HEAD = b'Content-Disposition: form-data; name="f"\r\nContent-Type: text/turtle; charset=utf-8\r\n\r\n'


def read(body: bytes, kind: str = KIND, most: int = 20) -> list[Part]:
    return list(parts(body, kind, most=most))


def packed(bodies: list[bytes]) -> bytes:
    return b"".join(b"--xx\r\n" + HEAD + body + b"\r\n" for body in bodies) + b"--xx--\r\n"


@given(bodies=st.lists(st.binary(max_size=40).filter(lambda body: b"--xx" not in body), max_size=5, min_size=1))
def test_parts_come_out_as_they_went_in(bodies: list[bytes]) -> None:
    assert read(packed(bodies)) == [Part("text/turtle", body) for body in bodies]


def test_a_part_without_a_type_is_plain_text_and_a_preamble_is_passed_over() -> None:
    body = b"preamble\r\n--xx \t\r\nX: t\r\n\r\nhello\r\n--xx\r\n\r\n\r\n--xx--epilogue"
    assert read(body) == [Part("text/plain", b"hello"), Part("text/plain", b"")]


@pytest.mark.parametrize(
    "kind", ['multipart/form-data; boundary="a b"', "multipart/form-data; charset=x; BOUNDARY=a-b"]
)
def test_a_boundary_may_be_quoted(kind: str) -> None:
    name = b"a b" if '"' in kind else b"a-b"
    assert read(b"--" + name + b"\r\n\r\nx\r\n--" + name + b"--", kind) == [Part("text/plain", b"x")]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"--xx--", "multipart/form-data", 400),
        (b"--xx--", "multipart/form-data; boundary=" + "x" * 2000, 400),
        (b"nothing", KIND, 400),
        (b"--xx\r\n\r\nopen", KIND, 400),
        (b"--xxy\r\n\r\nz\r\n--xx--", KIND, 400),
        (b"--xx\r\nno-end\r\n--xx--", KIND, 400),
        (b"--xx\r\nX: " + b"y" * 9000 + b"\r\n\r\nz\r\n--xx--", KIND, 400),
        (packed([b"a"] * 21), KIND, 413),
    ],
)
def test_what_is_no_multipart_body_is_refused(body: bytes, kind: str, status: int) -> None:
    with pytest.raises(HTTPException) as refused:
        read(body, kind)
    assert refused.value.status_code == status
