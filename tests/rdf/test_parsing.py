"""RDF files of every syntax, and files that are not."""

import gzip
from pathlib import Path

import pyoxigraph
import pytest
import zstandard

from graphmap.errors import CallError, DataError, LimitError, ShapesError, SourceError
from graphmap.rdf.parsing import SYNTAXES, read_rdf
from graphmap.validation.shapes.loader import load_shapes
from graphmap.validation.validate import validate

TURTLE = '<http://e.org/x> <http://e.org/p> "ü" , [ <http://e.org/q> 1 ] .'


@pytest.mark.parametrize("suffix", sorted(SYNTAXES))
def test_a_file_of_every_syntax_gives_the_same_triples(suffix: str, tmp_path: Path) -> None:
    quads = list(pyoxigraph.parse(TURTLE, pyoxigraph.RdfFormat.TURTLE))
    form = SYNTAXES[suffix]
    items = quads if form.supports_datasets else [quad.triple for quad in quads]
    file = tmp_path / f"data{suffix}"
    file.write_bytes(pyoxigraph.serialize(items, format=form) or b"")
    assert sorted((predicate, value) for _, predicate, value in read_rdf(file) if value[0] == '"') == [
        ("<http://e.org/p>", '"ü"'),
        ("<http://e.org/q>", '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    ]


def test_nameless_nodes_are_called_alike_in_every_run(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text(TURTLE)
    assert list(read_rdf(file)) == list(read_rdf(file))


def test_a_fault_is_told_with_file_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text("<http://e.org/x> <http://e.org/p> 1 .\n<http://e.org/x> nonsense 2 .\n")
    with pytest.raises(DataError, match="is not Turtle") as caught:
        list(read_rdf(file))
    assert (caught.value.where.source, caught.value.where.line) == (str(file), 2)
    assert caught.value.where.column is not None
    assert caught.value.exit_status == 3


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.ttl"):
        list(read_rdf(tmp_path / "none.ttl"))


def test_a_graph_beyond_the_limit_is_refused_with_its_size_and_the_way_round(tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    file.write_text("".join(f"<e:x{number}> <e:p> <e:y> .\n" for number in range(11)))
    assert len(list(read_rdf(file, max_triples=11))) == 11
    with pytest.raises(LimitError, match=r"more than 10 triples.*--max-triples.*--store"):
        list(read_rdf(file, max_triples=10))


def test_entities_and_deep_nesting_never_reach_a_parser(tmp_path: Path) -> None:
    entities = tmp_path / "data.rdf"
    entities.write_text('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>')
    with pytest.raises(DataError, match="DOCTYPE"):
        list(read_rdf(entities))
    nested = tmp_path / "data.jsonld"
    nested.write_text('{"http://e.org/[": ' + "[" * 5000 + "]" * 5000 + "}")
    with pytest.raises(DataError, match="nested 5001 deep"):
        list(read_rdf(nested))


def test_shapes_may_be_written_in_any_syntax(tmp_path: Path) -> None:
    file = tmp_path / "shapes.nt"
    file.write_text("<e:S> <http://www.w3.org/ns/shacl#targetClass> <e:A> .\n")
    assert list(load_shapes([file]).by_node) == ["<e:S>"]


def test_shapes_that_do_not_parse_are_told_with_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text("@prefix sh: <http://www.w3.org/ns/shacl#> .\nsh:x sh:y\n")
    with pytest.raises(ShapesError) as caught:
        load_shapes([file])
    assert caught.value.exit_status == 2
    assert caught.value.where.line is not None


def test_packed_files_are_read_as_they_are(tmp_path: Path) -> None:
    for name, pack in (("data.ttl.gz", gzip.compress), ("data.ttl.zst", zstandard.compress)):
        (tmp_path / name).write_bytes(pack(TURTLE.encode()))
        assert len(list(read_rdf(tmp_path / name))) == 3


def test_the_name_of_a_file_as_a_text_is_told_apart_from_turtle() -> None:
    with pytest.raises(CallError, match=r"'shapes.ttl' is not Turtle \(give the name of a file as a pathlib.Path\)"):
        validate(Path("data.ttl"), "shapes.ttl")
    with pytest.raises(CallError, match=r"'some/data.ttl' is not Turtle"):
        validate("some/data.ttl", TURTLE)
    assert validate("", TURTLE, allow_no_targets=True).conforms
