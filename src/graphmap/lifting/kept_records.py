"""A record that is set aside, as text to be kept with its error."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import islice
from typing import Any

from graphmap.records.json import encode_json

__all__ = ["kept"]

_MOST = 2_000
"""Values of a record up to which it is kept."""


def kept(record: Any) -> str | None:
    r"""A record as JSON, unless it is large or no JSON.

    >>> kept({"id": "7", "name": "\ud800"})
    '{"id": "7", "name": "\\ud800"}'
    >>> kept([0] * 10_000) is None
    True
    """
    if not isinstance(record, dict | list) or _size(record) > _MOST:
        return None
    try:
        return encode_json(record)
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can say
        with suppress(RecursionError):
            return json.dumps(record)
    return None


def _size(record: Any) -> int:
    """How many values a record holds; not counted far beyond what is kept."""
    waiting, number = [record], 0
    while waiting and number <= _MOST:
        value = waiting.pop()
        number += 1
        if isinstance(value, dict | list):
            waiting.extend(islice(value.values() if isinstance(value, dict) else value, _MOST + 1))
    return number
