"""Mappings in YARRRML, by yatter."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from graphmap.errors import MappingError
from graphmap.lifting import read_mapping
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from tests.lifting.mappings import BASE

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("yatter", reason="the extra yarrrml is not installed")

_MAPPING = """
prefixes:
  foaf: http://xmlns.com/foaf/0.1/
  ex: http://example.com/
  grel: http://users.ugent.be/~bjdmeest/function/grel.ttl#
mappings:
  person:
    sources:
      - ['people.json~jsonpath', '$.persons[*]']
    s: http://example.com/$(id)
    po:
      - [a, foaf:Person]
      - [foaf:name, $(name)]
      - [ex:age, $(age), xsd:integer]
      - [ex:label, $(name), en~lang]
      - p: ex:likes
        o:
        - mapping: movie
          condition:
            function: equal
            parameters:
            - [str1, $(movie)]
            - [str2, $(slug)]
      - p: ex:loud
        o:
          function: grel:toUpperCase
          parameters:
          - [grel:valueParameter, $(name)]
  movie:
    sources:
      - ['movies.csv~csv']
    s: ex:movie/$(slug)
    po:
      - [ex:title, $(title)]
"""


def _file(folder: Path, text: str, name: str = "mapping.yml") -> Path:
    file = folder / name
    file.write_text(text)
    return file


@pytest.mark.parametrize("compiled", [True, False])
def test_a_mapping_in_yarrrml_is_lifted(tmp_path: Path, capfd: pytest.CaptureFixture[str], compiled: bool) -> None:  # noqa: FBT001  # a parameter
    _file(tmp_path, '{"persons": [{"id": 1, "name": "Ann", "age": "7", "movie": "w"}]}', "people.json")
    _file(tmp_path, "slug,title\nw,Wam\n", "movies.csv")
    plan = read_mapping([_file(tmp_path, _MAPPING)], base=BASE)
    lines = "".join(lift_plan(plan, RunOptions(folder=tmp_path, bind={}, compiled=compiled))).splitlines()
    subject = "<http://example.com/1>"
    assert sorted(lines) == [
        f'{subject} <http://example.com/age> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        f'{subject} <http://example.com/label> "Ann"@en .',
        f"{subject} <http://example.com/likes> <http://example.com/movie/w> .",
        f'{subject} <http://example.com/loud> "ANN" .',
        f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Person> .",
        f'{subject} <http://xmlns.com/foaf/0.1/name> "Ann" .',
        '<http://example.com/movie/w> <http://example.com/title> "Wam" .',
    ]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("mappings: [", "is not YAML"),
        ("- one\n- two\n", "is not YARRRML"),
        ("mappings:\n  person:\n    s: http://example.com/$(id)\n", "is not YARRRML"),
        (_MAPPING.replace("'$.persons[*]'", "'$.persons['"), "is not a path"),
    ],
)
def test_what_is_no_mapping_is_refused_by_name(tmp_path: Path, text: str, what: str) -> None:
    handlers = logging.getLogger("yatter.constants").handlers[:]
    with pytest.raises(MappingError, match=what) as caught:
        read_mapping([_file(tmp_path, text)], base=BASE)
    assert caught.value.where is not None
    assert str(caught.value.where.source).startswith(str(tmp_path / "mapping.yml"))
    assert logging.getLogger("yatter.constants").handlers == handlers
