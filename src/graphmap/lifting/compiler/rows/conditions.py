"""Program text for the checks of a row."""

from __future__ import annotations

from graphmap.lifting.compiler.cell_terms import takes_any_text
from graphmap.lifting.compiler.rows.terms import PrintedCells
from graphmap.lifting.plan import (
    All,
    Any,
    Check,
    Constant,
    Count,
    Holds,
    Longest,
    Member,
    Never,
    Not,
    Present,
    Reference,
    TermMap,
    TermType,
)
from graphmap.rdf import unescape

__all__ = ["print_check"]


def print_check(check: Check, cells: PrintedCells) -> str:
    """An expression that is true where the check holds; names that it needs are printed before it."""
    if isinstance(check, All):
        return _all(check, cells)
    if isinstance(check, Any):
        return " or ".join(f"({print_check(part, cells)})" for part in check.parts) or "False"
    if isinstance(check, Not):
        return f"not ({print_check(check.part, cells)})"
    if isinstance(check, Never):
        return "False"
    if isinstance(check, Present):
        return _present(check.term_map, cells)
    if isinstance(check, Count):
        return _count(check, cells)
    return _text_check(check, cells)


def _all(check: All, cells: PrintedCells) -> str:
    printed = [print_check(part, cells) for part in check.parts if not isinstance(part, Longest)]
    limits = [part for part in check.parts if isinstance(part, Longest)]
    if limits:
        shortest = min(limit.characters for limit in limits)
        each = " and ".join(_text_check(limit, cells) for limit in limits)
        printed.append(f"len(whole) <= {cells.code.bind(shortest)} or {each}" if _cells_only(limits) else each)
    kept = [text for text in dict.fromkeys(printed) if text != "True"]
    return " and ".join(f"({text})" for text in kept) or "True"


def _cells_only(limits: list[Longest]) -> bool:
    """Return whether each text is a cell, so that no text is longer than the whole row."""
    maps = (limit.term_map for limit in limits)
    return all(isinstance(each.expression, Reference) and takes_any_text(each.datatype) for each in maps)


def _present(term_map: TermMap, cells: PrintedCells) -> str:
    needs = () if isinstance(term_map.expression, Constant) else cells.text(term_map).needs
    return " and ".join(needs) or "True"


def _count(check: Count, cells: PrintedCells) -> str:
    present = [_present(each, cells) for each in check.term_maps]
    certain, uncertain = present.count("True"), [each for each in present if each != "True"]
    bounds: list[str] = []
    if check.low > certain:
        if check.low == certain + len(uncertain):
            bounds.extend(f"({each})" for each in uncertain)
        else:
            bounds.append(f"{_sum(uncertain)} >= {cells.code.bind(check.low - certain)}")
    if check.high is not None and check.high < certain + len(uncertain):
        bounds.append(f"{_sum(uncertain)} <= {cells.code.bind(check.high - certain)}")
    return " and ".join(bounds) or "True"


def _sum(present: list[str]) -> str:
    return "(" + " + ".join(f"(1 if {each} else 0)" for each in present) + ")" if present else "0"


def _text_check(check: Longest | Member | Holds, cells: PrintedCells) -> str:
    text = _text(check.term_map, cells)
    bind = cells.code.bind
    if isinstance(check, Longest):
        return f"len({text}) <= {bind(check.characters)}"
    test = f"{text} in {bind(check.texts)}" if isinstance(check, Member) else f"{bind(check.test)}({text})"
    needs = cells.text(check.term_map).needs
    return f"not ({' and '.join(needs)}) or {test}" if needs else test


def _text(term_map: TermMap, cells: PrintedCells) -> str:
    """The text as SHACL sees it: unescaped."""
    expression = term_map.expression
    any_text = term_map.term_type is TermType.LITERAL and takes_any_text(term_map.datatype)
    if isinstance(expression, Reference) and any_text:
        return cells.raw(expression)
    if any_text:
        return f"{cells.code.bind(unescape)}({cells.code.text(cells.text(term_map).pieces)})"
    return cells.code.text(cells.text(term_map).pieces)
