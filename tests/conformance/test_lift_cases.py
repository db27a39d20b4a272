"""The cases of lifts over a database server, against a real one."""

from __future__ import annotations

import pytest

from tests.lifting.cases import CASES, WAYS, Case, cases, differences

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not beside the checkout: {CASES}"),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", cases(server=True), ids=lambda case: case.folder.name)
def test_a_case_over_a_server_gives_its_right_answer(case: Case, way: str, postgresql: str) -> None:
    if case.server != "PG":
        pytest.skip(f"no server for {case.server} is started here")
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(case.statements)
    assert differences(case, case.lifted(way, {"PG": postgresql})) == []
