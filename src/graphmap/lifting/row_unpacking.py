"""Program text that gives each cell of a row its local names."""

from __future__ import annotations

from graphmap.lifting.compiler.program import Code
from graphmap.lifting.compiler.runtime import NEEDS_ESCAPE, escaped

__all__ = ["print_unpacking"]


def print_unpacking(code: Code, header: tuple[str, ...], nulls: frozenset[str]) -> None:
    """Print `c0`, `c1` and so on, the cells with nulls as empty texts, and `e0`, `e1`, as they stand in quotes."""
    if nulls:
        bound = code.bind(nulls)
        with code.block(f"if not {bound}.isdisjoint(row):"):
            code.line(f"row = ['' if cell in {bound} else cell for cell in row]")
    cells = ", ".join(f"c{at}" for at in range(len(header)))
    code.line(f"{cells}, = row")
    code.line("whole, shown = ''.join(row), row")
    with code.block(f"if {code.bind(NEEDS_ESCAPE)}(whole):"):
        code.line(f"shown = [{code.bind(escaped)}(cell) for cell in row]")
    code.line(", ".join(f"e{at}" for at in range(len(header))) + ", = shown")
