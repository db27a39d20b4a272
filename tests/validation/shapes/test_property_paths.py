import pytest

from graphmap.errors import ShapesError
from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples
from graphmap.validation.shapes.property_paths import Path, follow, read_path

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://example.org/> . "
CHAIN = "e:a e:p e:b . e:b e:p e:c , e:a . e:c e:q e:d ."


def graph(text: str) -> Graph:
    return Graph(parse_triples(PREFIXES + text, source="paths"))


def path(text: str) -> Path:
    found = graph(f"e:shape sh:path {text} .")
    return read_path(found, found.objects("<http://example.org/shape>", "<http://www.w3.org/ns/shacl#path>")[0])


def reached(text: str, start: str = "a") -> list[str]:
    ends = follow(path(text))(graph(CHAIN), f"<http://example.org/{start}>")
    return sorted(end.removeprefix("<http://example.org/").rstrip(">") for end in ends)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("e:p", ["b"]),
        ("[ sh:inversePath e:p ]", ["b"]),
        ("( e:p e:p )", ["a", "c"]),
        ("( e:p e:p e:q )", ["d"]),
        ("[ sh:alternativePath ( e:p [ sh:inversePath e:p ] ) ]", ["b"]),
        ("[ sh:zeroOrMorePath e:p ]", ["a", "b", "c"]),
        ("[ sh:oneOrMorePath e:p ]", ["a", "b", "c"]),
        ("[ sh:zeroOrOnePath e:p ]", ["a", "b"]),
        ("( [ sh:oneOrMorePath e:p ] e:q )", ["d"]),
        ("[ sh:zeroOrMorePath [ sh:inversePath e:q ] ]", ["a"]),
    ],
)
def test_a_path_leads_to_its_ends(text: str, ends: list[str]) -> None:
    assert reached(text) == ends


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("[ sh:inversePath ( e:p e:q ) ]", ["b"]),
        ("[ sh:inversePath [ sh:alternativePath ( e:q e:r ) ] ]", ["c"]),
        ("[ sh:inversePath [ sh:inversePath e:q ] ]", []),
        ("[ sh:inversePath [ sh:zeroOrMorePath e:q ] ]", ["c", "d"]),
    ],
)
def test_the_inverse_of_any_path_leads_back(text: str, ends: list[str]) -> None:
    assert reached(text, start="d") == ends


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("e:p", "<http://example.org/p>"),
        ("( e:p [ sh:inversePath e:p ] )", "<http://example.org/p>/^<http://example.org/p>"),
        ("[ sh:zeroOrMorePath ( e:p e:q ) ]", "(<http://example.org/p>/<http://example.org/q>)*"),
        ("[ sh:inversePath [ sh:oneOrMorePath e:p ] ]", "^(<http://example.org/p>+)"),
        (
            "( e:p [ sh:alternativePath ( e:q e:r ) ] )",
            "<http://example.org/p>/(<http://example.org/q>|<http://example.org/r>)",
        ),
    ],
)
def test_a_path_is_written_as_sparql_writes_it(text: str, written: str) -> None:
    assert str(path(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        '"text"',
        "( e:p )",
        "[ sh:alternativePath ( e:p ) ]",
        "[ sh:inversePath e:p ; sh:zeroOrMorePath e:q ]",
        "[ sh:inversePath e:p , e:q ]",
        "[ e:unknown e:p ]",
        "_:x . _:x sh:inversePath _:x",
    ],
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ShapesError, match="path"):
        path(text)
