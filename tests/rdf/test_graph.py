from hypothesis import given
from hypothesis import strategies as st

from graphmap.rdf.graph import Graph
from graphmap.rdf.terms import Triple, literal_token

NODES = st.sampled_from(["<a:s>", "<a:t>", "_:b"])
VALUES = NODES | st.text().filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)).map(literal_token)
TRIPLES = st.lists(st.builds(Triple, NODES, st.sampled_from(["<a:p>", "<a:q>"]), VALUES), max_size=8)


@given(triples=TRIPLES)
def test_lines_give_the_graph_of_their_triples(triples: list[Triple]) -> None:
    text = "".join(f"{' '.join(triple)} .\n" for triple in triples)
    assert set(Graph.of_lines(text).triples()) == set(triples)


@given(triples=TRIPLES)
def test_lines_of_a_named_graph_are_read_by_their_tail(triples: list[Triple]) -> None:
    text = "\n".join(f"{' '.join(triple)} <a:g> ." for triple in triples)
    assert set(Graph.of_lines(text, tail=" <a:g> .").triples()) == set(triples)


@given(triples=TRIPLES)
def test_the_inverse_index_tells_what_the_triples_tell(triples: list[Triple]) -> None:
    graph = Graph(triples)
    for predicate in ("<a:p>", "<a:q>"):
        found = {(value, subject) for value, subjects in graph.inverse(predicate).items() for subject in subjects}
        assert found == {(t.object, t.subject) for t in triples if t.predicate == predicate}


def test_a_triple_that_comes_twice_counts_once() -> None:
    assert Graph([("<a:s>", "<a:p>", '"x"')] * 2).objects("<a:s>", "<a:p>") == ('"x"',)


def test_a_line_separator_inside_a_literal_does_not_end_its_line() -> None:
    assert Graph.of_lines('<a:s> <a:p> "x\u2028y\x85z" .\n').objects("<a:s>", "<a:p>") == ('"x\u2028y\x85z"',)


def test_a_list_that_bites_its_tail_is_no_list() -> None:
    first, rest = (f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}>" for name in ("first", "rest"))
    assert Graph([("_:a", first, '"x"'), ("_:a", rest, "_:a")]).listed("_:a") is None
