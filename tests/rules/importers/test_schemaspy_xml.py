"""Catalogs of SchemaSpy as XML: what is stated, what is asked, what is refused, and what a person wrote stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import RulesError
from graphmap.rules import check, load_rules, patch_of, read_schemaspy_xml
from graphmap.rules.importers import StatedDatabase

_BASE = "https://example.org/"
_CASES = Path(os.environ.get("GRAPHMAP_CASES", Path(__file__).parents[4] / "shared" / "cases"))
_SHARED = _CASES / "documents" / "schemaspy-mssql"
_CATALOG = """<?xml version="1.0" encoding="UTF-8"?>
<database name="shop" schema="shop" type="any">
  <tables>
    <table name="maker" remarks="Who makes goods" type="TABLE">
      <column name="id" nullable="false" remarks="" size="4" type="int" defaultValue="null"/>
      <column name="name" nullable="false" remarks="Its name" size="40" type="varchar"/>
      <primaryKey column="id" sequenceNumberInPK="1"/>
      <index name="PK" unique="true"><column name="id"/></index>
      <index name="UQ" unique="true"><column name="name"/></index>
    </table>
    <table name="good" remarks="" type="TABLE">
      <column name="maker" nullable="false" remarks="" size="4" type="int">
        <parent table="maker" column="id" foreignKey="FK" implied="false"/>
      </column>
      <column name="number" nullable="false" remarks="" size="4" type="int"/>
      <column name="state" remarks="" nullable="true" size="2" type="varchar"/>
      <column name="rival" nullable="true" remarks="" size="4" type="int">
        <parent table="maker" column="id" foreignKey="Implied Constraint" implied="true"/>
      </column>
      <primaryKey column="number" sequenceNumberInPK="2"/>
      <primaryKey column="maker" sequenceNumberInPK="1"/>
      <checkConstraint name="CK" constraint="([state]='new' OR [state]='o''ld')"/>
    </table>
  </tables>
