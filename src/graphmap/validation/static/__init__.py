"""Proofs made before validation: which rules a mapping guarantees, and where each is checked."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.static.completeness import filled
    from graphmap.validation.static.cross_record_cells import KeyCells, ReferenceCells
    from graphmap.validation.static.explanation import Checked, explain
    from graphmap.validation.static.row_proof import Guard, guard

__all__ = ["Checked", "Guard", "KeyCells", "ReferenceCells", "explain", "filled", "guard"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation.static",
        {
            "completeness": "filled",
            "cross_record_cells": "KeyCells ReferenceCells",
            "explanation": "Checked explain",
            "row_proof": "Guard guard",
        },
    )
