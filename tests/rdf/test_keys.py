"""Keys of several values: they never meet, and the inverse gives the values back."""

from __future__ import annotations

import sqlite3

from hypothesis import example, given
from hypothesis import strategies as st

from graphmap.rdf import iri_safe, join_key, key_part, key_sql, split_key

text = st.text(alphabet=st.one_of(st.sampled_from("-%2D:~_. aé"), st.characters(exclude_categories=["Cs"])))
key = st.lists(text, min_size=2, max_size=4)


@given(key, key)
@example(["SAP-S4", "1"], ["SAP", "S4-1"])
@example(["a%2Db", "c"], ["a-b", "c"])
@example(["", ""], ["", "", ""])
def test_keys_of_several_values_meet_only_where_they_are_equal(left: list[str], right: list[str]) -> None:
    assert (join_key(left) == join_key(right)) == (left == right)


@given(key)
def test_the_inverse_gives_the_values_back(values: list[str]) -> None:
    assert split_key(join_key(values)) == tuple(values)


@given(text)
def test_a_single_key_is_its_iri_safe_version_and_comes_back(value: str) -> None:
    assert join_key([value]) == iri_safe(value)
    assert split_key(join_key([value]), single=True) == (value,)


@given(key, text)
def test_a_key_joined_by_a_colon_is_no_single_key(values: list[str], value: str) -> None:
    joined = ":".join(map(iri_safe, values))
    assert joined != iri_safe(value)
    assert joined.split(":") == [iri_safe(each) for each in values]


@given(key)
def test_sql_joins_alike(values: list[str]) -> None:
    with sqlite3.connect(":memory:") as database:
        sql = "SELECT " + key_sql("?" for _ in values)
        (found,) = database.execute(sql, [iri_safe(value) for value in values]).fetchone()
    assert found == join_key(values)


@given(text)
def test_no_separator_is_left_inside_a_value(value: str) -> None:
    assert "-" not in key_part(value)
