"""Work on long inputs in a thread, so that the event loop goes on serving others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

__all__ = ["run_in_thread"]

_LONG = 16 * 1024
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


async def run_in_thread(
    size: int, function: Callable[_Given, _Made], *arguments: _Given.args, **named: _Given.kwargs
) -> _Made:
    """Call a function: at once for a short input, in a thread for a long one.

    Args:
        size: of the input, in bytes or characters.
        function: what to call.
        *arguments: its arguments.
        **named: its named arguments.
    """
    if size < _LONG:
        return function(*arguments, **named)
    return await asyncio.to_thread(function, *arguments, **named)
