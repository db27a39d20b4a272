"""The page of the rule language is what the program reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.rules import DERIVES, ELEMENTS, guide_markdown


@pytest.mark.parametrize("kind", list(ELEMENTS))
def test_every_key_that_is_read_says_what_it_derives_and_no_other(kind: str) -> None:
    assert set(DERIVES[kind]) == ELEMENTS[kind].read


def test_the_page_is_the_generated_one(root: Path) -> None:
    # written by: python -c 'from graphmap.rules import guide_markdown; print(guide_markdown(), end="")' > docs/rules.md
    assert (root / "docs" / "rules.md").read_text(encoding="utf-8") == guide_markdown()


def test_every_key_of_the_metamodel_is_known() -> None:
    view = pytest.importorskip("linkml_runtime.utils.schemaview", exc_type=ImportError)
    linkml_model = pytest.importorskip("linkml_runtime.linkml_model", exc_type=ImportError)
    meta = view.SchemaView(str(Path(linkml_model.__file__).parent / "model" / "schema" / "meta.yaml"))
    names = {
        "a schema": "schema_definition",
        "a class": "class_definition",
        "a slot": "slot_definition",
        "a slot expression": "anonymous_slot_expression",
        "a type": "type_definition",
        "an enumeration": "enum_definition",
        "a permissible value": "permissible_value",
        "a rule": "class_rule",
        "a class expression": "anonymous_class_expression",
        "a unique key": "unique_key",
    }
    for kind, name in names.items():
        keys = {slot.alias or slot.name.replace(" ", "_") for slot in meta.class_induced_slots(name)}
        assert {key.replace(" ", "_") for key in keys} - ELEMENTS[kind].known == set(), kind
