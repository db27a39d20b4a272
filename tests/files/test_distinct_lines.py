"""Lines once over any number of texts, in memory and by way of a disk."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.files.distinct_lines import blocks, deduplicated


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@settings(deadline=None, max_examples=40)  # files are slow where others write too
@given(
    texts=st.lists(st.lists(st.sampled_from([f"line {number} é" for number in range(40)]), max_size=12), max_size=30),
    memory=st.sampled_from([0, 1, 400, 1500, 1 << 20]),
)
def test_every_line_comes_once_whatever_the_memory(texts: list[list[str]], memory: int) -> None:
    found = b"".join(deduplicated(map(_text, texts), memory=memory)).decode().splitlines()
    assert sorted(found) == sorted({line for lines in texts for line in lines})
    assert len(found) == len(set(found))


def test_with_memory_the_order_is_that_of_first_appearance() -> None:
    texts: list[bytes | memoryview] = [_text(["b", "a"]), memoryview(_text(["a", "c", "b"]))]
    assert b"".join(deduplicated(texts, memory=1 << 20)) == b"b\na\nc\n"


def test_many_more_lines_than_memory_are_parted_again_and_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    texts = [_text([f"<s{number}>" for number in range(start, start + 500)]) for start in (*range(0, 20_000, 250), 0)]
    lines = b"".join(deduplicated(texts, memory=5_000)).split()
    assert len(lines) == len(set(lines)) == 20_250
    assert list(tmp_path.iterdir()) == []


def test_blocks_end_with_lines(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"ab\ncde\nf\n")
    assert list(blocks(tmp_path / "text", size=4)) == [b"ab\ncde\n", b"f\n"]
