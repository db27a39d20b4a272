from pathlib import Path

import pytest

from graphmap.errors import DeadlineError
from graphmap.validation.reference.pyshacl_process import Question, Reference, validate_with_pyshacl
from graphmap.validation.shapes.vocabulary import sh

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://example.org/> .
e:Shape sh:targetClass e:A ; sh:property [ sh:path e:p ; sh:maxLength 2 ; sh:severity sh:Warning ] .
"""
ONTOLOGY = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix e: <http://example.org/> . e:B rdfs:subClassOf e:A .
"""


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_many_graphs_are_judged_in_one_process(tmp_path: Path) -> None:
    line = "<http://example.org/x> {} {} .\n".format
    kind = line(TYPE, "<http://example.org/B>")
    values = ['"007"^^<http://www.w3.org/2001/XMLSchema#integer>', '"ok"', '"\\"ü\\""']
    graphs = [kind + line("<http://example.org/p>", value) for value in values]
    shapes, ontology = write(tmp_path, "shapes.ttl", SHAPES), write(tmp_path, "ontology.ttl", ONTOLOGY)
    verdicts = validate_with_pyshacl(graphs, [shapes], [ontology])
    assert [verdict.failure for verdict in verdicts] == [None] * 3
    assert [[result.value for result in verdict.results] for verdict in verdicts] == [[values[0]], [], [values[2]]]
    found = verdicts[0].results[0]
    assert (found.severity, found.component) == (sh("Warning"), sh("MaxLengthConstraintComponent"))
    assert (found.source_shape, str(found.path)) == ("_:f0s0", "<http://example.org/p>")


def test_a_failure_is_told_as_one_and_the_process_goes_on() -> None:
    broken = [("<a:s>", sh("targetNode"), "<a:x>"), ("<a:s>", sh("minLength"), '"many"')]
    fine = [("<a:s>", sh("targetNode"), "<a:x>"), ("<a:s>", sh("nodeKind"), sh("IRI"))]
    graph = [("<a:x>", "<a:p>", '"1"')]
    with Reference() as reference:
        verdict = reference.ask(Question(shapes=broken, graphs=[graph]))[0]
        assert verdict.failure is not None
        assert "minLength" in verdict.failure
        assert reference.ask(Question(shapes=fine, graphs=[graph]))[0].failure is None


def test_an_answer_that_takes_too_long_ends_the_process() -> None:
    with Reference(timeout_s=0.05) as reference, pytest.raises(DeadlineError, match=r"0\.05 s"):
        reference.ask(Question(shapes=[], graphs=[[]]))
