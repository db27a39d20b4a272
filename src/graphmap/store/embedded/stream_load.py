"""N-Quads that are loaded while they are still being written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

__all__ = ["load_while_written"]


def load_while_written(load: Callable[[Path], None], dump: Callable[[IO[bytes]], None]) -> None:
    """Load N-Quads while they are still being written.

    Args:
        load: reads a pipe.
        dump: writes N-Quads.

    Raises:
        StoreError: as both do.
    """
    with tempfile.TemporaryDirectory(prefix="graphmap-") as folder, ThreadPoolExecutor(1) as other:
        pipe = Path(folder) / "quads.nq"
        os.mkfifo(pipe, 0o600)
        pouring = other.submit(_pour, dump, pipe)
        load(pipe)
        pouring.result()


def _pour(dump: Callable[[IO[bytes]], None], pipe: Path) -> None:
    with pipe.open("wb") as target:
        dump(target)
