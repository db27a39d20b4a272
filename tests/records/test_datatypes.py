"""Values of typed sources, with their natural datatypes."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

import pytest

from graphmap.rdf.xsd import XSD, canonical
from graphmap.records.datatypes import Typed, natural

_VALUES: dict[Any, tuple[str, str]] = {
    decimal.Decimal("1E+2"): ("100", "decimal"),
    1.5: ("1.5", "double"),
    float("inf"): ("INF", "double"),
    datetime.date(2025, 1, 10): ("2025-01-10", "date"),
    datetime.datetime(2025, 1, 10, 5, 15, tzinfo=datetime.UTC): ("2025-01-10T05:15:00+00:00", "dateTime"),
    datetime.time(5, 15): ("05:15:00", "time"),
    datetime.timedelta(days=1, seconds=2, microseconds=500): ("P1DT2.0005S", "dayTimeDuration"),
    -datetime.timedelta(hours=1): ("-P0DT3600S", "dayTimeDuration"),
    b"\x89P": ("8950", "hexBinary"),
}


@pytest.mark.parametrize(("value", "expected"), _VALUES.items(), ids=lambda each: repr(each)[:20])
def test_a_value_becomes_a_text_that_knows_its_datatype(value: Any, expected: tuple[str, str]) -> None:
    made = natural(value)
    assert isinstance(made, Typed)
    assert (made, made.datatype) == (expected[0], XSD + expected[1])
    assert canonical(made.datatype, made) is not None


def test_texts_whole_numbers_and_booleans_stay_as_they_are() -> None:
    assert [natural(value) for value in ("x", 7, True, None)] == ["x", 7, True, None]
    assert natural(uuid.UUID(int=1)) == "00000000-0000-0000-0000-000000000001"


def test_values_inside_of_others_are_converted_too() -> None:
    made = natural({"a": [1.5, (decimal.Decimal("2.0"),)], 5: {}})
    assert made == {"a": ["1.5", ["2.0"]], "5": {}}
    assert made["a"][1][0].datatype == XSD + "decimal"
