"""Compiles triples maps over JSON and XML documents."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.compiler.documents.program import document_code

__all__ = ["document_code"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.compiler.documents",
        {
            "program": "document_code",
        },
    )
