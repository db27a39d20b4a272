from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from starlette.exceptions import HTTPException

from graphmap.service.http.body.multipart import Part, parts
from tests.growth import BOUND, growth

KIND = "multipart/form-data; boundary=b"
ENDED = b"\r\n\r\nabc\r\n--b--\r\n"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"--b\r\n\r\none\r\n--b\r\nContent-Type: Text/CSV; a=b\r\n\r\n2,\r\n3\r\n--b--\r\n", ["one", "2,\r\n3"]),
        (b"before\r\n--b \t\r\nA: b\r\n\r\n\r\n--b--\r\nafter", [""]),
        (b"--b\n\none\n--b--", ["one"]),
        (b"--b\r\n\r\n--bc\r\n--b--", ["--bc"]),
        (b"--b\r\nContent-Transfer-Encoding: BASE64\r\n\r\nw7w=\r\n--b--", ["ü"]),
        (b"--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=BC\r\n--b--", ["ü"]),
        (b"--b--", []),
    ],
)
def test_parts_are_what_stands_between_boundaries(body: bytes, found: list[str]) -> None:
    assert [part.body.decode() for part in parts(body, KIND, most=5)] == found


def test_a_part_says_of_what_kind_it_is() -> None:
    body = b"--b\r\nContent-Disposition: form-data;\r\n name=f\r\ncontent-type:\r\n Text/Turtle ; charset=utf-8" + ENDED
    assert list(parts(body, KIND, most=1)) == [Part("text/turtle", b"abc")]
    assert list(parts(b"--b" + ENDED, KIND, most=1)) == [Part("text/plain", b"abc")]


@pytest.mark.parametrize("boundary", ['"b c"', "----=_Part/0:1", "'()+_,-./:=?", "B"])
def test_a_boundary_may_be_quoted_or_not(boundary: str) -> None:
    name = boundary.strip('"')
    body = f"--{name}\r\n\r\nabc\r\n--{name}--".encode()
    assert [part.body for part in parts(body, f"multipart/mixed;a=b; Boundary={boundary};c=d", most=1)] == [b"abc"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"--b" + ENDED, "multipart/form-data", 400),
        (b"--b" + ENDED, "multipart/form-data; boundary=", 400),
        (b"--b" + ENDED, "multipart/form-data; boundary=c", 400),
        (b"", KIND, 400),
        (b"--b\r\n\r\nabc", KIND, 400),
        (b"--b\r\nA: b\r\n--b--", KIND, 400),
        (b"--b\r\nA: " + b"b" * 9000 + ENDED, KIND, 400),
        (b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\na\r\n--b--", KIND, 400),
        (b"--b\r\nContent-Transfer-Encoding: uuencode" + ENDED, KIND, 415),
        (b"--b\r\n\r\nx\r\n" * 6 + b"--b--", KIND, 413),
    ],
)
def test_what_is_no_multipart_body_is_refused(body: bytes, kind: str, status: int) -> None:
    with pytest.raises(HTTPException) as caught:
        list(parts(body, kind, most=5))
    assert caught.value.status_code == status


def tried(body: bytes, kind: str = KIND) -> None:
    with contextlib.suppress(HTTPException):
        list(parts(body, kind, most=20))


@pytest.mark.parametrize(
    "make",
    [
        lambda size: b"--b\r\nContent-Type: a/b" + b";" * size + ENDED,
        lambda size: b'--b\r\nContent-Type: a/b; a="' + b'"' * size + ENDED,
        lambda size: b"--b\r\nContent-Type: " + b"(" * size + ENDED,
        lambda size: b"--b\r\nContent-Transfer-Encoding: " + b"(;" * size + ENDED,
        lambda size: b"--b\r\n" + b"A: b\r\n" * size + ENDED,
        lambda size: b"--b\r\nA:" + b"\r\n " * size + ENDED,
        lambda size: b"--b\r\n\r\nx\r\n" * size,
        lambda size: b"--b" + b" " * size + b"--b",
        lambda size: b"--b\r\n\r\n" + b"\r\n-" * size,
    ],
)
def test_the_work_for_a_hostile_body_grows_with_its_length_alone(make: Callable[[int], bytes]) -> None:
    assert growth(tried, make, 1000) < BOUND


@pytest.mark.parametrize("text", [";", '"', "(", "; boundary", "; boundary=", " ", ";\t", "=?utf-8?q?a?=", "; a*0=b"])
def test_the_work_for_a_hostile_media_type_grows_with_its_length_alone(text: str) -> None:
    def work(kind: str) -> None:
        tried(b"--b" + ENDED, kind)

    assert growth(work, lambda size: "multipart/form-data" + text * size + KIND.partition("data")[2], 500) < BOUND