</database>
"""


@pytest.fixture
def schemaspy() -> Path:
    """The XML of a database of others, beside the checkout."""
    file = next(iter(sorted(_SHARED.glob("*.xml"))), None)
    if file is None:
        pytest.skip(f"{_SHARED} is not there")
    return file


def _stated(folder: Path, text: str = _CATALOG) -> StatedDatabase:
    file = folder / "catalog.xml"
    file.write_text(text, encoding="utf-8")
    return read_schemaspy_xml(file)


def test_types_keys_links_and_values_become_rules_that_can_be_read(tmp_path: Path) -> None:
    patch = patch_of(_stated(tmp_path), before="", base=_BASE)
    (tmp_path / "shop.yaml").write_text(patch.after, encoding="utf-8")
    book = load_rules(tmp_path)
    assert not list(check(book))
    classes = yaml.safe_load(patch.after)["classes"]
    assert classes["maker"]["attributes"]["id"]["identifier"] is True
    assert classes["maker"]["attributes"]["name"]["annotations"]["graphmap:size"] == 40
    assert classes["maker"]["unique_keys"] == {"UQ": {"unique_key_slots": ["name"]}}
    assert classes["good"]["attributes"]["maker"]["range"] == "maker"
    assert classes["good"]["unique_keys"] == {"primary_key": {"unique_key_slots": ["maker", "number"]}}
    assert "required" not in classes["good"]["attributes"]["state"]
    enum = yaml.safe_load(patch.after)["enums"][classes["good"]["attributes"]["state"]["range"]]
    assert list(enum["permissible_values"]) == ["new", "o'ld"]


def test_a_reference_implied_by_names_is_asked_and_not_made_a_link(tmp_path: Path) -> None:
    patch = patch_of(_stated(tmp_path), before="", base=_BASE)
    assert [each.text for each in patch.questions] == [
        "good.rival: does it refer to maker.id? SchemaSpy implies it from the names alone"
    ]
    assert yaml.safe_load(patch.after)["classes"]["good"]["attributes"]["rival"]["range"] == "integer"


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        (
            "constraint=\"([state]='new' OR [state]='o''ld')\"",
            'constraint="(state &gt; 3)"',
            "good: check CK (state > 3)",
        ),
        ('name="good" remarks="" type="TABLE"', 'name="good" remarks="" type="VIEW"', "VIEW good"),
        ('defaultValue="null"', 'defaultValue="7"', "maker.id: default 7"),
        ("</tables>", "</tables><routines/>", "element routines"),
    ],
)
def test_a_statement_that_is_not_taken_over_is_listed(tmp_path: Path, old: str, new: str, left: str) -> None:
    assert old in _CATALOG
    assert [each.text for each in _stated(tmp_path, _CATALOG.replace(old, new)).unread] == [left]


def test_a_second_import_changes_nothing_and_keeps_what_a_person_wrote(tmp_path: Path) -> None:
    first = patch_of(_stated(tmp_path), before="", base=_BASE).after
    book = yaml.safe_load(first)
    book["classes"]["maker"]["attributes"]["name"]["annotations"]["graphmap:severity"] = "Warning"
    book["classes"]["maker"]["attributes"]["name"]["description"] = "Other words"
    by_hand = yaml.safe_dump(book, sort_keys=False)
    patch = patch_of(_stated(tmp_path), before=by_hand, base=_BASE)
    assert patch.after == by_hand
    assert any("Other words" in each.text for each in patch.questions)


def test_a_new_column_is_added_beside_what_a_person_wrote(tmp_path: Path) -> None:
    first = patch_of(_stated(tmp_path), before="", base=_BASE).after
    column = '<column name="added" nullable="false" remarks="" size="" type="date"/><primaryKey column="id"'
    stated = _stated(tmp_path, _CATALOG.replace('<primaryKey column="id"', column))
    patch = patch_of(stated, before=first, base=_BASE)
    lines = [
        line for line in patch.diff("shop.yaml").splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert lines[0].strip("+ ") == "added:"
    assert all(line.startswith("+") for line in lines)


def test_writing_tells_how_many_comments_it_would_lose(tmp_path: Path) -> None:
    patch = patch_of(_stated(tmp_path), before="# by hand\nname: shop\n", base=_BASE)
    assert patch.lost_comments == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "does not parse as XML"),
        ("\x00garbage", "does not parse as XML"),
        ("<html><body/></html>", "is XML of another kind"),
        ('<!DOCTYPE d [<!ENTITY a "b">]><database><tables/></database>', "has a document type"),
        ('<!DOCTYPE d SYSTEM "http://example.org/d.dtd"><database><tables/></database>', "has a document type"),
        ("<database><tables/></database>", "states no table"),
        ('<database><tables><table type="TABLE"/></tables></database>', "an element table has no name"),
    ],
)
def test_another_document_is_refused_with_the_next_step(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RulesError, match=message):
        _stated(tmp_path, text)


@given(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), st.integers(min_value=1, max_value=4000))
def test_names_and_sizes_come_from_the_catalog(tmp_path_factory: pytest.TempPathFactory, name: str, size: int) -> None:
    text = _CATALOG.replace('name="state"', f'name="z{name}"').replace("[state]", f"[z{name}]")
    stated = _stated(tmp_path_factory.mktemp("catalog"), text.replace('size="2"', f'size="{size}"'))
    column = stated.tables[1].columns[2]
    assert (column.name, column.size) == (f"z{name}", str(size))
    assert f"z{name}" in stated.tables[1].choices


@pytest.mark.parametrize(
    ("written", "instead", "what"),
    [
        ('sequenceNumberInPK="2"', 'sequenceNumberInPK="two"', "sequence number 'two'"),
        ('<column name="number"', '<column title="number"', "has no name"),
    ],
)
def test_what_is_no_catalog_is_an_error_with_file_and_line(
    tmp_path: Path, written: str, instead: str, what: str
) -> None:
    with pytest.raises(RulesError, match=what) as caught:
        _stated(tmp_path, _CATALOG.replace(written, instead))
    assert caught.value.where is not None
    assert caught.value.where.source == str(tmp_path / "catalog.xml")
    assert caught.value.where.line


@pytest.mark.parametrize("text", ["classes: [", "- one\n", "'"])
def test_a_rule_file_that_cannot_be_read_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(RulesError, match="the rule file is not"):
        patch_of(_stated(tmp_path), before=text, base=_BASE)


def test_what_rules_cannot_say_is_listed_as_not_read(tmp_path: Path) -> None:
    text = _CATALOG.replace('size="2" type="varchar"', 'size="10" digits="2" type="decimal"')
    text = text.replace('foreignKey="FK" implied="false"', 'foreignKey="FK" implied="false" onDeleteCascade="true"')
    unread = [each.text for each in _stated(tmp_path, text).unread]
    assert "good.state: 10 digits, 2 of them after the point" in unread
    assert "good.maker: rows are deleted with their maker" in unread


def test_a_catalog_that_others_wrote_is_read(schemaspy: Path) -> None:
    stated = read_schemaspy_xml(schemaspy)
    assert {table.name for table in stated.tables} == {"group", "group_resources", "resources", "user"}
    (links,) = (table for table in stated.tables if table.name == "group_resources")
    assert links.primary_key == ("gid", "rid")
    assert links.choices == {"access": ("rw", "r", "n")}
    assert all(each.line for each in (*stated.unread, *stated.questions))
    patch = patch_of(stated, before="", base=_BASE)
    assert yaml.safe_load(patch.after)["classes"]["group_resources"]["attributes"]["gid"]["range"] == "group"
