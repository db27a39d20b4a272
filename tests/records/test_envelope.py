"""The header of a Limber envelope."""

from __future__ import annotations

from typing import Any

import pytest

from graphmap.errors import Locator, RecordError
from graphmap.records import is_envelope, read_envelope

_WHERE = Locator(source="x.json", row=3)


def _envelope(**changes: Any) -> dict[str, Any]:
    made = {
        "schemaName": "limber",
        "shapeName": "CustomerAccount",
        "dataId": {"iri": "https://schema.limbergraph.com/limber/CustomerAccount#u1"},
        "data": {"@type": "CustomerAccount", "uniqueText": "u1", "@version": 2},
    } | changes
    return {name: value for name, value in made.items() if value is not ...}


def test_what_an_envelope_does_not_say_has_its_usual_value() -> None:
    read = read_envelope(_envelope(), _WHERE)
    assert (read.action, read.mode, read.version, read.further) == ("PUBLISH", "LIVE", 2, ())
    assert (read.schema, read.shape, read.correlation_id) == ("limber", "CustomerAccount", None)


def test_further_members_are_kept_where_they_are_asked_for() -> None:
    read = read_envelope(_envelope(system="a", other="b"), _WHERE, ("system", "absent"))
    assert read.further == (("system", "a"),)
    with pytest.raises(RecordError, match="system is not a text"):
        read_envelope(_envelope(system=7), _WHERE, ("system",))


def test_a_version_that_is_no_whole_number_is_none() -> None:
    for version in ("2", True, None, 2.5):
        assert read_envelope(_envelope(data={"@version": version}), _WHERE).version is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"schemaName": ...}, None),
        ({"shapeName": ...}, None),
        ({"schemaName": 7}, "/schemaName"),
        ({"dataAction": ["PUBLISH"]}, "/dataAction"),
        ({"data": ...}, "/data"),
        ({"data": []}, "/data"),
        ({"dataId": ...}, "/dataId"),
        ({"dataId": "x"}, "/dataId"),
        ({"dataId": {}}, "/dataId/iri"),
        ({"dataId": {"iri": ""}}, "/dataId/iri"),
        ({"dataId": {"iri": 7}}, "/dataId/iri"),
    ],
)
def test_a_fault_of_the_envelope_is_refused_with_row_and_pointer(changes: dict[str, Any], pointer: str | None) -> None:
    with pytest.raises(RecordError) as caught:
        read_envelope(_envelope(**changes), _WHERE)
    assert (caught.value.where.source, caught.value.where.row, caught.value.where.pointer) == ("x.json", 3, pointer)


def test_what_is_no_object_is_no_envelope() -> None:
    assert not any(map(is_envelope, (None, [], "x", 7, {"schemaName": "limber"})))
