"""The published RML suite over PostgreSQL, one test a case, by the compiled plan and by the interpreter."""

from __future__ import annotations

import pytest

from graphmap.errors import GraphmapError
from tests.conformance.suites import SUITES, Case, cases, dataset, lifted, parameters

pytestmark = pytest.mark.conformance

_DEFECTS = dict.fromkeys(
    ("RMLTC0002i-PostgreSQL", "RMLTC0002j-PostgreSQL"),
    "the query asks for columns that the table does not have; the suite's page expects an error, yet gives an output",
)


def _load(case: Case, url: str) -> None:
    psycopg = pytest.importorskip("psycopg")
    statements = (case.folder / "resource.sql").read_text(encoding="utf-8")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
        connection.execute(statements)


@pytest.mark.skipif(not SUITES.is_dir(), reason="no folder ../shared/conformance beside the checkout")
@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("case", parameters(cases("rml-core-2025", "PostgreSQL"), _DEFECTS))
def test_a_case_over_postgresql_gives_what_its_suite_expects(
    case: Case,
    compiled: bool,  # noqa: FBT001  # a parameter
    postgresql: str,
) -> None:
    _load(case, postgresql)
    bind = {"DB_source": postgresql}
    if case.fails:
        with pytest.raises(GraphmapError):
            list(lifted(case, compiled=compiled, bind=bind))
        return
    expected = case.expected.read_text(encoding="utf-8")
    assert dataset(lifted(case, compiled=compiled, bind=bind)) == dataset([expected])
