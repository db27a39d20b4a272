from __future__ import annotations

import contextlib

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import QueryError
from graphmap.rdf.terms import literal_token
from graphmap.store.sparql.query import QueryLimits, bind_terms, parse_query, tokenize
from tests.growth import BOUND, growth


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("# ASK\nPREFIX ask: <urn:select>\nask {}", "ASK"),
        ("base <http://e/> construct where {}", "CONSTRUCT"),
        ("DESCRIBE <urn:x>", "DESCRIBE"),
        ("PREFIX e: <urn:e> INSERT DATA {}", "UPDATE"),
        ("WITH <urn:g> DELETE WHERE {}", "UPDATE"),
    ],
)
def test_the_form_of_a_query_is_found_behind_prologue_and_comments(text: str, form: str) -> None:
    assert parse_query(text).form == form


def test_nesting_that_crashes_the_engine_is_refused_with_line_and_column() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("SELECT *\n" + "{" * 4600)
    assert (caught.value.where.line, caught.value.where.column) == (2, 65)


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(QueryError, match="50 are allowed"):
        parse_query("SELECT * {" + " " * 50 + "}", QueryLimits(characters=50))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE<http://x/>{} } } }",
        "LOAD <http://x/> INTO GRAPH <urn:g>",
    ],
)
def test_what_reaches_out_to_the_network_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="network"):
        parse_query(text)


def test_the_network_can_be_opened_by_the_host() -> None:
    query = parse_query("SELECT * { SERVICE <http://x/> {} }", QueryLimits(hosts=frozenset(("x",))))
    assert query.form == "SELECT"


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s ?p "SERVICE <http://x/>" }',
        "SELECT * { ?s <http://e/SERVICE> ?o } # SERVICE <http://x/> {",
        "SELECT ?service { ?service e:LOAD 'LOAD' }",
        "SELECT * { ?s ?p '''\n{{{ SERVICE \\''' ''' }",
    ],
)
def test_words_inside_terms_and_comments_are_no_keywords(text: str) -> None:
    assert parse_query(text).form == "SELECT"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o",
        "SELECT * { ?s ?p ?o ) }",
        "SELECT * ?s }",
        'SELECT * { ?s ?p "open }',
        "SELECT * { \\u0053ERVICE <urn:x> {} }",
        "",
        "hello",
        "ASK { ?s ?p '\ud800' }",
    ],
)
def test_unbalanced_or_formless_text_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        parse_query(text)


@pytest.mark.parametrize(
    "hidden",
    [
        'FILTER(?o<?s#>"""\n) SERVICE <http://127.0.0.1:9/> {} #"""',
        "FILTER(?o<?s#>'''\n) SERVICE <http://127.0.0.1:9/> {} #'''",
        "FILTER(?o<'''>''') SERVICE <http://127.0.0.1:9/> {} #'''",
        "FILTER(?o<?s).SERVICE?x#>\n{}",
        "FILTER(?o<?s).SERVICE?x>{}",
    ],
)
def test_no_service_can_hide_behind_the_two_meanings_of_an_angle_bracket(hidden: str) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("o")))
    try:
        text = parse_query(f"SELECT * {{ ?s ?p ?o {hidden} }}").text
    except QueryError:
        return
    with pytest.raises(SyntaxError):  # an engine that went out would raise OSError or answer
        store.query(text)


def test_the_engine_gets_no_comments_and_every_other_character() -> None:
    text = "SELECT * { # all {\n?s <urn:p#q> '#' }"
    assert parse_query(text).text == "SELECT * {        \n?s <urn:p#q> '#' }"


def test_from_is_detected_as_a_clause_and_not_as_a_name() -> None:
    assert parse_query("SELECT * FROM <urn:g> {}").has_dataset
    assert not parse_query("SELECT ?from { ?from <urn:FROM> 'FROM' }").has_dataset


def test_variables_are_found_under_both_signs() -> None:
    assert parse_query("SELECT ?a { $b ?a '?c' }").variables == {"a", "b"}


def test_binding_leaves_strings_iris_comments_and_other_variables_alone() -> None:
    text = "SELECT * { ?x <urn:?x> '$x' , $xy , $x } # $x"
    assert bind_terms(text, {"x": "<urn:v>"}) == "SELECT * {  <urn:v>  <urn:?x> '$x' , $xy ,  <urn:v>  } # $x"


def test_a_bound_integer_is_bare_so_that_limit_takes_it() -> None:
    bound = bind_terms("SELECT * { ?s ?p ?o } LIMIT $n", {"n": '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'})
    assert bound == "SELECT * { ?s ?p ?o } LIMIT  5 "


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_can_be_bound_and_comes_back_as_the_one_literal_that_it_is(value: str) -> None:
    bound = bind_terms("SELECT ?o { VALUES ?o { $v } }", {"v": literal_token(value)})
    solutions = ox.Store().query(parse_query(bound).text)
    assert isinstance(solutions, ox.QuerySolutions)
    assert [solution["o"] for solution in solutions] == [ox.Literal(value)]


@given(st.text(alphabet="<>?a#'\"{}()\\ \n.:SERVICE@_1", max_size=60))
def test_tokens_join_to_the_text_as_far_as_it_is_sparql(text: str) -> None:
    read = ""
    with contextlib.suppress(QueryError):
        for token in tokenize(text):
            assert token.start == len(read)
            read += token.text
    assert text.startswith(read)


HOSTILE = (
    *("a.", "a-", "''", "?", "<", "<a", "%41", "a:b.", ".", "a:b.... ", "_:a. ", "a........", "1.", "1", "\\.", "é.é"),
    *("<\\u0041", "@a-a", "'a\\'", '"""', "?a ", "a", "·", "#a\n", "\n", "SELECT ", "GRAPH <urn:a> ", "(", "{}", "<<"),
)


@pytest.mark.parametrize("begin", ["SELECT * { ", "a:", "_:a", "<", "'", '"""', "@a"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_reading_takes_time_in_proportion_to_the_text(begin: str, piece: str) -> None:
    def work(text: str) -> None:
        with contextlib.suppress(QueryError):
            parse_query(text, QueryLimits(characters=1_000_000))

    assert growth(work, lambda size: begin + piece * size + "\u2028", 300) < BOUND
