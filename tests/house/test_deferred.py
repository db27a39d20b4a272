"""Packages that import their parts late hand on what they name, and commands import their own modules alone."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from graphmap.cli import app
from graphmap.lazy_imports import deferred

_FORMER = {
    "graphmap.ingest": "Gathering Held Indexed Ingested Lifting Loaded index_path kept_input now",
    "graphmap.lifting": "ValueForms zoned_timestamp",
    "graphmap.records": "STANDARD_INPUT open_bytes reading",
    "graphmap.service": "Ingested",
    "graphmap.validation": "Graph load_shapes",
}
"""Names that these packages offered before what they name was renamed or moved."""

_SLOW = (
    "fastapi",
    "jinja2",
    "owlrl",
    "pyarrow",
    "pyshacl",
    "rdflib",
    "rich",
    "pydantic",
    "graphmap.validation.engine.engine",
)


@pytest.mark.parametrize("package", ["graphmap", "graphmap.ingest", "graphmap.store", "graphmap.validation"])
def test_a_package_hands_on_all_that_it_names(package: str) -> None:
    module = importlib.import_module(package)
    assert all(getattr(module, name) is not None for name in module.__all__)
    assert not hasattr(module, "no_such_name")


def test_a_name_comes_from_its_home() -> None:
    names = deferred("os", {"path": "join split"})
    assert names("join").__module__ == "posixpath"
    with pytest.raises(AttributeError, match="'os' has no attribute 'isdir'"):
        names("isdir")


@pytest.mark.parametrize(("package", "name"), [(p, n) for p, names in _FORMER.items() for n in names.split()])
def test_a_former_name_still_works_and_names_its_successor(package: str, name: str) -> None:
    module = importlib.import_module(package)
    assert name not in module.__all__
    with pytest.warns(DeprecationWarning, match=rf"^{package}\.{name} is deprecated") as warned:
        found = getattr(module, name)
    home, _, successor = str(warned[0].message).rpartition(" ")[2].rpartition(".")
    assert successor in importlib.import_module(home).__all__
    assert found is getattr(importlib.import_module(home), successor)
    assert warned[0].filename == __file__


def test_a_former_name_is_no_name_of_another_package() -> None:
    names = deferred("os", {"path": "join"}, renamed={"unite": "os.path.join"})
    with pytest.warns(DeprecationWarning, match=r"os\.unite is deprecated and will be removed; use os\.path\.join"):
        assert names("unite") is names("join")
    with pytest.raises(AttributeError, match="'os' has no attribute 'part'"):
        names("part")


def test_each_command_is_added_by_the_module_that_the_table_names() -> None:
    for module, commands in app._MODULES.items():
        built = app._build([commands[0]])
        added = {each.name or each.callback.__name__ for each in built.registered_commands if each.callback}
        assert added | {group.name for group in built.registered_groups} == set(commands), module


def test_lifting_starts_without_the_rest() -> None:
    script = (
        "import sys; sys.argv = ['graphmap', 'lift', '--help']\n"
        "from graphmap.cli import main\n"
        "try: main()\n"
        f"except SystemExit: sys.exit(', '.join(name for name in {_SLOW} if name in sys.modules) or 0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert ran.returncode == 0, ran.stderr
    assert "--mapping" in ran.stdout
