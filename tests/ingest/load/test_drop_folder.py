"""A drop folder: every file ends in `done` or `failed`, or waits."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from graphmap.errors import CallError, SourceError, StoreError
from graphmap.ingest.load.drop_folder import DroppedFile, follow


def put(folder: Path, name: str, text: str = "content") -> Path:
    file = folder / name
    file.write_text(text)
    os.utime(file, (1, 1))
    return file


def followed(folder: Path, count: int, fails: dict[str, Exception]) -> list[DroppedFile]:
    stop = threading.Event()
    found: list[DroppedFile] = []

    def load(file: Path) -> str:
        if len(found) + 1 == count:
            stop.set()
        if file.name in fails:
            raise fails[file.name]
        return "1 stored"

    for each in follow(folder, load, stop, pause_s=0.01):
        found.append(each)
        if stop.is_set():
            break
    return found


def test_loaded_files_are_moved_to_done_and_broken_ones_to_failed_with_the_reason(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        put(tmp_path, name)
    found = followed(tmp_path, 3, {"b.csv": SourceError("it is broken")})
    assert [each.told for each in found] == ["1 stored", "it is broken", "1 stored"]
    assert sorted(file.name for file in (tmp_path / "done").iterdir()) == ["a.csv", "c.csv"]
    assert (tmp_path / "failed" / "b.csv.error").read_text() == "it is broken\n"
    assert (tmp_path / "failed" / "b.csv").read_text() == "content"


def test_a_file_waits_while_the_store_cannot_be_written(tmp_path: Path) -> None:
    put(tmp_path, "a.csv")
    (found,) = followed(tmp_path, 1, {"a.csv": StoreError("the disk is full")})
    assert (found.place, found.told) == (None, "the disk is full")
    assert (tmp_path / "a.csv").exists()


def test_files_that_are_still_being_written_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, ".hidden.csv")
    put(tmp_path, "b.csv.part")
    (tmp_path / "fresh.csv").write_text("content")
    os.utime(tmp_path / "fresh.csv", (4_000_000_000, 4_000_000_000))
    put(tmp_path, "whole.csv")
    assert [each.file.name for each in followed(tmp_path, 1, {})] == ["whole.csv"]


def test_a_second_file_of_one_name_keeps_the_first(tmp_path: Path) -> None:
    for text in ("first", "second"):
        put(tmp_path, "a.csv", text)
        followed(tmp_path, 1, {})
    assert {file.name: file.read_text() for file in (tmp_path / "done").iterdir()} == {
        "a.csv": "first",
        "2-a.csv": "second",
    }


def test_a_folder_that_is_not_there_is_a_wrong_call_before_anything_is_followed(tmp_path: Path) -> None:
    for name, words in (("none", "there is no such folder"), ("file", "this is not a folder")):
        (tmp_path / "file").touch()
        with pytest.raises(CallError, match=words):
            follow(tmp_path / name, str, threading.Event())
