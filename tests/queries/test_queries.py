from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import CallError, QueryError
from graphmap.saved_queries import SavedQuery, bind, load_queries, read_query
from graphmap.store.sparql.query import parse_query, tokenize

ROOT = Path(__file__).parents[2]
HEADER = "# title: A title\n# description: A sentence.\n"


def saved(*declared: str, body: str = "SELECT * { ?s ?p $x }") -> SavedQuery:
    lines = "".join(f"# param: {line}\n" for line in declared)
    return read_query(f"{HEADER}{lines}\n{body}\n", name="q", source="q.rq")


def test_a_header_says_title_description_and_parameters() -> None:
    query = saved("x iri? = urn:a -- what it is")
    assert (query.title, query.description, query.form) == ("A title", "A sentence.", "SELECT")
    (parameter,) = query.parameters
    assert (parameter.name, parameter.kind, parameter.optional) == ("x", "iri", True)
    assert (parameter.default, parameter.meaning, parameter.line) == ("urn:a", "what it is", 3)


def test_the_queries_of_this_workspace_all_read() -> None:
    queries = load_queries(ROOT / "queries")
    assert len(queries) >= 12
    assert all(query.title and query.description for query in queries.values())


def test_a_missing_folder_holds_no_queries(tmp_path: Path) -> None:
    assert dict(load_queries(tmp_path / "none")) == {}


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("x", "declares no parameter"),
        ("x number", "unknown type 'number'"),
        ("x integer = many", "'many' of the parameter 'x' is no integer"),
        ("y iri", "no variable for its parameter 'y'"),
    ],
)
def test_a_wrong_header_names_file_line_and_parameter(declared: str, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        saved(declared)
    assert (caught.value.where.source, caught.value.where.line) == ("q.rq", 3)


def test_a_parameter_that_is_declared_twice_is_refused() -> None:
    with pytest.raises(QueryError, match="declared twice"):
        saved("x iri", "x string")


def test_a_query_that_is_no_sparql_names_its_file_and_line() -> None:
    with pytest.raises(QueryError) as caught:
        saved(body="SELECT * { ?s ?p ?o")
    assert (caught.value.where.source, caught.value.where.line) == ("q.rq", 4)


def test_an_update_cannot_be_saved() -> None:
    with pytest.raises(QueryError, match="may not update"):
        saved(body="CLEAR ALL")


@pytest.mark.parametrize(
    ("kind", "text", "term"),
    [
        ("iri", "urn:x#y", "<urn:x#y>"),
        ("string", 'say "hi" } #', '"say \\"hi\\" } #"'),
        ("code", "SapS4-10::00", '"SapS4-10::00"'),
        ("integer", "+007", " 7 "),
        ("integer", "-5", " -5 "),
        ("decimal", "1.50", '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("date", "2024-02-29", '"2024-02-29"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("dateTime", "2024-02-29T10:00:00Z", '"2024-02-29T10:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'),
        ("boolean", "1", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    ],
)
def test_each_type_becomes_its_term(kind: str, text: str, term: str) -> None:
    assert f"?s ?p  {term.strip()}  }}" in bind(saved(f"x {kind}"), {"x": text})


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("iri", "urn:x> ?p ?o } #"),
        ("iri", "relative"),
        ("iri", "http://e/a b"),
        ("iri", ""),
        ("string", "\ud800"),
        ("code", "NZ } DROP ALL"),
        ("code", '"'),
        ("integer", "1 } LIMIT 5 #"),
        ("integer", "1.5"),
        ("integer", "١"),
        ("decimal", "1e5"),
        ("date", "2023-02-30"),
        ("date", "2023-02-28' "),
        ("dateTime", "yesterday"),
        ("boolean", "yes"),
    ],
)
def test_a_hostile_or_mistaken_value_is_refused_by_name(kind: str, text: str) -> None:
    with pytest.raises(CallError, match="'x' of the query 'q'"):
        bind(saved(f"x {kind}"), {"x": text})


@given(st.text())
def test_no_string_value_changes_the_tokens_around_it(value: str) -> None:
    query = saved("x string")
    try:
        bound = bind(query, {"x": value})
    except CallError:
        assert any("\ud800" <= character <= "\udfff" for character in value)
        return
    before = [token.kind for token in tokenize(query.text) if token.kind != "space"]
    after = [token.kind for token in tokenize(bound) if token.kind != "space"]
    place = len(before) - 2
    assert after == [*before[:place], "string", *before[place + 1 :]]
    assert parse_query(bound).form == "SELECT"


def test_an_optional_parameter_without_a_value_leaves_its_variable() -> None:
    query = saved("x code?")
    assert bind(query, {}) == bind(query, {"x": ""}) == query.text


def test_a_default_stands_in_for_a_missing_value() -> None:
    query = saved("x integer = 7")
    assert bind(query, {}) == bind(query, {"x": "7"})


def test_a_missing_value_names_query_and_parameter() -> None:
    with pytest.raises(CallError, match="query 'q' needs a value for 'x'") as caught:
        bind(saved("x iri -- the account"), {})
    assert caught.value.hint == "the account"


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CallError, match="no parameter 'z'") as caught:
        bind(saved("x iri"), {"x": "urn:a", "z": "1"})
    assert caught.value.hint == "it takes x"


def test_a_file_in_another_encoding_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_bytes(b"# title: \xff\nSELECT * {}")
    with pytest.raises(QueryError, match=r"bad\.rq"):
        load_queries(tmp_path)
