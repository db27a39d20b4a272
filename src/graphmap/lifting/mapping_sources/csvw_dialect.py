"""Reads how a mapping describes the writing of a table.

Source: CSVW, metadata vocabulary, sections 5.5 and 5.9; comments are left out of a table only where the mapping names
their prefix, as a row may well begin with the number sign.
"""

from __future__ import annotations

from collections.abc import Collection

from graphmap.lifting.mapping_document import Nodes
from graphmap.rdf import Token, literal_parts
from graphmap.records.readers import RowForm

__all__ = ["csvw", "dialect_of"]

_CSVW = "http://www.w3.org/ns/csvw#"
_LINE_ENDS = frozenset({"\n", "\r\n", "\r"})
_SIDES = {"true": (True, True), "false": (False, False), "start": (True, False), "end": (False, True)}


def csvw(name: str) -> Token:
    """The token of a CSVW term."""
    return f"<{_CSVW}{name}>"


def dialect_of(nodes: Nodes, node: Token) -> RowForm | None:
    """Read the dialect of a table without delimiter and encoding; `None` for the default.

    Args:
        nodes: the statements of the mapping.
        node: the source.

    Raises:
        MappingError: where a flag has no value that it may have.
    """
    dialect = nodes.maybe(node, csvw("dialect")) or node
    _check_line_ends(nodes, dialect)
    begins_trimmed = _flag(nodes, dialect, "skipInitialSpace", default=False)
    left, right = _SIDES[_one_of(nodes, dialect, "trim", _SIDES, default="false")]
    headed = _flag(nodes, dialect, "header", default=True)
    quote = nodes.text(dialect, csvw("quoteChar"))
    form = RowForm(
        quote='"' if quote is None else _character(nodes, dialect, quote),
        doubled=_flag(nodes, dialect, "doubleQuote", default=True),
        comment=nodes.text(dialect, csvw("commentPrefix")) or None,
        header_rows=_count(nodes, dialect, "headerRowCount", default=1 if headed else 0),
        skipped_rows=_count(nodes, dialect, "skipRows", default=0),
        skipped_columns=_count(nodes, dialect, "skipColumns", default=0),
        trimmed_left=left or begins_trimmed,
        trimmed_right=right,
        names=_names(nodes, node),
    )
    return None if form == RowForm() else form


def _names(nodes: Nodes, node: Token) -> tuple[str, ...]:
    """The names of the columns in a schema; one without a name has that of its number."""
    schema = nodes.maybe(node, csvw("tableSchema"))
    if schema is None or not nodes.all(schema, csvw("column")):
        return ()
    columns = nodes.listed(schema, csvw("column"))
    return tuple(nodes.text(each, csvw("name")) or f"_col.{number}" for number, each in enumerate(columns, 1))


def _one_of(nodes: Nodes, node: Token, name: str, known: Collection[str], *, default: str) -> str:
    found = nodes.text(node, csvw(name)) or default
    if found not in known:
        raise nodes.fault(node, f"csvw:{name} is {found!r}", f"use one of {', '.join(known)}", at=name)
    return found


def _flag(nodes: Nodes, node: Token, name: str, *, default: bool) -> bool:
    return _one_of(nodes, node, name, ("true", "false"), default="true" if default else "false") == "true"


def _count(nodes: Nodes, node: Token, name: str, *, default: int) -> int:
    found = nodes.text(node, csvw(name))
    if found is None:
        return default
    if not found.isdecimal():
        raise nodes.fault(node, f"csvw:{name} is {found!r}", "use a whole number from 0 on", at=name)
    return int(found)


def _character(nodes: Nodes, node: Token, text: str) -> str | None:
    """A quote; the empty text stands for none."""
    if len(text) > 1:
        raise nodes.fault(node, f"csvw:quoteChar is {text!r}", "use one character", at="quoteChar")
    return text or None


def _check_line_ends(nodes: Nodes, node: Token) -> None:
    for each in nodes.all(node, csvw("lineTerminators")):
        if each[0] == '"' and literal_parts(each).lexical not in _LINE_ENDS:
            what, hint = f"csvw:lineTerminators has {each}", "lines that end with CR, LF or both are read"
            raise nodes.fault(node, what, hint, at="lineTerminators")
