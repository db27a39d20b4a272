"""Documents and pages of records and classes."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.things import resources
    from graphmap.service.things.record_view import Flag, read_flags

__all__ = ["Flag", "read_flags", "resources"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.things",
        {
            "record_view": "Flag read_flags",
        },
    )
