"""The loader of rule files: what it reads, and that it says file, line and key of what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.errors import RulesError
from graphmap.rules import load_rules, read_schema

HEAD = """\
id: https://example.org/shop
name: shop
annotations: {graphmap:page: Shop page}
classes:
  Order:
    annotations: {graphmap:source: page, graphmap:key: number}
    attributes:
      number:
        required: true
        annotations: {graphmap:source: page}
"""


def refusal(text: str) -> RulesError:
    with pytest.raises(RulesError) as caught:
        read_schema(text, file="shop.yaml")
    return caught.value


def test_an_unknown_key_is_named_with_its_file_and_line() -> None:
    error = refusal(HEAD + "        patern: '[0-9]+'\n")
    assert (error.where.source, error.where.line) == ("shop.yaml", 11)
    assert "'patern'" in error.what
    assert error.hint == "did you mean 'pattern'?"


def test_a_key_that_stands_twice_is_refused() -> None:
    error = refusal(HEAD + "        required: false\n")
    assert (error.where.line, error.what) == (11, "the key 'required' stands twice")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("required: often", "true or false is expected here, not 'often'"),
        ("maximum_cardinality: many", "a whole number from 0 up is expected here, not 'many'"),
        ("aliases: {a: b}", "a single value is expected here"),
        ("pattern: [a, b]", "a single value is expected here"),
        ("annotations: none", "a mapping of keys to values is expected here"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_line(line: str, message: str) -> None:
    error = refusal(HEAD + f"      amount:\n        {line}\n")
    assert (error.where.line, error.what) == (12, message)


def test_text_that_is_no_yaml_is_refused_with_its_line() -> None:
    error = refusal("name: shop\nclasses: {\n")
    assert error.what.startswith("not YAML: ")
    assert error.where.line == 3


def test_a_character_that_yaml_forbids_is_an_error_of_the_file() -> None:
    assert "a character that YAML does not permit" in refusal("name: \x00").what


def test_an_empty_file_is_refused() -> None:
    assert refusal("# nothing\n").what == "the file is empty"


def test_a_schema_without_a_name_is_named_after_its_file() -> None:
    assert read_schema("classes: {Order: {}}\n", file="rules/orders.yaml").name == "orders"


def test_a_type_with_an_undeclared_prefix_is_refused() -> None:
    error = refusal("name: shop\ntypes: {money: {uri: 'x:decimal'}}\n")
    assert error.what == "money has the uri 'x:decimal', which is not an IRI"
    assert error.hint == "declare the prefix 'x' under prefixes, or write an absolute IRI"


def test_required_and_multivalued_give_the_number_of_values() -> None:
    schema = read_schema(
        HEAD + "      line: {required: true, multivalued: true}\n      note: {maximum_cardinality: 3}\n",
        file="shop.yaml",
    )
    counts = [(field.name, field.minimum_count, field.maximum_count) for field in schema.classes["Order"].fields]
    assert counts == [("number", 1, 1), ("line", 1, None), ("note", 0, 3)]


def test_fields_of_a_super_class_come_first() -> None:
    schema = read_schema(HEAD + "  Return: {is_a: Order, attributes: {reason: {}}}\n", file="shop.yaml")
    assert [field.name for field in schema.fields_of(schema.classes["Return"])] == ["number", "reason"]


def test_a_folder_without_rule_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="no rule file"):
        load_rules(tmp_path)


def test_two_files_with_one_schema_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(HEAD, encoding="utf-8")
    (problem,) = load_rules(tmp_path).problems
    assert problem.what.startswith("schema 'shop' is in ")
    assert problem.what.endswith("/a.yaml already")


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(HEAD.replace("Shop", "Caf\u00e9").encode("latin-1"))
    with pytest.raises(RulesError, match=r"a\.yaml: cannot be read"):
        load_rules(tmp_path)
