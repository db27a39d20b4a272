"""Packages that import their parts when they are asked for, so that a command starts with what it needs alone."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

__all__ = ["deferred"]

_NONE: Mapping[str, str] = MappingProxyType({})


def deferred(package: str, homes: Mapping[str, str], *, renamed: Mapping[str, str] = _NONE) -> Callable[[str], object]:
    """A package's `__getattr__`, which imports a name from its module at the first use.

    Args:
        package: its name.
        homes: module below it to the names that the package hands on, apart by spaces.
        renamed: former name to the full name that took its place; the former name still works, with a warning.

    Source: PEP 562.
    """
    home_of = {name: f"{package}.{module}" for module, names in homes.items() for name in names.split()}

    def getattr_of_package(name: str) -> object:
        if name in home_of:
            return getattr(import_module(home_of[name]), name)
        if name in renamed:
            message = f"{package}.{name} is deprecated and will be removed; use {renamed[name]}"
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            module, _, now = renamed[name].rpartition(".")
            return getattr(import_module(module), now)
        raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name)

    return getattr_of_package
