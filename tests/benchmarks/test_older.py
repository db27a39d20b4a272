from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.older import OlderError, older_vocabulary

_HEAD = """
@prefix rml: <http://w3id.org/rml/> .
@prefix e: <https://e.example/> .
e:file a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "rows.csv" .
e:source a rml:LogicalSource ; rml:source e:file ; rml:referenceFormulation rml:CSV .
"""


def _mapping(folder: Path, turtle: str) -> Path:
    path = folder / "mapping.ttl"
    path.write_text(_HEAD + turtle, encoding="utf-8")
    return path


def test_a_mapping_of_columns_is_written_in_the_older_vocabulary(tmp_path: Path) -> None:
    mapping = _mapping(
        tmp_path,
        """e:map a rml:TriplesMap ; rml:logicalSource e:source ;
             rml:subjectMap [ rml:template "https://e.example/{id}" ; rml:class e:Thing ] ;
             rml:predicateObjectMap [ rml:predicate e:name ; rml:objectMap [ rml:reference "name" ] ] .""",
    )
    text = older_vocabulary(mapping)
    assert '<http://semweb.mmlab.be/ns/rml#source> "rows.csv"' in text
    assert "<http://semweb.mmlab.be/ns/rml#referenceFormulation> <http://semweb.mmlab.be/ns/ql#CSV>" in text
    assert '<http://www.w3.org/ns/r2rml#template> "https://e.example/{id}"' in text
    assert '<http://semweb.mmlab.be/ns/rml#reference> "name"' in text
    assert "http://w3id.org/rml/" not in text


def test_a_function_has_no_older_form_and_is_named(tmp_path: Path) -> None:
    mapping = _mapping(tmp_path, "e:map rml:subjectMap [ rml:functionExecution [ rml:function e:join ] ] .")
    with pytest.raises(OlderError, match="rml:function"):
        older_vocabulary(mapping)


def test_the_derived_mapping_of_the_warehouse_has_an_older_form(root: Path) -> None:
    text = older_vocabulary(root / "mappings" / "warehouse.ttl")
    assert text.count("<http://semweb.mmlab.be/ns/rml#reference>") == 30
