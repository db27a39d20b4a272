"""Functions of one's own from a Python file that is named on the command line; no mapping can name one.

The file holds `FUNCTIONS`, a mapping from IRI to `graphmap.lifting.Function`.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from graphmap.errors import CallError, TermError
from graphmap.lifting import FUNCTIONS, Function
from graphmap.lifting.plan import Values

__all__ = ["functions_of"]

_FAULTS = (ArithmeticError, AttributeError, ImportError, LookupError, NameError, OSError, TypeError, ValueError)
"""Exceptions of faulty code; others are not faults of its input."""


def functions_of(file: Path | None) -> Mapping[str, Function]:
    """The functions that mappings may call: those that are built in, and those of a file.

    Args:
        file: Python; `None` for no functions of one's own.

    Raises:
        CallError: where the file cannot be run, or holds no functions.
    """
    if file is None:
        return FUNCTIONS
    try:
        found = runpy.run_path(str(file)).get("FUNCTIONS")
    except (SyntaxError, *_FAULTS) as error:
        what = f"{file} cannot be run: {type(error).__name__}: {error}"
        raise CallError(what, hint="correct the file of --functions") from error
    fits = isinstance(found, Mapping) and all(isinstance(each, Function) for each in found.values())
    if not isinstance(found, Mapping) or not fits:
        what = f"{file} holds no FUNCTIONS, a mapping from IRI to graphmap.lifting.Function"
        raise CallError(what, hint="define it as docs/mapping.md shows")
    return {**FUNCTIONS, **{str(name): _guarded(str(name), each) for name, each in found.items()}}


def _guarded(name: str, function: Function) -> Function:
    """The function, whose errors are faults of the record that it was called for."""
    inner: Callable[..., Values] = function.apply

    def apply(*arguments: Values) -> Values:
        try:
            return [str(each) for each in inner(*arguments)]
        except _FAULTS as error:
            what = f"the function <{name}> fails: {type(error).__name__}: {error}"
            raise TermError(what, hint="correct the value or the function") from error

    return replace(function, apply=apply)
