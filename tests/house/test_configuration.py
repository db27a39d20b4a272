from __future__ import annotations

import re
from pathlib import Path

from graphmap.workspace import read_workspace


def test_the_repository_is_a_workspace_with_both_sources(root: Path) -> None:
    workspace = read_workspace(root, {})
    assert set(workspace.sources) == {"customer-account", "dim_customer"}
    assert all(path.is_file() for source in workspace.sources.values() for path in source.mappings)


def test_every_setting_that_is_read_is_documented(root: Path) -> None:
    reader = (root / "src" / "graphmap" / "workspace" / "reader.py").read_text(encoding="utf-8")
    document = (root / "docs" / "configuration.md").read_text(encoding="utf-8")
    keys = set(re.findall(r'\.(?:text|texts|take|choice|table)\("(\w+)"', reader))
    assert keys
    assert [key for key in sorted(keys) if not re.search(rf"[`.]{key}[`.]", document)] == []
