"""Every case of the folder beside the checkout that needs no database server, by each way to lift."""

from __future__ import annotations

import pytest

from tests.lifting.cases import CASES, WAYS, Case, cases, differences

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not beside the checkout: {CASES}")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", cases(server=False), ids=lambda case: case.folder.name)
def test_a_case_gives_its_right_answer(case: Case, way: str) -> None:
    assert differences(case, case.lifted(way, {})) == []


@pytest.mark.parametrize("case", cases(server=True), ids=lambda case: case.folder.name)
def test_a_case_over_a_server_waits_for_the_conformance_tests(case: Case) -> None:
    pytest.skip(f"needs a database server ({case.server}): run `make conformance`")


def test_the_number_of_cases_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    here, elsewhere = len(cases(server=False)), len(cases(server=True))
    with capsys.disabled():
        print(f"\ncases/lift: {here} run, {elsewhere} need a database server")  # noqa: T201  # CI is to show how many ran
    assert here > 0
