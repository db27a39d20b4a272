"""Program text for the terms of a row: cells in the forms that terms need, each made once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from graphmap.lifting.compiler.cell_terms import Cells, Term
from graphmap.lifting.compiler.program import Code
from graphmap.lifting.compiler.runtime import CANONICAL_ALREADY, NEEDS_ESCAPE, escaped, iris, safe_text, single, typed
from graphmap.lifting.plan import Call, Reference, TermType
from graphmap.records import ValueForms

__all__ = ["PrintedCells", "all_of", "print_unpacking"]


class PrintedCells(Cells):
    """Local names for cells in the forms that terms need, each printed once, on first use."""

    def __init__(self, code: Code, header: tuple[str, ...], forms: ValueForms, base: str) -> None:
        super().__init__(header)
        self.code = code
        self.forms = forms
        self.base = base
        self._made: dict[tuple[str, object], str] = {}

    def _once(self, kind: str, key: object, expression: Callable[[], str]) -> str:
        known = self._made.get((kind, key))
        if known is None:
            text = expression()
            known = self._made[(kind, key)] = self.code.name(kind)
            self.code.line(f"{known} = {text}")
        return known

    def plain(self, reference: Reference) -> str:
        """The name of a cell as it stands in a quoted literal."""
        return f"e{self.raw(reference)[1:]}"

    def safe(self, reference: Reference) -> str:
        """The name of a cell's IRI-safe version."""
        cell = self.raw(reference)
        return self._once("k", cell, lambda: f"{self.code.bind(safe_text)}({cell})")

    def typed(self, reference: Reference, datatype: str) -> str:
        """The name of a cell in the canonical form of a datatype."""
        cell, convert = self.raw(reference), typed(datatype, self.forms)

        def expression() -> str:
            call = f"{self.code.bind(convert)}({cell})"
            quick = CANONICAL_ALREADY.get(datatype)
            if quick is not None:
                call = f"{cell} if {self.code.bind(quick)}({cell}) else {call}"
            return f"({call}) if {cell} else ''"

        return self._once("v", (cell, datatype), expression)

    def iri(self, reference: Reference) -> str:
        """The name of a cell as an IRI, without brackets."""
        cell, make = self.raw(reference), single(iris(self.base, TermType.IRI))
        return self._once("i", cell, lambda: f"{self.code.bind(make)}({cell}) if {cell} else ''")

    def first(self, key: tuple[Call, TermType], choices: Iterable[Term]) -> str:
        """The name of the first of several texts that is there."""
        listed = list(choices)

        def expression() -> str:
            chain = "''"
            for choice in reversed(listed):
                chain = f"{self.code.text(choice.pieces)} if {all_of(choice.needs)} else {chain}"
            return chain

        return self._once("f", key, expression)


def all_of(names: Iterable[str]) -> str:
    """An expression that is true where every name holds some text."""
    return " and ".join(names) or "True"


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
