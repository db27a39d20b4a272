"""Finding things by words: the index, and building it when it is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from graphmap.store import Found

__all__ = ["Find", "Finder"]

_PATIENCE_S = 3.0


class Find(Protocol):
    """Finds things by words; see `graphmap.store.search_index.SearchIndex.find`."""

    def __call__(self, text: str, *, kind: str | None = None, limit: int = 20, offset: int = 0) -> Found:
        """The things in which every word stands."""


class _Ask(Protocol):
    def __call__(self) -> bool:
        """Say yes or no."""


@dataclass(slots=True, kw_only=True)
class Finder:
    """Finds things, and has the index built where there is none.

    Args:
        find: looks into the index.
        is_ready: whether there is an index.
        build: builds it, on a thread; says whether there is one then.
        give_up: has a building end at once.
    """

    find: Find
    is_ready: _Ask
    build: _Ask
    give_up: Callable[[], None] = field(default=lambda: None)
    _task: asyncio.Task[bool] | None = field(init=False, default=None)

    async def ready(self) -> bool:
        """Return whether there is an index; begins to build it where there is none, and waits for a small one."""
        if await asyncio.to_thread(self.is_ready):
            return True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(asyncio.to_thread(self.build))
        done, _ = await asyncio.wait({self._task}, timeout=_PATIENCE_S)
        return any(task.result() for task in done)
