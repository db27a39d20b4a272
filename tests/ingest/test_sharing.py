"""Messages that several processes check together, held against one process alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from graphmap.errors import SourceError
from graphmap.files.byte_stream import open_bytes
from graphmap.ingest import InputCheck, Knowledge, check_files
from graphmap.ingest.check.partition_check import document_portions
from graphmap.validation.report.report import Report


def checked(file: Path, knowledge: Knowledge, processes: int) -> tuple[Report, list[str]]:
    gathering = InputCheck(knowledge.engine)
    check_files([str(file)], knowledge, gathering, processes=processes)
    return gathering.report(), [str(each.error) for each in gathering.refused]


def mixed(faulty: Path, samples: Path, file: Path) -> Path:
    """Good, faulty, unreadable and repeated messages, in a good many portions."""
    good = (samples / "accounts.jsonl").read_bytes()
    bad = (faulty / "envelopes.jsonl").read_bytes()
    file.write_bytes(b"\xef\xbb\xbf" + (good * 5 + b"\n" + bad + b"no JSON\n" + b"{}\n" + good[:99] + b"\n") * 3)
    return file


def test_several_processes_report_what_one_reports(
    faulty: Path, samples: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    file = mixed(faulty, samples, tmp_path / "messages.jsonl")
    portions = document_portions(str(file), open_bytes(str(file)), largest=1 << 20)
    assert len(list(portions or ())) > 2
    (alone, alone_refused), (shared, shared_refused) = checked(file, knowledge, 1), checked(file, knowledge, 3)
    assert list(shared.findings) == list(alone.findings)
    assert len(shared.findings) > 100
    assert (shared.records, shared.unread, shared.counts()) == (alone.records, alone.unread, alone.counts())
    assert (shared.coverage, shared.measurements) == (alone.coverage, alone.measurements)
    assert shared_refused == alone_refused


def test_a_document_beyond_the_limit_is_refused_by_its_size(knowledge: Knowledge, tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text('{"a": 1}\n{"a": "' + "x" * (1 << 20))
    workspace = knowledge.workspace
    knowledge = replace(knowledge, workspace=replace(workspace, limits=replace(workspace.limits, document_bytes=1000)))
    with pytest.raises(SourceError, match="larger than"):
        checked(file, knowledge, 2)


def test_documents_over_several_lines_are_not_cut(tmp_path: Path) -> None:
    file = tmp_path / "messages.json"
    file.write_text('{"a":\n1}\n{"a": 2}\n')
    stream = open_bytes(str(file))
    assert document_portions(str(file), stream, largest=100) is None
    assert stream.read() == file.read_bytes()
