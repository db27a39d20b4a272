"""LinkML itself accepts the rule files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("linkml_runtime", reason="linkml-runtime is not installed", exc_type=ImportError)

_READ = """
import sys
from linkml_runtime.utils.schemaview import SchemaView
view = SchemaView(sys.argv[1])
for name, each in view.all_classes().items():
    slots = view.class_induced_slots(name)
    assert all(slot.range in {**view.all_types(), **view.all_enums(), **view.all_classes()} for slot in slots), name
    print(name, len(slots))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "classes"), [("limber", 21), ("warehouse", 18)])
def test_linkml_reads_a_rule_file_and_knows_all_ranges(root: Path, name: str, classes: int) -> None:
    call = [sys.executable, "-c", _READ, str(root / "rules" / f"{name}.yaml")]
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 - our own text
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == classes
