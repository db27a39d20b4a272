"""Packages that import their parts when they are asked for, so that a command starts with what it needs alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

__all__ = ["deferred"]


def deferred(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Make the `__getattr__` of a package.

    Args:
        package: its name.
        homes: module below it to the names that the package hands on, apart by spaces.

    Source: PEP 562.
    """
    home_of = {name: f"{package}.{module}" for module, names in homes.items() for name in names.split()}

    def getattr_of_package(name: str) -> object:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name)
        return getattr(import_module(home_of[name]), name)

    return getattr_of_package
