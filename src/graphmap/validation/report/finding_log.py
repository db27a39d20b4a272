"""The findings of a run, however many: in memory while they are few, in sorted runs on disk when they are not.

Source: Knuth, The Art of Computer Programming, volume 3, section 5.4 (external merging).
"""

from __future__ import annotations

import heapq
import pickle
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import overload

from graphmap.validation.report.finding import Finding

__all__ = ["FindingLog"]

_BATCH = 500


class FindingLog(Sequence[Finding]):
    """Takes findings in any order and gives them by source and row; findings of one row keep their order.

    Args:
        in_memory: how many findings are kept in memory before they are written to a temporary folder, which goes away
            with the log.
    """

    def __init__(self, *, in_memory: int = 50_000) -> None:
        self._in_memory = in_memory
        self._recent: list[Finding] = []
        self._runs: list[Path] = []
        self._length = 0
        self._latest: Finding | None = None
        self._folder: Path | None = None
        self.severities: Counter[str] = Counter()

    def append(self, finding: Finding) -> None:
        """Add one finding."""
        self._recent.append(finding)
        self._latest = finding
        self._length += 1
        self.severities[finding.severity] += 1
        if len(self._recent) >= self._in_memory:
            self._spill()

    def extend(self, findings: Iterable[Finding]) -> None:
        """Add findings."""
        for finding in findings:
            self.append(finding)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Finding]:
        self._recent.sort(key=_place)
        if not self._runs:
            return iter(self._recent)
        return heapq.merge(*map(_read, self._runs), self._recent, key=_place)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> list[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | list[Finding]:
        if isinstance(index, slice):
            return list(islice(self, *index.indices(self._length)))
        at = range(self._length)[index]
        return next(islice(self, at, None))

    @property
    def latest(self) -> Finding:
        """The finding that was added last.

        Raises:
            IndexError: where there is none.
        """
        if self._latest is None:
            raise IndexError("no finding was added")
        return self._latest

    def counts(self) -> Mapping[str, int]:
        """Number of findings of each severity."""
        return self.severities

    def _spill(self) -> None:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="graphmap-findings-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._recent.sort(key=_place)
        path = self._folder / str(len(self._runs))
        with path.open("wb") as file:
            for start in range(0, len(self._recent), _BATCH):
                pickle.dump(self._recent[start : start + _BATCH], file, protocol=pickle.HIGHEST_PROTOCOL)
        self._runs.append(path)
        self._recent = []


def _place(finding: Finding) -> tuple[str, int]:
    return finding.source or "", finding.row or 0


def _read(path: Path) -> Iterator[Finding]:
    with path.open("rb") as file:
        while True:
            try:
                yield from pickle.load(file)  # noqa: S301  # this process wrote it
            except EOFError:
                return
