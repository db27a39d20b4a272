"""What tests of several rooms need: the checkout, and what stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout, which is a workspace."""
    return ROOT


@pytest.fixture(scope="session")
def samples(root: Path) -> Path:
    """The folder of valid records."""
    return root / "samples"


@pytest.fixture(scope="session")
def faulty(root: Path) -> Path:
    """The folder of faulty records, with their index `faulty.json`."""
    return root / "tests" / "data" / "faulty"


@pytest.fixture(scope="session")
def broken(root: Path) -> Path:
    """The folder of input that cannot be read."""
    return root / "tests" / "data" / "broken"


@pytest.fixture(scope="session")
def shared(root: Path) -> Path:
    """The folder beside the checkout that holds published suites and the source pages."""
    folder = root.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder ../shared beside the checkout")
    return folder
