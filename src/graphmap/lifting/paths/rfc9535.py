"""JSONPath as a whole, by a library, for what `path_text` does not read: slices, ordered comparisons, functions.

Source: RFC 9535.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graphmap.errors import TermError
from graphmap.lifting.paths.jsonpath_parser import PathError
from graphmap.lifting.paths.model import Known, Node, Segment
from graphmap.records.readers import Number

__all__ = ["FullPath", "parse_full_path"]

_Find = Callable[[Any], list[tuple[str | int, ...]]]


@dataclass(frozen=True, slots=True)
class FullPath:
    """A compiled path; it has no segments and no member names, so that nothing is read in its place."""

    text: str
    _find: _Find = field(compare=False, repr=False)
    lax: bool = False

    @property
    def segments(self) -> tuple[Segment, ...]:
        """None."""
        return ()

    @property
    def names(self) -> None:
        """None."""
        return

    def values(self, root: Any) -> list[Any]:
        """The values that the path selects."""
        return [node.value for node in self.nodes(Node(root, ()))]

    def nodes(self, root: Node, known: Known | None = None) -> list[Node]:  # noqa: ARG002  # as other paths take it
        """The same with their places.

        Raises:
            TermError: where the document is nested too deeply for the library.
        """
        return [Node(_at(root.value, place), (*root.place, *place)) for place in self._find(_comparable(root.value))]


def parse_full_path(text: str) -> FullPath:
    """Compile a path.

    Raises:
        PathError: where the text is none.
    """
    import jsonpath_rfc9535 as library  # noqa: PLC0415  # few mappings need it

    try:
        query = library.compile(text)
    except library.JSONPathError as error:
        raise PathError(str(error).partition(", line ")[0], error.token.index if error.token else 0) from error

    def find(value: Any) -> list[tuple[str | int, ...]]:
        try:
            return [node.location for node in query.finditer(value)]
        except (library.JSONPathError, RecursionError) as error:
            raise TermError(f"{text!r} cannot be followed: {error}", hint="take a path without `..`") from error

    return FullPath(text, find)


def _comparable(value: Any) -> Any:
    """The value with its decimal numbers as the library compares them."""
    if isinstance(value, dict):
        return {key: _comparable(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_comparable(child) for child in value]
    return float(value) if isinstance(value, Number) else value


def _at(value: Any, place: tuple[str | int, ...]) -> Any:
    for key in place:
        value = value[key]
    return value
