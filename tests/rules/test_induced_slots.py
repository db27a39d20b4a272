"""Induced slots are those of linkml-runtime, for schemas that others wrote."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from graphmap.rules import RuleBook, load_rules


def public() -> list[Path]:
    found = importlib.util.find_spec("linkml_runtime")
    if found is None or found.origin is None:
        return []
    return sorted((Path(found.origin).parent / "linkml_model" / "model" / "schema").glob("*.yaml"))


def book_of(file: Path, folder: Path) -> RuleBook:
    (folder / "linkml").mkdir()
    for each in file.parent.glob("*.yaml"):
        (folder if each == file else folder / "linkml").joinpath(each.name).write_bytes(each.read_bytes())
    return load_rules(folder)


def compared(view: object, book: RuleBook) -> int:
    """How many slots were compared: their names, ranges, numbers and patterns."""
    classes = {name: each for schema in book.schemas.values() for name, each in schema.all_classes.items()}
    count = 0
    for name in view.all_classes():  # type: ignore[attr-defined]  # linkml-runtime ships no types
        ours = {
            field.name: field
            for field in classes["".join(w[:1].upper() + w[1:] for w in name.split()) if " " in name else name].induced
        }
        theirs = view.class_induced_slots(name)  # type: ignore[attr-defined]  # as above
        assert {(slot.alias or slot.name).replace(" ", "_") for slot in theirs} == set(ours), name
        for slot in theirs:
            if slot.name == "related_to":
                continue  # its usages write `related to`: one slot to us, two to the view
            field = ours[(slot.alias or slot.name).replace(" ", "_")]
            required = bool(slot.required or slot.identifier or slot.key)
            assert (field.minimum_count > 0) == (required or bool(slot.minimum_cardinality)), (name, slot.name)
            assert (field.maximum_count is None) == bool(slot.multivalued), (name, slot.name)
            assert field.pattern == slot.pattern, (name, slot.name)
            if field.range and not slot.any_of:
                assert field.range.lower() == slot.range.replace(" ", "").lower(), (name, slot.name)
            count += 1
    return count


@pytest.mark.slow
@pytest.mark.parametrize("file", public(), ids=lambda file: file.stem)
def test_slots_are_induced_as_linkml_does(file: Path, tmp_path: Path) -> None:
    view = pytest.importorskip("linkml_runtime.utils.schemaview", exc_type=ImportError)
    compared(view.SchemaView(str(file)), book_of(file, tmp_path))


def test_slots_of_people_are_induced_as_linkml_does(shared: Path, tmp_path: Path) -> None:
    view = pytest.importorskip("linkml_runtime.utils.schemaview", exc_type=ImportError)
    file = shared / "cases" / "documents" / "linkml" / "personinfo.yaml"
    (tmp_path / file.name).write_bytes(file.read_bytes())
    assert compared(view.SchemaView(str(file)), load_rules(tmp_path)) > 100
