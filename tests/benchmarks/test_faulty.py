from __future__ import annotations

import json
from pathlib import Path

from benchmarks.faulty import faulty_files


def test_the_committed_faulty_records_are_those_that_the_tables_of_faults_give(faulty: Path) -> None:
    written = faulty_files()
    assert {path.name for path in faulty.iterdir()} == set(written)
    assert all((faulty / name).read_text(encoding="utf-8") == text for name, text in written.items())


def test_no_rule_has_two_faulty_records_in_one_file_of_single_faults(faulty: Path) -> None:
    index = json.loads((faulty / "faulty.json").read_text(encoding="utf-8"))
    single = [(entry["file"], entry["rule"]) for entry in index if not entry["file"].startswith("twice")]
    assert len(single) == len(set(single))
