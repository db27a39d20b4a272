"""Program text in the making: lines, and the constants that they name.

What comes from a mapping or a record is bound to a name and never printed into the text, so nothing in either can
become program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from graphmap.lifting.compiler.entailment import Entailment
from graphmap.lifting.plan import Check, Extra, Plan, TermMap
from graphmap.lifting.run_state import SharedState

__all__ = ["Asked", "Code", "Interpret", "Lift", "Made", "Piece", "constant", "merged", "variable"]

Interpret = Callable[[Plan, tuple[str, ...] | None], Callable[[Any], str]]
"""A function from triples maps, and the columns of their rows, to a function from a record to their lines."""
Lift = Callable[[Any], tuple[str, str, str, tuple[str, ...]] | None]
"""A compiled plan's function."""


class Asked(NamedTuple):
    """Tasks of a program beside lifting.

    Args:
        entailment: what to add to the entailed text.
        check: what must hold of a row; for rows only.
        extras: terms to hand out beside the text; for rows only.
        tallied: subject maps to count, over the records that were lifted; for rows only.
        outside: joined subjects, and what counts terms and nulls.
        interpret: makes a function for the triples maps that are handed over.
    """

    entailment: Entailment | None
    check: Check
    extras: tuple[Extra, ...]
    tallied: tuple[TermMap, ...]
    outside: SharedState | None
    interpret: Interpret


class Piece(NamedTuple):
    """A part of a printed line: a constant text, or a variable that holds one."""

    text: str
    is_variable: bool


def constant(text: str) -> Piece:
    """A piece that is always the same text."""
    return Piece(text=text, is_variable=False)


def variable(name: str) -> Piece:
    """A piece that is the value of a local name."""
    return Piece(text=name, is_variable=True)


def merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces in which constants that met became one."""
    found: list[Piece] = []
    for piece in pieces:
        if found and not piece.is_variable and not found[-1].is_variable:
            found[-1] = constant(found[-1].text + piece.text)
        else:
            found.append(piece)
    return found


class Code:
    """One function in the making."""

    def __init__(self, signature: str) -> None:
        self._lines = [f"def {signature}:"]
        self._depth = 1
        self._bound: dict[str, Any] = {}
        self._names: dict[Any, str] = {}
        self._fresh = 0

    def line(self, text: str) -> None:
        """Add a line at the present depth."""
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines added inside stand below a head such as `if x:`."""
        self.line(head)
        self._depth += 1
        before = len(self._lines)
        yield
        if len(self._lines) == before:
            self.line("pass")
        self._depth -= 1

    def name(self, prefix: str) -> str:
        """A local name that is not in use."""
        self._fresh += 1
        return f"{prefix}{self._fresh}"

    def bind(self, value: Any) -> str:
        """The name of a constant; equal texts share one."""
        key = value if isinstance(value, str | frozenset | int) else id(value)
        known = self._names.get((type(value), key))
        if known is None:
            known = self._names[(type(value), key)] = f"K{len(self._bound)}"
            self._bound[known] = value
        return known

    def text(self, pieces: Iterable[Piece]) -> str:
        """An expression that joins pieces; constants that meet become one."""
        names = [piece.text if piece.is_variable else self.bind(piece.text) for piece in merged(pieces)]
        return names[0] if len(names) == 1 else "f'" + "".join(f"{{{name}}}" for name in names) + "'"

    def source(self) -> str:
        """The program text."""
        return "\n".join(self._lines) + "\n"

    def function(self, name: str) -> Callable[..., Any]:
        """Compile the text and hand out the function of that name."""
        namespace = dict(self._bound)
        exec(compile(self.source(), "<lift>", "exec"), namespace)  # noqa: S102  # the text holds no value from outside
        made: Callable[..., Any] = namespace[name]
        return made


class Made(NamedTuple):
    """Generated code, the names of the triples maps that it leaves to the interpreter, and what it counts."""

    code: Code
    handed_over: tuple[str, ...]
    counts: list[int]
