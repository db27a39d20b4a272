"""The fast reader of N-Triples against the parser of the store."""

import io
from collections.abc import Callable, Sequence

import pyoxigraph
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphmap.errors import DataError
from graphmap.rdf.ntriples import Plain, read_statements
from graphmap.rdf.parsing import parse_rdf, read_rdf

NODES = st.sampled_from(
    [
        "<http://e.org/a>",
        "<http://e.org/a#b>",
        "<http://e.org/%41>",
        "<http://e.org/\\u00E9>",
        "<http://e.org/é>",
        "<urn:x:y>",
        "_:b",
        "_:b.c",
        "_:0",
    ]
)
FAULTY = st.sampled_from(["<http://e.org/a|b>", "<http://e.org/%zz>", "<a>", "<http://e.org/a#b#c>", '"x', "a:b", ""])
TEXTS = st.text(st.sampled_from('ab \\"\n\r\t\x00\x7f\x85é\u2028\ufdd0\uffff\U0001f600@^<>.'), max_size=6)
ENDINGS = st.sampled_from(
    [
        "",
        "@en",
        "@en-US",
        "@en-us-x",
        "@en--ltr",
        "^^<http://www.w3.org/2001/XMLSchema#string>",
        "^^<http://www.w3.org/2001/XMLSchema#integer>",
        "^^<http://e.org/own>",
    ]
)


def escaped(text: str) -> str:
    """As a literal of N-Triples, no more escaped than need be."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")


LITERALS = st.builds(lambda text, end: f'"{escaped(text)}"{end}', TEXTS, ENDINGS)
FORMS = st.sampled_from(
    ["{} {} {} .", "{} {} {}.", " {}\t{} {} . ", "{} {} {} . # said", "# {} {} {} .", "", "{} {} {} .\r"]
)
PREDICATES = st.sampled_from(["<http://e.org/p>", "<http://e.org/q>", "<urn:p>"])
LINES = st.lists(st.builds(str.format, FORMS, NODES, PREDICATES, NODES | LITERALS), max_size=6)
WITH_FAULTS = st.lists(st.builds(str.format, FORMS, NODES | FAULTY, PREDICATES, NODES | LITERALS | FAULTY), max_size=6)


def fast(text: bytes) -> list[Plain]:
    def parse(piece: bytes, before: int) -> Sequence[Plain]:
        return list(parse_rdf(b"\n" * before + piece, pyoxigraph.RdfFormat.N_TRIPLES, source="data"))

    return [triple for portion in read_statements(io.BytesIO(text), parse) for triple in portion]


def plain(text: bytes) -> list[Plain]:
    return list(parse_rdf(text, pyoxigraph.RdfFormat.N_TRIPLES, source="data"))


def outcome(read: Callable[[bytes], list[Plain]], text: bytes) -> object:
    """The statements, each once, or what the fault says and where it is."""
    try:
        return list(dict.fromkeys(read(text)))
    except DataError as error:
        return error.what, error.where.line, error.where.column


@given(lines=LINES, ended=st.booleans())
def test_both_readers_give_the_same_statements_in_the_same_order(lines: list[str], *, ended: bool) -> None:
    text = ("\n".join(lines) + "\n" * ended).encode()
    assert outcome(fast, text) == outcome(plain, text)


@given(lines=WITH_FAULTS)
@example(lines=["<http://e.org/a> <http://e.org/p>", "<http://e.org/a> <http://e.org/p> <http://e.org/a> ."])
def test_both_readers_tell_the_same_fault(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines).encode()
    assert outcome(fast, text) == outcome(plain, text)


def test_a_fault_beyond_the_first_portion_is_told_with_its_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("data") / "data.nt"
    line = '<http://e.org/a> <http://e.org/p> "' + "x" * 1000 + '" .\n'
    file.write_text(line * 6000 + "<http://e.org/a> nonsense .\n")
    with pytest.raises(DataError, match=r"line 6001") as caught:
        list(read_rdf(file))
    assert caught.value.where.line == 6001


def test_bytes_that_are_no_utf_8_are_a_fault() -> None:
    with pytest.raises(DataError):
        fast(b'<http://e.org/a> <http://e.org/p> "\xff" .\n')


def test_a_term_that_comes_often_is_one_object() -> None:
    text = (
        b"<http://e.org/a> <http://e.org/p> <http://e.org/b> .\n<http://e.org/b> <http://e.org/p> <http://e.org/a> .\n"
    )
    (first, _, second), (third, _, fourth) = fast(text)
    assert first is fourth
    assert second is third
