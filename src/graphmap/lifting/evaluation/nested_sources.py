"""Iterations over a value that is a document of its own: a text with JSON, XML or a table in it, an object, an array.

One rule for all sources: a text is parsed as the field's formulation says; an object or array is read as it stands, by
JSONPath, or as rows of a table; an element with elements in it is read as it stands, by XPath. Nothing else fits,
and that is a fault.

Source: RML-LV, field reference formulations.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from graphmap.errors import SourceError, TermError
from graphmap.lifting.paths import Node
from graphmap.lifting.plan import Embedded, Formulation, scalar
from graphmap.records.readers import decode_json, encode_json

__all__ = ["iterations"]


def iterations(embedded: Embedded, node: Node) -> list[Node]:
    """The iterations over the value of a node, in order; none where there is no value.

    Raises:
        TermError: where the value is no document of that kind.
    """
    value = node.value
    if value is None:
        return []
    structured = isinstance(value, dict | list)
    if embedded.formulation.tabular:
        rows = _objects(value) if structured else _rows(_text(value), embedded.nulls)
        return [Node(row, (*node.place, at)) for at, row in enumerate(rows)]
    document = value
    if embedded.formulation is Formulation.XPATH:
        document = _xml_of(value)
    elif not structured:
        document = _json(_text(value))
    return [Node(each.value, (*node.place, *each.place)) for each in embedded.path.nodes(Node(document, ()))]


def _text(value: Any) -> str:
    found = scalar(value)
    return "" if found is None else str(found[0])


def _objects(value: dict[str, Any] | list[Any]) -> list[dict[str, Any]]:
    """The rows of objects that are there already, one object or an array of them, each without its nulls."""
    found = value if isinstance(value, list) else [value]
    wrong = next((each for each in found if not isinstance(each, dict)), None)
    if wrong is not None:
        what = f"{encode_json(wrong)[:80]} is no row of a table, as it is no object"
        raise TermError(what, hint="read it with rml:JSONPath")
    return [{name: cell for name, cell in each.items() if cell is not None} for each in found]


def _rows(text: str, nulls: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a table, each without its nulls."""
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    except ValueError:
        return []
    except csv.Error as error:
        raise TermError(f"the text is no table: {error}", hint="correct the value") from error
    wrong = next((number for number, row in enumerate(rows, 1) if row and len(row) != len(header)), None)
    if wrong is not None:
        what = f"row {wrong} of the table in the text has not as many cells as its header"
        raise TermError(what, hint="correct the value")
    return [
        {name: cell for name, cell in zip(header, row, strict=True) if cell not in (nulls or ("",))}
        for row in rows
        if row
    ]


def _json(text: str) -> Any:
    try:
        return decode_json(text)
    except ValueError as error:
        raise TermError(f"the text is not JSON: {error}", hint="correct the value") from error


def _xml_of(value: Any) -> Any:
    """The document in a text, or an element that has elements in it as a document of its own."""
    from graphmap.records.readers import Element, parse_xml  # noqa: PLC0415  # a large library, for XML alone

    if isinstance(value, dict | list):
        what = "an object or array is not XML"
        raise TermError(what, hint="read it with rml:JSONPath")
    if isinstance(value, Element) and (document := value.as_document()) is not None:
        return document
    try:
        return parse_xml(_text(value).encode(), "the text")
    except SourceError as error:
        raise TermError(f"the text is not XML: {error.what}", hint="correct the value") from error
