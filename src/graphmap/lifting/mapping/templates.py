"""Cuts templates into plain texts and references."""

from __future__ import annotations

from collections.abc import Iterable

from graphmap.lifting.mapping_document import Nodes
from graphmap.rdf import Token

__all__ = ["template_parts"]


def template_parts(text: str, nodes: Nodes, node: Token) -> Iterable[tuple[str, str | None]]:
    """Cut a template at its braces; a backslash takes a brace, or itself, as it is.

    Yields:
        A plain text, and the reference after it, `None` at the end.

    Raises:
        MappingError: where a brace is not closed, or one stands where none can.

    Source: RML-Core, template-valued expression maps.
    """
    constant, at = "", 0
    while at < len(text):
        character = text[at]
        if character == "\\" and text[at + 1 : at + 2] in ("{", "}", "\\"):
            constant += text[at + 1]
            at += 2
        elif character == "{":
            reference, at = _braced(text, at, nodes, node)
            yield constant, reference
            constant = ""
        elif character == "}":
            what, hint = "the template closes a brace that is not open", "write \\\\} for a brace"
            raise nodes.fault_in_text(node, what, hint, text=text, at=at)
        else:
            constant += character
            at += 1
    yield constant, None


def _braced(text: str, start: int, nodes: Nodes, node: Token) -> tuple[str, int]:
    at, reference = start + 1, ""
    while at < len(text) and text[at] != "}":
        if text[at] == "\\" and text[at + 1 : at + 2] in ("{", "}", "\\"):
            at += 1
        elif text[at] in "{\\":
            what, hint = f"{text[at]!r} stands in a reference", "write \\\\ before it"
            raise nodes.fault_in_text(node, what, hint, text=text, at=at)
        reference += text[at]
        at += 1
    if at >= len(text):
        raise nodes.fault_in_text(node, "the template opens a brace and never closes it", "add }", text=text, at=start)
    return reference, at + 1
