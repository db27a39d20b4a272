"""Checks that the files of a database are whole before and while they are used."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.store.integrity.checksums import note, noted
    from graphmap.store.integrity.completeness import damage, holds_database
    from graphmap.store.integrity.database_files import copy_database, look_over, open_database
    from graphmap.store.integrity.deep_check import damaged_files
    from graphmap.store.integrity.format_version import check_format

__all__ = [
    "check_format",
    "copy_database",
    "damage",
    "damaged_files",
    "holds_database",
    "look_over",
    "note",
    "noted",
    "open_database",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.store.integrity",
        {
            "checksums": "note noted",
            "completeness": "damage holds_database",
            "database_files": "copy_database look_over open_database",
            "deep_check": "damaged_files",
            "format_version": "check_format",
        },
    )
