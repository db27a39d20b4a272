"""Where results go: into whole files, through links, into pipes that have a name; never in the place of a device."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from graphmap.cli.output import check_target, write_result
from graphmap.cli.terminal import table
from graphmap.errors import GraphmapError


def test_a_pipe_with_a_name_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_result(["ä", b"b"], pipe)
    reader.join(timeout=20)
    assert read == ["äb".encode()]
    assert pipe.is_fifo()


def test_a_pipe_without_a_name_is_written_to_by_its_number() -> None:
    read, write = os.pipe()
    target = Path(f"/dev/fd/{write}")
    check_target(target)
    write_result(["ä"], target)
    os.close(write)
    assert os.read(read, 100) == "ä".encode()
    os.close(read)


def test_a_link_stays_and_leads_to_the_new_result(tmp_path: Path) -> None:
    link, file = tmp_path / "link", tmp_path / "file"
    file.write_text("old")
    link.symlink_to(file)
    write_result([memoryview(b"new")], link)
    assert link.is_symlink()
    assert file.read_text() == "new"


def test_a_place_is_looked_at_before_the_work_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "new")
    for good in ("old", "new", "link", "/dev/null"):
        check_target(tmp_path / good)
    for bad, words in ((".", "Is a directory"), ("none/new", "No such file or directory"), ("old/new", "No such file")):
        with pytest.raises(GraphmapError, match=words):
            check_target(tmp_path / bad)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "old"]


def test_a_place_that_one_may_not_write_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: path != tmp_path)  # root may write everywhere
    with pytest.raises(GraphmapError, match="Permission denied"):
        check_target(tmp_path / "new")


def test_a_result_that_breaks_off_leaves_the_file_before_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("old")
    with pytest.raises(ZeroDivisionError):
        write_result((b"%d" % (1 // number) for number in (1, 0)), file)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert file.read_text() == "old"


def test_a_table_keeps_words_whole_at_eighty_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    rule = "a.schema.with.long.names.SomeClass.someField.in.a.long.list.of.rules"
    table(("rule", "severity", "findings", "example"), [(rule, "Violation", "4", "country is expected to be a code")])
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    assert all(word in printed for word in ("severity", "Violation", "findings", "country", "expected"))
