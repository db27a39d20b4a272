"""Validates by pySHACL in a process of its own: the oracle of tests, and the second opinion of a user."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.reference.pyshacl_process import Question, Reference, Verdict
    from graphmap.validation.reference.pyshacl_report import second_opinion

__all__ = ["Question", "Reference", "Verdict", "second_opinion"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation.reference",
        {
            "pyshacl_process": "Question Reference Verdict",
            "pyshacl_report": "second_opinion",
        },
    )
