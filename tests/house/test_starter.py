from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.errors import ConfigurationError
from graphmap.starter import STARTER_ENTRIES, starter_files, starter_root


def _wheel_layout(folder: Path) -> Path:
    for entry in STARTER_ENTRIES:
        place = folder / "starter_files" / entry
        if place.suffix:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("", encoding="utf-8")
        else:
            place.mkdir(parents=True)
            (place / "one.txt").write_text(entry, encoding="utf-8")
    return folder


def test_a_checkout_is_its_own_starter_workspace(root: Path) -> None:
    assert starter_root() == root


def test_a_wheel_carries_its_own_files(tmp_path: Path) -> None:
    package = _wheel_layout(tmp_path / "graphmap")
    relative = [str(path) for path, _ in starter_files(package)]
    assert starter_root(package) == package / "starter_files"
    assert relative == [entry if Path(entry).suffix else f"{entry}/one.txt" for entry in STARTER_ENTRIES]


def test_an_installation_without_the_files_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not part of this installation"):
        list(starter_files(tmp_path / "graphmap"))


def test_samples_and_queries_are_part_of_the_starter_workspace() -> None:
    relative = {str(path) for path, _ in starter_files()}
    assert {"graphmap.toml", "samples/dim_customer.csv", "queries/accounts-by-status.rq"} <= relative
