"""The number of records that a lift tells of: each record of each source once, however its mapping reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphmap.ingest.lift import LiftRun, lift_mapping

if TYPE_CHECKING:
    from pathlib import Path

_PREFIXES = """@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://example.com/> .
@prefix formats: <http://www.w3.org/ns/formats/> .
ex:a rml:source "a.csv" ; rml:referenceFormulation rml:CSV .
ex:b rml:source "b.csv" ; rml:referenceFormulation rml:CSV .
ex:file a rml:LogicalTarget ; rml:serialization formats:N-Triples ;
  rml:target [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "out.nt" ] .
"""
_SUBJECT = 'rml:subjectMap [ rml:template "http://e/{n}/{{id}}" {more} ]'
_JOIN = (
    "rml:predicateObjectMap [ rml:predicate ex:to ; rml:objectMap [ rml:parentTriplesMap ex:{parent} ; "
    'rml:joinCondition [ rml:child "k" ; rml:parent "k" ] ] ]'
)
_PLAIN = 'rml:predicateObjectMap [ rml:predicate ex:k ; rml:objectMap [ rml:reference "k" ] ]'


def _map(name: str, source: str, *pairs: str, more: str = "") -> str:
    subject = _SUBJECT.format(n=name, more=more)
    return f"ex:{name} rml:logicalSource ex:{source} ; {subject} ; {' ; '.join(pairs)} .\n"


_B = _map("b1", "b", _PLAIN)
_MAPPINGS = {
    "one map": (_map("a1", "a", _PLAIN), 3),
    "two maps over one source": (_map("a1", "a", _PLAIN) + _map("a2", "a", _PLAIN), 3),
    "two sources": (_map("a1", "a", _PLAIN) + _B, 3 + 500),
    "a join with a larger parent": (_map("a1", "a", _PLAIN, _JOIN.format(parent="b1")) + _B, 3 + 500),
    "a join with a smaller parent": (
        _map("b1", "b", _PLAIN, _JOIN.format(parent="a1")) + _map("a1", "a", _PLAIN),
        3 + 500,
    ),
    "a join of a source with itself": (_map("a1", "a", _PLAIN, _JOIN.format(parent="a1")), 3),
    "joins both ways": (
        _map("a1", "a", _JOIN.format(parent="b1")) + _map("b1", "b", _JOIN.format(parent="a1")),
        3 + 500,
    ),
    "a target": (_map("a1", "a", _PLAIN, more="; rml:logicalTarget ex:file") + _B, 3 + 500),
    "a view that joins": (
        'ex:va rml:viewOn ex:a ; rml:field [ rml:fieldName "id" ; rml:reference "id" ] , '
        '[ rml:fieldName "k" ; rml:reference "k" ] ; rml:leftJoin [ rml:parentLogicalView ex:vb ; '
        'rml:joinCondition [ rml:child "k" ; rml:parent "k" ] ; '
        'rml:field [ rml:fieldName "other" ; rml:reference "id" ] ] .\n'
        'ex:vb rml:viewOn ex:b ; rml:field [ rml:fieldName "id" ; rml:reference "id" ] , '
        '[ rml:fieldName "k" ; rml:reference "k" ] .\n'
        + _map("a1", "va", _PLAIN.replace('reference "k"', 'reference "other"')),
        3 + 500,
    ),
}


def _lifted(folder: Path, body: str, processes: int) -> LiftRun:
    (folder / "mapping.ttl").write_text(_PREFIXES + body, encoding="utf-8")
    lifting = LiftRun()
    for _ in lift_mapping(folder / "mapping.ttl", [], lifting, base=None, bind={}, environment={}, processes=processes):
        pass
    return lifting


@pytest.mark.parametrize("name", list(_MAPPINGS))
def test_each_record_of_each_source_counts_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.csv").write_text("id,k\n" + "".join(f"{n},{n}\n" for n in range(3)), encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,k\n" + "".join(f"{n},{n % 3}\n" for n in range(500)), encoding="utf-8")
    body, expected = _MAPPINGS[name]
    lifting = _lifted(tmp_path, body, 1)
    assert (lifting.records, lifting.set_aside) == (expected, 0)


@pytest.mark.parametrize("name", list(_MAPPINGS))
def test_a_record_that_cannot_be_read_is_told_of_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.csv").write_text("id,k\n0,0\n1\n2,2\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,k\n" + "".join(f"{n},{n % 3}\n" for n in range(500)), encoding="utf-8")
    body, expected = _MAPPINGS[name]
    lifting = _lifted(tmp_path, body, 1)
    assert (lifting.records, lifting.set_aside) == (expected, 1)
