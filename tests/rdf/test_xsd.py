"""Lexical forms of the datatypes that have no other tests: parts of dates, and durations."""

from __future__ import annotations

import pytest

from graphmap.rdf import XSD, canonical

_FORMS = {
    "gYear": (("2024", "-0044", "0000", "12024", "2024Z", "2024+02:00"), ("24", "02024", "+2024", "2024-01", "", "x")),
    "gYearMonth": (("2024-01", "2024-12Z"), ("2024-13", "2024", "24-01", "2024-1")),
    "gMonth": (("--01", "--12Z"), ("--13", "01", "--1", "--01--")),
    "gDay": (("---01", "---31"), ("---32", "---00", "31", "--31")),
    "gMonthDay": (("--02-29", "--12-31Z"), ("--02-30", "--04-31", "02-29", "--13-01")),
    "dayTimeDuration": (("P1D", "-PT1.5S", "P1DT2H", "PT1M"), ("P1Y", "P1M", "P1YT1H", "P", "PT", "1D")),
    "yearMonthDuration": (("P1Y", "-P1Y2M", "P14M"), ("P1D", "PT1M", "P", "P1Y1D")),
    "duration": (("P1Y2M3DT4H5M6.7S", "PT0S"), ("P1Y-1D", "P", "infinity")),
}


@pytest.mark.parametrize("name", list(_FORMS))
def test_a_lexical_form_is_taken_and_another_text_is_not(name: str) -> None:
    forms, others = _FORMS[name]
    assert [text for text in forms if canonical(XSD + name, text) is None] == []
    assert [text for text in others if canonical(XSD + name, text) is not None] == []


def test_a_zone_of_no_hours_is_written_as_z() -> None:
    assert canonical(XSD + "gYear", "2024+00:00") == "2024Z"
