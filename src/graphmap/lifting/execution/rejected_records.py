"""A record that is set aside, as text to be kept with its error."""

from __future__ import annotations

from itertools import islice
from typing import Any

from graphmap.records.readers import encode_json

__all__ = ["record_text"]

_MOST = 2_000
"""Values of a record up to which it is kept."""


def record_text(record: Any) -> str | None:
    """A record as JSON, unless it is large or no JSON.

    >>> record_text({"id": "7"})
    '{"id":"7"}'
    >>> record_text([0] * 10_000) is None
    True
    """
    return encode_json(record) if isinstance(record, dict | list) and _size(record) <= _MOST else None


def _size(record: Any) -> int:
    """Number of values in a record; not counted far beyond what is kept."""
    waiting, number = [record], 0
    while waiting and number <= _MOST:
        value = waiting.pop()
        number += 1
        if isinstance(value, dict | list):
            waiting.extend(islice(value.values() if isinstance(value, dict) else value, _MOST + 1))
    return number
