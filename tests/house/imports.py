"""The files that a module imports, with what packages re-export followed to its home."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = ["imported_files"]


def imported_files(src: Path, file: Path) -> set[Path]:
    """Name the files that a file imports at run time, directly or through the `__init__` that re-exports them.

    Args:
        src: the folder of the package `graphmap`.
        file: a module below it.
    """
    return {home for module, name in _names(file, checked=False) for home in _homes(src, module, name)}


def _homes(src: Path, module: str, name: str) -> Iterator[Path]:
    """The file that an imported name is defined in, and the packages that hand it on."""
    inner = _file(src, f"{module}.{name}")
    if inner is not None:
        yield inner
        return
    file = _file(src, module)
    if file is None:
        return
    yield file
    if file.name == "__init__.py":
        for further, handed in _names(file, checked=True):
            if handed == name:
                yield from _homes(src, further, name)


def _file(src: Path, dotted: str) -> Path | None:
    if not f"{dotted}.".startswith("graphmap."):
        return None
    path = src.parent.joinpath(*dotted.split("."))
    found = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in found if file.is_file()), None)


@cache
def _names(file: Path, *, checked: bool) -> frozenset[tuple[str, str]]:
    """Modules and names of the imports of a file; those for type checkers alone where `checked` asks for them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    skipped = set() if checked else {id(inner) for block in _checker_blocks(tree) for inner in ast.walk(block)}
    return frozenset(
        (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in skipped
        for alias in node.names
    )


def _checker_blocks(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from node.body
