"""Runs a command as a process and measures wall time and peak memory from outside, the same way for every engine."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["CommandError", "Measure", "StoppedError", "measured"]

_INTERVAL_S = 0.05
_REST = 50
"""How many times longer than a look at the memory the pause after it is."""


class CommandError(Exception):
    """A measured command ended with a status that was not allowed for; its text ends with what it said last."""


class StoppedError(Exception):
    """A measured command was ended at its deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a run took.

    Args:
        seconds: wall time from start to end of the process.
        peak_mb: greatest proportional set size (a page that several processes share counts once) of the process and its
            children together, in MB of 10^6 bytes; sampled, the more seldom the more memory there is, so that a short
            peak can be missed.
    """

    seconds: float
    peak_mb: float


def measured(
    command: Sequence[str],
    *,
    cwd: Path,
    allowed: frozenset[int] = frozenset({0}),
    environment: Mapping[str, str] | None = None,
    output: Path | None = None,
    deadline_s: float | None = None,
) -> Measure:
    """Run a command to its end.

    Args:
        command: program and arguments.
        cwd: folder that it runs in.
        allowed: statuses that count as done.
        environment: the process's environment; this one's where left out.
        output: file for its standard output; thrown away where left out.
        deadline_s: seconds after which it is ended, with all that it started.

    Raises:
        CommandError: where it ends with another status.
        StoppedError: where it was ended at its deadline.
    """
    with ExitStack() as stack:
        out = stack.enter_context(output.open("wb")) if output else subprocess.DEVNULL
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=out, stderr=subprocess.PIPE)
        sampler = _Sampler(process.pid)
        sampler.start()
        try:
            _, said = process.communicate(timeout=deadline_s)
        except subprocess.TimeoutExpired as error:
            _end(process)
            message = f"{' '.join(command[:4])} was ended after {deadline_s} s"
            raise StoppedError(message) from error
        finally:
            seconds = time.perf_counter() - start
            sampler.stop()
    if process.returncode not in allowed:
        last = said.decode(errors="replace").strip()[-2000:]
        message = f"{' '.join(command[:4])} ended with status {process.returncode}: {last}"
        raise CommandError(message)
    return Measure(seconds=seconds, peak_mb=sampler.peak_bytes / 1e6)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started."""
    for pid in _family(process.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.communicate()


class _Sampler(threading.Thread):
    """Adds up the memory of a process and all below it, again and again."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self._root = root
        self._done = threading.Event()

    def run(self) -> None:
        pause_s = _INTERVAL_S
        while not self._done.wait(pause_s):
            begun = time.perf_counter()
            self.peak_bytes = max(self.peak_bytes, sum(_own_share(pid) for pid in _family(self._root)))
            # the memory of a large process takes long to add up, and holds it up meanwhile
            pause_s = max(_INTERVAL_S, _REST * (time.perf_counter() - begun))

    def stop(self) -> None:
        self._done.set()
        self.join()


def _family(root: int) -> list[int]:
    """A process and its descendants; those that end while this looks are left out."""
    family = [root]
    for pid in family:
        try:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                family.extend(int(child) for child in children.read_text().split())
        except OSError:
            continue
    return family


def _own_share(pid: int) -> int:
    """The proportional set size in bytes; 0 for a process that has just ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
