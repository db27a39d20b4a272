"""Tables whose writing the mapping describes, lifted by one process and by several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Call

_MAPPING = """@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://example.com/> .
@prefix csvw: <http://www.w3.org/ns/csvw#> .
ex:map rml:logicalSource [ rml:referenceFormulation rml:CSV ;
    rml:source [ a csvw:Table ; csvw:url "x.csv" ; {more} ] ] ;
  rml:subjectMap [ rml:template "http://e/{{[id]}}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:reference "n" ] ] .
"""
_NUMBER = 20_000


@pytest.mark.parametrize("processes", [1, 3])
@pytest.mark.parametrize("quoted", [False, True], ids=["plain", "another quote"])
def test_a_table_with_a_delimiter_and_nulls_of_its_own_is_lifted_whole(
    call: Call, tmp_path: Path, processes: int, *, quoted: bool
) -> None:
    mapping, mark = tmp_path / "mapping.ttl", "'" if quoted else ""
    dialect = f'csvw:delimiter "^" {"; csvw:quoteChar " + chr(34) + chr(39) + chr(34) if quoted else ""}'
    mapping.write_text(_MAPPING.format(more=f'csvw:null "NULL" ; csvw:dialect [ {dialect} ]').replace("{[id]}", "{id}"))
    rows = (f"{n}^{'NULL' if n % 10 == 0 else f'{mark}n,{n}{mark}'}\n" for n in range(1, _NUMBER + 1))
    (tmp_path / "x.csv").write_text("id^n\n" + "".join(rows))
    called = call("lift", "--mapping", mapping, "--processes", processes)
    assert called.status == 0, called.err
    lines = called.out.splitlines()
    assert len(lines) == _NUMBER * 9 // 10
    assert lines[0] == '<http://e/1> <http://example.com/n> "n,1" .'
    assert lines[-1] == f'<http://e/{_NUMBER - 1}> <http://example.com/n> "n,{_NUMBER - 1}" .'


def test_a_table_whose_header_begins_like_json_is_a_table(call: Call, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.ttl"
    mapping.write_text(_MAPPING.format(more='csvw:null ""'))
    (tmp_path / "x.csv").write_text("[id],n\n1,x\n")
    called = call("lift", "--mapping", mapping)
    assert (called.status, called.out) == (0, '<http://e/1> <http://example.com/n> "x" .\n'), called.err
