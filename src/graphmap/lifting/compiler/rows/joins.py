"""Joins over rows, as program text: the keys of a parent's row, and the lines that a child's row finds by its own.

Source: RML-Core, referencing object maps and join conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from graphmap.lifting.compiler.join_lines import JoinLine, key_columns
from graphmap.lifting.compiler.program import Code
from graphmap.lifting.compiler.rows.terms import PrintedCells, all_of, print_unpacking
from graphmap.lifting.plan import Join
from graphmap.lifting.run_state import JoinIndex, Key, SharedState, TermCounter
from graphmap.rdf import Token
from graphmap.records import Raw, ValueForms

__all__ = ["joined_text", "row_keys"]


def row_keys(
    join: Join, header: tuple[str, ...], forms: ValueForms, base: str
) -> Callable[[Raw], tuple[Token, Key] | None] | None:
    """A function from a row of the parent to its subject and the texts of its conditions.

    Returns:
        `None` where the interpreter has to do it. The function gives `None` for a row without subject or key, and
        raises `UnusualRecord` for a row out of the ordinary.

    Raises:
        MappingError: where a column is not there.
    """
    cells = PrintedCells(Code("keys(row)"), header, forms, base)
    columns = key_columns((parent for _, parent in join.conditions), cells)
    if join.parent.steps or columns is None or not cells.printable(join.subject):
        return None
    code = cells.code
    print_unpacking(code, header, forms.nulls)
    needs, pieces = cells.token(join.subject)
    key = [cells.raw(column) for column in columns]
    with code.block(f"if {all_of(dict.fromkeys((*needs, *key)))}:"):
        code.line(f"return {code.text(pieces)}, ({', '.join(key)},)")
    code.line("return None")
    return code.function("keys")


def joined_text(
    line: JoinLine, subject: str, needs: Iterable[str], cells: PrintedCells, outside: SharedState, *, counted: bool
) -> str:
    """An expression for the lines of a join, where the subject is printed already.

    Args:
        line: to be printed.
        subject: an expression for the token of its subject.
        needs: names that hold some text where there is a subject.
        cells: of the row.
        outside: has the index, and what counts terms.
        counted: whether the terms count here; the same join of a subject counts for one predicate alone.
    """
    code = cells.code
    key = [cells.raw(column) for column in key_columns((child for child, _ in line.join.conditions), cells) or ()]
    index, at = outside.joined[line.join], None if outside.tally is None else outside.tally.position(line.object)
    lines = code.bind(_lines(index, line.predicate))
    found = f"{lines}({subject}, ({', '.join(key)},)) if {all_of(key)} else ''"
    if outside.tally is not None and at is not None and counted:
        count = code.bind(_counting(index, outside.tally, at))
        found = f"{count}(({', '.join(key)},)) + ({found})"
    return f"(({found}) if {all_of(needs)} else '')"


def _lines(index: JoinIndex, predicate: Token) -> Callable[[Token, Key], str]:
    get = index.get

    def lines(subject: Token, key: Key) -> str:
        return "".join([f"{subject} {predicate} {obj} .\n" for obj in get(key)])

    return lines


def _counting(index: JoinIndex, tally: TermCounter, at: int) -> Callable[[Key], str]:
    """A function that counts what a key finds, and adds no text."""

    def count(key: Key) -> str:
        found = len(index.get(key)) if all(key) else 0
        tally.terms[at] += found
        tally.nulls[at] += not found
        return ""

    return count
