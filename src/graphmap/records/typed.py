"""Texts that know their datatype, for sources whose values have one."""

from __future__ import annotations

from typing import Self

__all__ = ["Typed"]


class Typed(str):
    """A lexical form with the IRI of its datatype.

    >>> Typed("2025-01-10", "http://www.w3.org/2001/XMLSchema#date").datatype
    'http://www.w3.org/2001/XMLSchema#date'
    """

    __slots__ = ("datatype",)
    datatype: str

    def __new__(cls, text: str, datatype: str) -> Self:
        """Make one."""
        made = super().__new__(cls, text)
        made.datatype = datatype
        return made
