"""The published RML suites, one test a case, by the compiled plan and by the interpreter."""

from __future__ import annotations

import pytest

from graphmap.errors import GraphmapError
from tests.conformance.suites import SUITES, Case, cases, dataset, lifted, parameters

pytestmark = pytest.mark.conformance

_DEFECTS = {
    "RMLTC0024f-CSV": "the mapping is not Turtle: a text holds the escape \\a",
    "RMLSTC0003": "queries over RDF files are no source here",
    "RMLSTC0004a": "an empty cell of a table is null here, by decision; the suite wants an empty text",
    "RMLSTC0006a": "says a table of a database, gives CSV",
    "RMLSTC0009a": "marked as an error, yet a valid table and an output are given",
}
_AS_TEXT = {
    "RMLTC0027b-JSON": "the expected IRIs hold a space, so that no parser takes them",
}


_SOURCES = [case for case in cases("rml-io") if case.name.startswith("RMLSTC")]
_CASES = [*cases("rml-core"), *cases("rml-core-2025", "CSV"), *sorted(_SOURCES, key=lambda case: case.name)]


@pytest.mark.skipif(not SUITES.is_dir(), reason="no folder ../shared/conformance beside the checkout")
@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("case", parameters(_CASES, _DEFECTS))
def test_a_case_gives_what_its_suite_expects(
    case: Case,
    compiled: bool,  # noqa: FBT001  # a parameter
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(case.folder)
    if case.fails:
        with pytest.raises(GraphmapError):
            list(lifted(case, compiled=compiled))
        return
    expected = case.expected.read_text(encoding="utf-8")
    if case.name in _AS_TEXT:
        assert "".join(lifted(case, compiled=compiled)).splitlines() == expected.splitlines()
        return
    assert dataset(lifted(case, compiled=compiled)) == dataset([expected])
