from __future__ import annotations

import json
import re
from pathlib import Path

from benchmarks.faulty import faulty_files


def test_the_committed_faulty_records_are_those_that_the_tables_of_faults_give(faulty: Path) -> None:
    written = faulty_files()
    assert {path.name for path in faulty.iterdir()} == set(written)
    assert all((faulty / name).read_text(encoding="utf-8") == text for name, text in written.items())


def test_no_rule_has_two_faulty_records_in_one_file_of_single_faults(faulty: Path) -> None:
    index = json.loads((faulty / "faulty.json").read_text(encoding="utf-8"))
    single = [(entry["file"], entry["rule"]) for entry in index if entry["file"] in ("rows.csv", "envelopes.jsonl")]
    assert len(single) == len(set(single))


def test_every_rule_of_shapes_and_mappings_has_a_faulty_record(root: Path, faulty: Path) -> None:
    index = json.loads((faulty / "faulty.json").read_text(encoding="utf-8"))
    files = [path for folder in ("shapes", "mappings") for path in (root / folder).glob("*.ttl")]
    named = {
        slug for path in files for slug in re.findall(r'graphmap:rule "([^"]+)"', path.read_text(encoding="utf-8"))
    }
    without = named - {entry["rule"] for entry in index}
    # an envelope gives its account an IRI or is refused, so that an account without one cannot be lifted
    assert without == {"limber.CustomerAccount.key"}
