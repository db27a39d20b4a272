"""Iterations over a text that is a document of its own, such as JSON in a column or a table in a member.

Source: RML-LV, field reference formulations.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from graphmap.errors import SourceError, TermError
from graphmap.lifting.paths import Node
from graphmap.lifting.plan import Embedded, Formulation, scalar
from graphmap.records.readers import decode_json

__all__ = ["iterations"]


def iterations(embedded: Embedded, node: Node) -> list[Node]:
    """The iterations over the text of a node, in order; none where there is no text.

    Raises:
        TermError: where the text is no document of that kind.
    """
    found = scalar(node.value) if node.value is not None else None
    if found is None:
        return []
    if embedded.formulation.tabular:
        rows = _rows(found[0], embedded.nulls)
        return [Node(row, (*node.place, at)) for at, row in enumerate(rows)]
    document = _PARSERS[embedded.formulation](found[0])
    return [Node(each.value, (*node.place, *each.place)) for each in embedded.path.nodes(Node(document, ()))]


def _rows(text: str, nulls: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a table, each without its nulls."""
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    except ValueError:
        return []
    except csv.Error as error:
        raise TermError(f"the text is not a table: {error}", hint="correct the value") from error
    wrong = next((number for number, row in enumerate(rows, 1) if row and len(row) != len(header)), None)
    if wrong is not None:
        what = f"row {wrong} of the table in the text has not as many cells as its header"
        raise TermError(what, hint="correct the value")
    return [
        {name: cell for name, cell in zip(header, row, strict=True) if cell and cell not in nulls}
        for row in rows
        if row
    ]


def _json(text: str) -> Any:
    try:
        return decode_json(text)
    except ValueError as error:
        raise TermError(f"the text is not JSON: {error}", hint="correct the value") from error


def _xml(text: str) -> Any:
    from graphmap.records.readers import parse_xml  # noqa: PLC0415  # a large library, for XML alone

    try:
        return parse_xml(text.encode(), "the text")
    except SourceError as error:
        raise TermError(f"the text is not XML: {error.what}", hint="correct the value") from error


_PARSERS: Mapping[Formulation, Callable[[str], Any]] = MappingProxyType(
    {Formulation.JSON_PATH: _json, Formulation.LAX_JSON_PATH: _json, Formulation.XPATH: _xml}
)
