"""Packed bodies are read whole or refused, in small steps."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from graphmap.service.http.body.content_coding import CODINGS, CodingError, decoded

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}
SEVERAL = ("gzip", "zstd")
LARGEST_PIECE = 128 << 10


def whole(body: bytes, coding: str) -> bytes:
    return b"".join(decoded(body, coding))


def test_every_coding_is_tried_here() -> None:
    assert set(CODINGS) == {*PACK, "x-gzip"}


@pytest.mark.parametrize("coding", PACK)
@given(text=st.binary(max_size=3000), times=st.integers(1, 40))
def test_a_body_comes_out_as_it_went_in(coding: str, text: bytes, times: int) -> None:
    assert whole(PACK[coding](text * times), coding) == text * times


@pytest.mark.parametrize("coding", SEVERAL)
@given(members=st.lists(st.binary(max_size=900), min_size=1, max_size=5))
def test_several_members_are_one_body(coding: str, members: list[bytes]) -> None:
    assert whole(b"".join(map(PACK[coding], members)), coding) == b"".join(members)


@pytest.mark.parametrize("coding", PACK)
@pytest.mark.parametrize("garbage", [b"\0", b"x", b"\0" * 4000, b"garbage" * 300])
def test_what_comes_after_the_end_is_refused(coding: str, garbage: bytes) -> None:
    with pytest.raises(CodingError):
        whole(PACK[coding](b"text" * 200) + garbage, coding)


@pytest.mark.parametrize("coding", PACK)
@given(text=st.binary(min_size=1, max_size=900), share=st.floats(0, 1, exclude_max=True))
def test_a_body_that_ends_too_early_is_refused(coding: str, text: bytes, share: float) -> None:
    packed = PACK[coding](text)
    with pytest.raises(CodingError):
        whole(packed[: int(len(packed) * share)], coding)


def test_a_second_stream_of_deflate_is_refused() -> None:
    with pytest.raises(CodingError, match="goes on after its end"):
        whole(zlib.compress(b"a") * 2, "deflate")


@pytest.mark.parametrize("coding", PACK)
def test_a_bomb_comes_in_pieces_of_bounded_size(coding: str) -> None:
    bomb = PACK[coding](bytes(64 << 20))
    sizes = []
    for piece in decoded(bomb, coding):
        sizes.append(len(piece))
        if sum(sizes) > 20 << 20:  # whoever has enough stops here
            break
    assert max(sizes) <= LARGEST_PIECE
    assert sum(sizes) < 64 << 20


def test_members_are_counted() -> None:
    with pytest.raises(CodingError, match="more than 10000 members"):
        whole(gzip.compress(b"") * 10_001, "gzip")
