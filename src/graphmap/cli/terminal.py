"""Notes, errors, tables and progress on the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from graphmap.errors import GraphmapError

__all__ = ["counting", "error_line", "error_lines", "note", "table"]


def note(line: str) -> None:
    """Say something to the person at the terminal."""
    print(_printable(line), file=sys.stderr)


def error_line(error: GraphmapError) -> str:
    """An error on one line: what, where, and the next step."""
    return f"graphmap: {error}"


def error_lines(errors: Iterable[GraphmapError], *, most: int = 20, count: int | None = None) -> Iterator[str]:
    """The first errors, a line each, and how many more there are; `count` of them where not all are given."""
    listed = list(errors)
    more = (len(listed) if count is None else count) - min(most, len(listed))
    yield from (error_line(error) for error in listed[:most])
    if more:
        yield f"graphmap: and {more} more; the report lists them all"


def _printable(line: str) -> str:
    """Control characters of somebody's data must not reach the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in line)


def table(header: Iterable[str], rows: Iterable[Iterable[str]], *, title: str | None = None) -> None:
    """Print a table that fits the terminal, or is as wide as it needs in a pipe."""
    from rich.console import Console  # noqa: PLC0415  # most commands print no table
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else 200, highlight=False)
    grid = Table(title=None if title is None else Text(title), title_justify="left", show_edge=False, pad_edge=False)
    for name in header:
        grid.add_column(Text(name), overflow="fold")
    for row in rows:
        grid.add_row(*(Text(_printable(cell)) for cell in row))
    console.print(grid)


@contextmanager
def counting(what: str, *, expected: int | None = None) -> Iterator[Callable[[int], None]]:
    """A counter with its rate on a terminal, nothing in a pipe.

    Args:
        what: is done.
        expected: about how many records there are, where that is known; then the time that is left is told too.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415  # for terminals only
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    begun = time.monotonic()
    columns = [SpinnerColumn(), TextColumn("{task.description}")]
    if expected:
        columns += [BarColumn(bar_width=20), TimeRemainingColumn()]
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"{what} …", total=expected)

        def count(number: int) -> None:
            rate = number / max(time.monotonic() - begun, 0.001)
            told = f"{what} {number:,} records, {rate:,.0f} a second"
            progress.update(task, description=told, completed=number)

        yield count
