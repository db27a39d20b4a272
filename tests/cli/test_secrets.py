"""Passwords: in no message, no report and no list of processes."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Call

_SECRET = "s3cret/word"  # noqa: S105  # a test's own
_MAPPING = """@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://example.com/> .
@prefix d2rq: <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#> .
ex:db d2rq:jdbcDSN "{url}" ; d2rq:username "me" ; d2rq:password "${{DB_PASSWORD}}" .
ex:t rml:source ex:db ; rml:referenceFormulation rml:SQL2008Query ; rml:iterator "select * from t" .
ex:file rml:source "rows.csv" ; rml:referenceFormulation rml:CSV .
ex:row rml:logicalSource ex:file ; rml:subjectMap [ rml:template "http://e/f/{{id}}" ; rml:class ex:C ] .
ex:map rml:logicalSource ex:t ; rml:subjectMap [ rml:template "http://e/{{id}}" ; rml:class ex:C ] .
"""


@pytest.fixture
def mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DB_PASSWORD", _SECRET)
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.execute("create table t as select 1 as id union all select null")
        connection.commit()
    (tmp_path / "rows.csv").write_text("id\n1\n")
    path = tmp_path / "mapping.ttl"
    path.write_text(_MAPPING.format(url=f"sqlite:{tmp_path}/${{DB_FILE}}"))
    return path


def test_credentials_come_from_the_environment_and_from_bindings(call: Call, mapping: Path) -> None:
    report = mapping.with_name("report.json")
    called = call("lift", "--mapping", mapping, "--bind", "DB_FILE=x.db", "--report", report)
    assert called.status == 0, called.err
    assert called.out.count("\n") == 2
    assert json.loads(report.read_text())
    assert _SECRET not in called.out + called.err + report.read_text()


@pytest.mark.parametrize(
    "url", ["postgresql://127.0.0.1:1/x", f"postgresql://u:{_SECRET}@127.0.0.1:1/x", f"nonsense://u:{_SECRET}@h/x"]
)
def test_a_database_that_cannot_be_reached_is_told_without_its_password(call: Call, mapping: Path, url: str) -> None:
    report = mapping.with_name("report.json")
    mapping.write_text(_MAPPING.format(url=url))
    for arguments in ((), ("--bind", f"db={url}"), ("--best-effort",)):
        called = call("lift", "--mapping", mapping, *arguments, "--report", report, "-o", mapping.with_name("out.nq"))
        assert called.status == 3, called.err
        assert "http://example.com/db" in called.err
        assert _SECRET not in called.err
        assert not mapping.with_name("out.nq").exists()
        assert _SECRET not in "".join(path.read_text() for path in mapping.parent.glob("report*"))


def test_a_name_without_a_value_and_a_binding_that_is_no_pair_are_told_without_what_was_given(
    call: Call, mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = call("lift", "--mapping", mapping, "--bind", f"postgresql://u:{_SECRET}@h/x")
    assert (called.status, _SECRET in called.err) == (2, False)
    assert "is not a pair" in called.err
    monkeypatch.delenv("DB_PASSWORD")
    called = call("lift", "--mapping", mapping, "--bind", "DB_FILE=x.db")
    assert called.status == 2
    assert "${DB_PASSWORD} has no value" in called.err


def test_what_comes_from_the_environment_is_in_no_list_of_processes(mapping: Path) -> None:
    source = "-"
    arguments = ["lift", "--mapping", str(mapping), "--bind", "DB_FILE=x.db", "--bind", f"rows.csv={source}"]
    command = [sys.executable, "-c", "from graphmap.cli import main; main()", *arguments]
    with subprocess.Popen(  # noqa: S603  # our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "DB_PASSWORD": _SECRET}
    ) as process:
        seen = ""
        while not seen and process.poll() is None:  # empty until the program has begun
            seen = Path(f"/proc/{process.pid}/cmdline").read_text()
        out, _ = process.communicate(b"id\n7\n")
        assert process.returncode == 0
    assert "mapping.ttl" in seen
    assert _SECRET not in seen
    assert out.count(b"\n") == 2
