"""Templates whose values make one key: the separator is encoded inside each value, however the plan is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphmap.errors import MappingError
from graphmap.rdf import join_key
from tests.lifting.mappings import both, compiled, mapping, source

if TYPE_CHECKING:
    from pathlib import Path

_PAIRS = [("SAP-S4", "1"), ("SAP", "S4-1"), ("ä-ö", "%2D"), ("plain", "too")]
_TERMS = 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "x" ] .\n'


def body(formulation: str, separator: str = "-") -> str:
    """A mapping whose subject is the key of `a` and `b`."""
    kind = source(formulation)
    subject = f'rml:subjectMap [ rml:template "http://e.org/{{a}}-{{b}}" ; graphmap:joinedBy "{separator}" ]'
    return f"{kind} ex:map a rml:TriplesMap ; rml:logicalSource ex:source ; {subject} ; {_TERMS}"


def line(values: tuple[str, str]) -> str:
    return f'<http://e.org/{join_key(values)}> <http://example.com/p> "x" .'


@pytest.mark.parametrize("values", _PAIRS)
def test_a_document_gets_its_joined_key_from_compiler_and_interpreter(tmp_path: Path, values: tuple[str, str]) -> None:
    plan, record = mapping(tmp_path, body("LaxJSONPath")), dict(zip("ab", values, strict=True))
    assert both(plan, record) == [line(values)]
    assert compiled(plan, record) == {line(values)}


@pytest.mark.parametrize("values", _PAIRS)
def test_a_row_gets_its_joined_key(tmp_path: Path, values: tuple[str, str]) -> None:
    plan = mapping(tmp_path, body("CSV"))
    assert compiled(plan, values, header=("a", "b")) == {line(values)}


def test_another_separator_is_refused_with_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="keys are not joined by") as raised:
        mapping(tmp_path, body("LaxJSONPath", separator="_"))
    assert raised.value.hint == 'write "-"'
