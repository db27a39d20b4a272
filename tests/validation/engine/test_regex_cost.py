"""Searches that end."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.validation.engine.regex_cost import bounded_search, effort
from graphmap.validation.validate import validate

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <http://example.org/> .
e:S sh:targetClass e:A ; sh:property e:P .
e:P sh:path e:p ; sh:pattern "^(a|aa)+$" ; sh:maxCount 1 .
"""


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(?:ab?){2,}", "(a*)*", "(x+x+)+y"])
def test_a_repeated_group_is_never_searched_without_a_deadline(pattern: str) -> None:
    assert effort(pattern, 30) > 10**12


@pytest.mark.parametrize("pattern", ["^[0-9]{5}$", r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "^(de|en|fr)[_-](AT|CH)$", r"\(a+\)"])
def test_everyday_patterns_take_few_steps(pattern: str) -> None:
    assert effort(pattern, 60) < 10**7


@given(text=st.text("ab@. ", max_size=40), pattern=st.sampled_from(["(a|ab)+@", "a*b*a*b*@", r"^(a+)+$", "[ab]+ "]))
def test_a_bounded_search_finds_what_re_finds(text: str, pattern: str) -> None:
    compiled = re.compile(pattern)
    assert bounded_search(compiled)(text[:12]) == (compiled.search(text[:12]) is not None)


def test_a_pattern_that_backtracks_without_end_fails_its_constraint_alone_and_in_time() -> None:
    values = " , ".join(f'"{"a" * (80 + number)}!"' for number in range(9))
    begun = time.monotonic()
    report = validate(f"@prefix e: <http://example.org/> . e:x a e:A ; e:p {values} .", SHAPES)
    assert time.monotonic() - begun < 12
    assert report.outcome == "failed"
    assert report.failures == ("<http://example.org/P>: the pattern '^(a|aa)+$' takes too long on some values",)
    assert [each.component for each in report.findings] == ["MaxCountConstraintComponent"]
